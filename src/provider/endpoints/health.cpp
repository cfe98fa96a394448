#include "provider/endpoints/endpoints.hpp"

namespace chatelaine::provider::endpoints {
namespace {

net::Response answer_ok() {
  auto response = net::make_json_response(200, R"({"status":"ok"})");
  forbid_storing(response);
  return response;
}

}  // namespace

Task<net::Response> health(const Context&, const net::Request&) { co_return answer_ok(); }

Task<net::Response> readiness(const Context& context, const net::Request&) {
  // Reads through to the backend; where that fails its StorageFault becomes 503, as at every endpoint.
  const oauth::UserId nobody{0};
  co_await context.storage.users().find_user(nobody);
  co_return answer_ok();
}

}  // namespace chatelaine::provider::endpoints
