#include "net/response.hpp"

namespace chatelaine::net {

Response make_response(int status, std::string_view content_type, std::string body) {
  Response response;
  response.status = status;
  response.headers.reserve(4);
  response.add_header("Content-Type", std::string(content_type));
  response.body = std::move(body);
  return response;
}

Response make_json_response(int status, std::string body) {
  return make_response(status, "application/json", std::move(body));
}

Response make_redirect(std::string_view location) {
  Response response;
  response.status = 303;
  response.add_header("Location", std::string(location));
  return response;
}

void forbid_storing(Response& response) {
  response.add_header("Cache-Control", "no-store");
  response.add_header("Pragma", "no-cache");
}

}  // namespace chatelaine::net
