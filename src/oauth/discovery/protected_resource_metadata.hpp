#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "oauth/scope.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// What a client is told of an API before it has a token (RFC 9728 §2).
struct ProtectedResourceMetadata {
  /// The API as the client knows it, byte for byte (RFC 9728 §3.3).
  Resource resource;
  std::string name;
  Issuer authorization_server;
  /// What clients ask for at first; empty: not named.
  Scope scopes;
};

/// The document of RFC 9728 §2. Tokens are taken from the Authorization header alone.
[[nodiscard]] boost::json::object to_json(const ProtectedResourceMetadata& metadata);

/// Where the metadata of an API without a path is.
inline constexpr std::string_view kProtectedResourceMetadataRoot = "/.well-known/oauth-protected-resource";

/// The path where a client looks for the metadata of that resource (RFC 9728 §3.1):
/// "/.well-known/oauth-protected-resource/mcp" for "https://api.example.com/mcp". Nothing where the resource is no URL
/// of http or https, or has a query.
[[nodiscard]] std::optional<std::string> protected_resource_metadata_path(const Resource& resource);

}  // namespace chatelaine::oauth
