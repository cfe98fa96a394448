#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "base/uri.hpp"
#include "oauth/flows.hpp"
#include "oauth/plugin/manifest.hpp"
#include "oauth/tokens/access_token.hpp"

/// What chatelaine.toml says, typed and checked. Each key is declared once, in schema.cpp: name, type, default,
/// sentence. File names are absolute: the file's relative ones are seen from the file's own directory.
namespace chatelaine::app {

struct TlsFiles {
  std::string certificate;
  std::string private_key;
};

/// What becomes of a path that the API's OpenAPI does not describe.
enum class Unlisted : std::uint8_t { deny, allow };

struct ApiConfiguration {
  /// Nothing: no gateway, every foreign path is 404.
  std::optional<HttpUrl> upstream;
  /// A file; empty: none.
  std::string openapi;
  std::string resource;
  milliseconds timeout{};
  std::vector<std::string> public_paths;
  Unlisted unlisted = Unlisted::allow;
};

/// The manifest's own member names.
struct PluginConfiguration {
  std::string name_for_human;
  std::string name_for_model;
  std::string description_for_human;
  std::string description_for_model;
  std::string logo_url;
  std::string contact_email;
  std::string legal_info_url;
  std::string scope;
  oauth::TokenRequestEncoding authorization_content_type = oauth::TokenRequestEncoding::json;
  std::map<std::string, std::string> verification_tokens;
};

struct TokensConfiguration {
  oauth::AccessTokenFormat access_format = oauth::AccessTokenFormat::jwt;
  milliseconds access_lifetime{};
  milliseconds refresh_lifetime{};
  milliseconds refresh_grace{};
  milliseconds code_lifetime{};
};

struct SessionsConfiguration {
  milliseconds idle{};
  milliseconds lifetime{};
  bool operator==(const SessionsConfiguration&) const = default;
};

struct LimitsConfiguration {
  bool enabled = true;
  std::uint32_t password_failures_per_account = 0;
  std::uint32_t password_failures_per_address = 0;
  std::uint32_t secret_failures_per_client = 0;
  std::uint32_t secret_failures_per_address = 0;
  std::uint32_t pushed_requests_per_address = 0;
  std::uint32_t pushed_requests_per_client = 0;
  milliseconds window{};
  milliseconds first_wait{};
  milliseconds longest_wait{};
  std::uint32_t remembered = 0;
  std::uint32_t password_threads = 0;
  std::uint32_t password_queue = 0;
  bool operator==(const LimitsConfiguration&) const = default;
};

struct ScopeConfiguration {
  std::string name;
  std::string description;
};

struct ProviderConfiguration {
  HttpUrl issuer;
  std::string listen;
  /// The SQLite file.
  std::filesystem::path storage;
  std::vector<std::string> trusted_proxies;
  TlsFiles tls;
  ApiConfiguration api;
  PluginConfiguration plugin;
  TokensConfiguration tokens;
  oauth::Flows flows;
  std::vector<ScopeConfiguration> scopes;
  std::string page_prefix;
};

struct HostConfiguration {
  HttpUrl url;
  std::string listen;
  std::filesystem::path storage;
  /// The key of this host's verification token in a manifest.
  std::string name;
  bool allow_local = false;
  std::string ca_file;
};

/// The whole file. A side is there where the file asks for it: the provider by `issuer`, the host by `[host]`.
struct Configuration {
  std::filesystem::path file;
  std::optional<ProviderConfiguration> provider;
  std::optional<HostConfiguration> host;
  /// Both sides' sign-ins last equally long.
  SessionsConfiguration sessions;
  LimitsConfiguration limits;
};

}  // namespace chatelaine::app
