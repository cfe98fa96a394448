#include "provider/endpoints/not_configured.hpp"

#include "base/json.hpp"

namespace chatelaine::provider::endpoints {

net::Response answer_not_configured(std::string_view sentence) {
  json::object body;
  body["error"] = "not_found";
  body["error_description"] = sentence;
  auto response = net::make_json_response(404, json::serialize(body));
  // As soon as it is configured it is there.
  forbid_storing(response);
  return response;
}

}  // namespace chatelaine::provider::endpoints
