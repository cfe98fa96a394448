#include "oauth/discovery/protected_resource_metadata.hpp"

#include <boost/json/array.hpp>

#include "base/uri.hpp"

namespace chatelaine::oauth {

boost::json::object to_json(const ProtectedResourceMetadata& metadata) {
  boost::json::object document{
      {"resource", metadata.resource.value()},
      {"authorization_servers", boost::json::array{metadata.authorization_server.value()}},
      // RFC 9728 §2: RFC 6750 §2.1 has the header, and no token is looked for elsewhere (RFC 9700 §4.3.2).
      {"bearer_methods_supported", boost::json::array{"header"}}};
  // RFC 9728 §3.2: a list without elements is left out.
  if (!metadata.scopes.empty()) {
    const auto& tokens = metadata.scopes.tokens();
    document["scopes_supported"] = boost::json::array(tokens.begin(), tokens.end());
  }
  if (!metadata.name.empty()) document["resource_name"] = metadata.name;
  return document;
}

std::optional<std::string> protected_resource_metadata_path(const Resource& resource) {
  const auto url = parse_http_url(resource.value());
  if (!url || url->has_query) return std::nullopt;
  // RFC 9728 §3.1: a slash that is all of the path is taken off.
  return std::string(kProtectedResourceMetadataRoot) + (url->path == "/" ? "" : url->path);
}

}  // namespace chatelaine::oauth
