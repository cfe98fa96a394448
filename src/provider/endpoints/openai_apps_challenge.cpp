#include "provider/endpoints/endpoints.hpp"
#include "provider/endpoints/not_configured.hpp"

namespace chatelaine::provider::endpoints {

Task<net::Response> openai_apps_challenge(const Context& context, const net::Request&) {
  const std::string& token = context.settings().openai_apps_challenge;
  if (token.empty()) {
    co_return answer_not_configured(
        "This server belongs to no ChatGPT app: [plugin] openai_apps_challenge is not set.");
  }
  // Nothing but the token: what asks compares the whole body.
  auto response = net::make_response(200, "text/plain", token);
  response.add_header("Cache-Control", "no-cache");
  co_return response;
}

}  // namespace chatelaine::provider::endpoints
