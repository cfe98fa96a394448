#include "provider/endpoints/endpoints.hpp"
#include "provider/endpoints/not_configured.hpp"

namespace chatelaine::provider::endpoints {

Task<net::Response> openapi(const Context& context, const net::Request&) {
  const auto& settings = context.settings();
  if (settings.openapi.empty()) {
    co_return answer_not_configured("This server describes no API: [api] openapi is not configured.");
  }
  auto response = net::make_response(200, settings.openapi_content_type, settings.openapi);
  response.add_header("Cache-Control", "no-cache");
  co_return response;
}

}  // namespace chatelaine::provider::endpoints
