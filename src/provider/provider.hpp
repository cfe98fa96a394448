#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "accounts/accounts.hpp"
#include "base/id.hpp"
#include "base/live.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "limits/throttle.hpp"
#include "net/fetch.hpp"
#include "net/router.hpp"
#include "oauth/clients/registration.hpp"
#include "oauth/discovery/protected_resource_metadata.hpp"
#include "oauth/flows.hpp"
#include "oauth/grants/refresh_token.hpp"
#include "oauth/plugin/manifest.hpp"
#include "oauth/protected_resource.hpp"
#include "oauth/tokens/access_token.hpp"
#include "oauth/vocabulary.hpp"
#include "openapi/description.hpp"
#include "pages/csrf.hpp"
#include "pages/page.hpp"
#include "storage/storage.hpp"
#include "tokens/key_ring.hpp"
#include "tokens/verifier.hpp"

namespace chatelaine::provider {

/// An operation of the API, as the consent page shows it.
struct OpenedOperation {
  openapi::Effect effect = openapi::Effect::read;
  std::string sentence;  ///< "Read your lists"
  std::string call;      ///< "GET /lists"
  /// All that it asks for; the scope that it stands under is taken for granted.
  std::vector<std::string> scopes;
  /// The epoch: since ever.
  Instant opened_since = {};
};

/// What a scope means, as the consent page says it: "Read your lists".
struct ScopeDescription {
  std::string name;
  /// The operator's; empty where there is none.
  std::string sentence;
  /// The API's operations that ask for it.
  std::vector<OpenedOperation> operations;
};

/// How much of what strangers send is taken (`[limits]`).
struct ProviderLimits {
  /// Client authentications that failed: `of_subject` is for one client from one address.
  limits::ThrottleLimits client_authentication;
  /// Requests pushed by clients that nobody vouches for (oauth::is_vouched_for): from one address in a while, and of
  /// one client at a time.
  limits::ThrottleLimits pushed_requests{.first_wait = milliseconds{0}};
  std::uint32_t pushed_requests_of_client = 1000;
  /// Clients that register openly, or change themselves, from one address in a while.
  limits::ThrottleLimits registrations{.of_address = 30, .first_wait = milliseconds{0}};
  /// Device codes that such clients ask for, in the same two ways.
  limits::ThrottleLimits device_codes{.first_wait = milliseconds{0}};
  std::uint32_t device_codes_of_client = 1000;
  /// User codes that lead to nothing (RFC 8628 §5.1): `of_subject` is for the account of whoever types them.
  limits::ThrottleLimits user_codes;
};

/// How clients register themselves (RFC 7591).
struct RegistrationSettings {
  oauth::RegistrationMode mode = oauth::RegistrationMode::open;
  /// A client that registered openly and that nobody has used for so long is removed.
  milliseconds unused_lifetime{std::chrono::days{30}};
};

/// What an operator chooses about the authorization server. `issuer` and `page_prefix` are read when the routes are
/// made; the rest counts as soon as it is replaced.
struct ProviderSettings {
  /// RFC 8414 §2: every public URL of the server starts with it.
  oauth::Issuer issuer;
  /// What precedes the pages' paths on our origin, as accounts::AccountsSettings::page_prefix: "" or "/auth".
  std::string page_prefix;
  /// What tokens can be for; the API behind the gateway is the default.
  oauth::ProtectedResources resources;
  /// Of tokens for resources that do not have it otherwise, as the lifetime below.
  oauth::AccessTokenFormat access_token_format = oauth::AccessTokenFormat::jwt;
  /// What those of the format `jwt` are signed with: one of the key ring's.
  crypto::SignatureAlgorithm access_token_algorithm = crypto::SignatureAlgorithm::ES256;
  /// What there are keys for, and so what ID tokens can be signed with.
  std::vector<crypto::SignatureAlgorithm> signing_algorithms{crypto::SignatureAlgorithm::ES256};
  milliseconds access_token_lifetime{std::chrono::hours{1}};
  milliseconds refresh_token_lifetime{std::chrono::days{30}};
  oauth::RefreshGrace refresh_grace;
  milliseconds code_lifetime{std::chrono::minutes{1}};
  /// How old a sign-in may be whatever a client says (`max_age`, OpenID Connect Core §3.1.2.1); nothing: as it says.
  std::optional<seconds> longest_sign_in_age = std::nullopt;
  /// Of a device code and its user code: long enough to fetch a telephone and to sign in (RFC 8628 §5.4).
  milliseconds device_code_lifetime{std::chrono::minutes{10}};
  oauth::Flows flows;
  ProviderLimits limits;
  RegistrationSettings registration;
  /// In the order in which the metadata lists them.
  std::vector<ScopeDescription> scopes;
  /// What is told of the API that is guarded here, once for each name that it has, its identifier first (RFC 9728);
  /// empty: there is none. The names are those of `resources.own()`.
  std::vector<oauth::ProtectedResourceMetadata> protected_resources;
  /// What `/.well-known/ai-plugin.json` says, every verification token included; nothing: 404.
  std::optional<oauth::ManifestSource> manifest;
  /// What OpenAI's developer console gave out for the domain; empty: 404.
  std::string openai_apps_challenge;
  /// The API's operations in words, by their ids.
  std::map<std::string, std::string> operations;
  /// The API's description as it is served; empty: 404.
  std::string openapi;
  std::string openapi_content_type;
  /// Which addresses clients' keys and documents are fetched from.
  net::AddressPolicy fetch_addresses = net::AddressPolicy::public_only;
  /// Whose documents may be a client's; empty: anybody's.
  std::vector<std::string> document_hosts;
};

/// Where the server answers: paths on our origin.
struct ProviderPaths {
  std::string authorize;
  std::string pushed_authorization_request;
  std::string consent;
  std::string device_authorization;
  std::string device;          ///< where people type user codes
  std::string device_consent;  ///< where the page after it sends what they decided
  std::string token;
  std::string registration;
  std::string client_configuration;  ///< a pattern with `{client_id}`
  std::string revoke;
  std::string introspect;
  std::string jwks;
  std::string userinfo;
  std::string logout;
  std::string logout_confirmation;
  /// Where clients look for the metadata: RFC 8414 §3, §3.1 and §5 at the root and with the issuer's path behind it,
  /// OpenID Connect Discovery §4 with the issuer's path before it. Two for an issuer without a path, six for one with.
  std::vector<std::string> metadata;
  /// Where clients look for the metadata of the API: below the path of each of its names (RFC 9728 §3.1), and at the
  /// root.
  std::vector<std::string> protected_resource_metadata;
  std::string manifest;
  std::string openai_apps_challenge;
  std::string openapi;
  std::string health;
  std::string readiness;
};
[[nodiscard]] ProviderPaths make_paths(const ProviderSettings& settings);

/// A scope as a person reads it: the operator's sentence, else ours where it asks about the person, else its name.
[[nodiscard]] std::string describe_scope(const ProviderSettings& settings, const std::string& name);

/// An operation of the API in words; its id where there are none.
[[nodiscard]] std::string describe_operation(const ProviderSettings& settings, const std::string& id);

/// Our origin and a path on it as an absolute URL, by the issuer, never by the Host header.
[[nodiscard]] std::string absolute_url(const oauth::Issuer& issuer, std::string_view path);

struct Context;
class Documents;

/// The authorization server's endpoints (DESIGN §4). Thread-safe once its routes are added; what it is given must
/// outlive it, and it must outlive the router.
class Provider {
 public:
  Provider(const Live<ProviderSettings>& settings, storage::Storage& storage, accounts::Accounts& accounts,
           tokens::KeyRing& keys, tokens::Verifier& verifier, const pages::Renderer& renderer, const pages::Csrf& csrf,
           net::Fetcher& fetcher, const Clock& clock, Randomness& randomness, IdSequence& ids, Log& log);
  ~Provider();

  void add_routes(net::Router& router);

 private:
  std::unique_ptr<Documents> documents_;
  std::unique_ptr<const Context> context_;
};

}  // namespace chatelaine::provider
