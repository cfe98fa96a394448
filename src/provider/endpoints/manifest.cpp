#include "oauth/plugin/manifest.hpp"

#include "base/json.hpp"
#include "provider/endpoints/endpoints.hpp"
#include "provider/endpoints/not_configured.hpp"

namespace chatelaine::provider::endpoints {

Task<net::Response> manifest(const Context& context, const net::Request&) {
  const auto& source = context.settings().manifest;
  if (!source) co_return answer_not_configured("This server describes no plugin.");
  auto response = net::make_json_response(200, pretty_json(oauth::make_manifest(*source)));
  // A verification token counts from the moment it is configured.
  response.add_header("Cache-Control", "no-cache");
  co_return response;
}

}  // namespace chatelaine::provider::endpoints
