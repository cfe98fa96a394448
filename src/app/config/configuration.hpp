#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "base/uri.hpp"
#include "crypto/signature_algorithm.hpp"
#include "gateway/confirmation.hpp"
#include "limits/token_buckets.hpp"
#include "oauth/clients/registration.hpp"
#include "oauth/flows.hpp"
#include "oauth/plugin/manifest.hpp"
#include "oauth/protected_resource.hpp"
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
  /// What the description's paths count from, without a slash at its end; nothing: what the description says.
  std::optional<std::string> base_path;
  std::vector<std::string> public_paths;
  Unlisted unlisted = Unlisted::allow;
  /// Operations that nobody may call, named as in ScopeConfiguration::operations.
  std::vector<std::string> closed;
  /// Proxies may ask about calls.
  bool check = false;
  /// Nothing: all that are declared.
  std::optional<oauth::Scope> initial_scopes;
};

/// Calls that their user confirms.
struct ConfirmationConfiguration {
  gateway::ConfirmedCalls calls = gateway::ConfirmedCalls::none;
  /// Named as in ScopeConfiguration::operations.
  std::vector<std::string> operations;
  gateway::ConfirmedBy by = gateway::ConfirmedBy::approval;
  milliseconds lifetime{};
};

/// The API as an MCP server.
struct McpConfiguration {
  bool enabled = false;
  std::vector<std::string> allowed_origins;
  std::uint32_t largest_answer = 0;
  std::uint32_t most_open = 0;
  std::uint32_t most_open_together = 0;
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
  std::string openai_apps_challenge;
};

struct TokensConfiguration {
  oauth::AccessTokenFormat access_format = oauth::AccessTokenFormat::jwt;
  milliseconds access_lifetime{};
  milliseconds refresh_lifetime{};
  milliseconds refresh_grace{};
  milliseconds code_lifetime{};
  /// One of the keys' algorithms.
  crypto::SignatureAlgorithm signing_algorithm = crypto::SignatureAlgorithm::ES256;
};

/// The server's own keys for signatures.
struct KeysConfiguration {
  /// ES256 first, each once.
  std::vector<crypto::SignatureAlgorithm> algorithms;
  /// Nothing: by command alone.
  std::optional<milliseconds> rotate_every;
};

struct RegistrationConfiguration {
  oauth::RegistrationMode mode = oauth::RegistrationMode::open;
  milliseconds unused_lifetime{};
};

struct DeviceConfiguration {
  milliseconds lifetime{};
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
  std::uint32_t registrations_per_address = 0;
  std::uint32_t user_code_failures_per_account = 0;
  std::uint32_t user_code_failures_per_address = 0;
  std::uint32_t device_codes_per_address = 0;
  std::uint32_t device_codes_per_client = 0;
  std::uint32_t source_sign_ins_per_address = 0;
  milliseconds window{};
  milliseconds first_wait{};
  milliseconds longest_wait{};
  std::uint32_t remembered = 0;
  /// Calls of the API; nothing: as many as come.
  std::optional<limits::Rate> calls_per_client;
  std::optional<limits::Rate> calls_per_user;
  std::optional<limits::Rate> calls_per_grant;
  /// By the operation's name.
  std::map<std::string, limits::Rate> calls_per_operation;
  std::uint32_t password_threads = 0;
  std::uint32_t password_queue = 0;
  bool operator==(const LimitsConfiguration&) const = default;
};

struct FetchConfiguration {
  bool allow_local = false;
  /// A file; empty: the system's roots alone.
  std::string ca_file;
};

/// Clients whose client_id is the URL of their own document.
struct DocumentsConfiguration {
  /// In lower case; empty: any.
  std::vector<std::string> allowed_hosts;
};

struct ScopeConfiguration {
  std::string name;
  std::string description;
  /// Operations of the API that ask for it: ids, or methods and paths. Nothing where the key is not there.
  std::optional<std::vector<std::string>> operations;
};

enum class UserSourceReauthentication : std::uint8_t { login, select_account };

/// An OpenID provider at which people sign in.
struct UserSourceConfiguration {
  std::string name;
  std::string label;
  /// As the provider spells it; may hold `{tenantid}`.
  std::string issuer;
  std::vector<std::string> tenants;
  std::string client_id;
  /// A file; empty: the secret comes from the environment.
  std::string client_secret_file;
  std::vector<std::string> scopes{"openid", "email", "profile"};
  std::string email_claim = "email";
  std::string name_claim = "name";
  /// Empty: accounts have a subject of our own.
  std::string subject_claim;
  bool trust_email = false;
  /// In lower case; `*` alone: any.
  std::vector<std::string> allowed_email_domains;
  std::map<std::string, std::string> required_claims;
  bool create_accounts = true;
  bool join_by_email = false;
  UserSourceReauthentication reauthentication = UserSourceReauthentication::login;
  /// Private addresses or blocks of them.
  std::vector<std::string> networks;
};

/// The pages for administrators.
struct AdminConfiguration {
  bool enabled = false;
};

struct ProviderConfiguration {
  HttpUrl issuer;
  std::string listen;
  /// The SQLite file.
  std::filesystem::path storage;
  std::vector<std::string> trusted_proxies;
  TlsFiles tls;
  ApiConfiguration api;
  ConfirmationConfiguration confirmation;
  McpConfiguration mcp;
  PluginConfiguration plugin;
  TokensConfiguration tokens;
  KeysConfiguration keys;
  oauth::Flows flows;
  FetchConfiguration fetch;
  DocumentsConfiguration documents;
  RegistrationConfiguration registration;
  DeviceConfiguration device;
  AdminConfiguration admin;
  std::vector<ScopeConfiguration> scopes;
  /// As `[[resource]]` declares them; `[api] resource` need not be among them.
  std::vector<oauth::ProtectedResource> resources;
  std::string page_prefix;
  /// Whether others than administrators sign in with passwords.
  bool passwords = true;
  std::vector<UserSourceConfiguration> user_sources;
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

/// How long the ledger's entries are kept.
struct LedgerConfiguration {
  /// Nothing: calls are not recorded.
  std::optional<milliseconds> calls;
  milliseconds events{};
};

/// What the flight recorder keeps.
struct FlightsConfiguration {
  milliseconds keep{};
  std::uint32_t most = 0;
};

/// The whole file. A side is there where the file asks for it: the provider by `issuer`, the host by `[host]`.
struct Configuration {
  std::filesystem::path file;
  std::optional<ProviderConfiguration> provider;
  std::optional<HostConfiguration> host;
  /// Both sides' sign-ins last equally long.
  SessionsConfiguration sessions;
  LimitsConfiguration limits;
  /// Each side has a ledger of its own.
  LedgerConfiguration ledger;
  FlightsConfiguration flights;
  /// What is known of assistants beside what is built in; empty: nothing.
  std::filesystem::path profiles_directory;
};

}  // namespace chatelaine::app
