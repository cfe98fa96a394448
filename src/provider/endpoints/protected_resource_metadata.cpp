#include "oauth/discovery/protected_resource_metadata.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "provider/endpoints/endpoints.hpp"
#include "provider/endpoints/not_configured.hpp"

namespace chatelaine::provider::endpoints {

Task<net::Response> protected_resource_metadata(const Context& context, const net::Request& request) {
  const auto& known = context.settings().protected_resources;
  if (known.empty()) co_return answer_not_configured("No API stands behind this server.");
  // RFC 9728 §3.3: the document says the name that its own path was made from. The root, where no name leads there, has
  // the API's identifier.
  auto named = std::ranges::find_if(known, [&request](const oauth::ProtectedResourceMetadata& metadata) {
    return oauth::protected_resource_metadata_path(metadata.resource) == request.path;
  });
  if (named == known.end()) named = known.begin();
  // RFC 9728 §3.2: 200, and JSON.
  auto response = net::make_json_response(200, json::serialize(oauth::to_json(*named)));
  response.add_header("Cache-Control", "public, max-age=300");
  co_return response;
}

}  // namespace chatelaine::provider::endpoints
