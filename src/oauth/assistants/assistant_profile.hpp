#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "crypto/signature_algorithm.hpp"
#include "oauth/assistants/redirect_template.hpp"
#include "oauth/plugin/manifest.hpp"
#include "oauth/vocabulary.hpp"

/// What is known of each assistant. It drifts, and so it is data that a file holds, with the place and the day where it
/// was read; here is its shape alone.
namespace chatelaine::oauth {

/// What an assistant's integrations are called in its own time, and so which protocol it speaks.
enum class AssistantGeneration : std::uint8_t {
  /// `ai-plugin.json` (ChatGPT plugins, 2023, and those who kept that form).
  plugin,
  /// Credentials and two URLs typed into a form (GPT Actions).
  action,
  /// Model Context Protocol: it discovers the server, and registers itself.
  connector,
};
/// How a server comes to know the assistant as a client.
enum class RegistrationWay : std::uint8_t {
  /// Its `client_id` is the URL of its own document.
  metadata_document,
  /// RFC 7591.
  dynamic,
  /// An operator adds it and types its credentials in at the assistant.
  by_hand,
};
enum class PkceAbility : std::uint8_t { none, S256 };
/// Where it looks for what it must know of a server.
enum class DiscoveryStep : std::uint8_t {
  /// `/.well-known/ai-plugin.json` of the API's domain.
  plugin_manifest,
  /// The `resource_metadata` of a 401's challenge.
  challenge,
  /// `/.well-known/oauth-protected-resource`, with the resource's own path behind it, and alone.
  resource_path,
  resource_root,
  /// `/.well-known/oauth-authorization-server`, with the issuer's own path behind it, and alone.
  server_path,
  server_root,
  /// `/.well-known/openid-configuration`, with the issuer's own path behind it, and behind that path.
  openid_path,
  openid_appended,
};
/// What its `state` is written as: which bytes a server must bring back unchanged.
enum class StateForm : std::uint8_t { none, uuid, hex, base64, base64url, uri };
/// Where it has the scopes from that it asks for.
enum class ScopeSource : std::uint8_t { manifest, settings, challenge, resource_metadata, server_metadata };
/// What makes it refresh: a 401 of the API, or the time that `expires_in` named.
enum class RefreshTrigger : std::uint8_t { unauthorized, expiry };

struct AssistantRedirect {
  RedirectTemplate uri;
  /// One that fits, as the source shows it.
  std::string example;
  /// A sentence: when it is used, or where its open part is to be found.
  std::string note;
  /// What is not as in the rest of the profile where this one is used. The document's URL may hold the template's open
  /// part; empty where nothing differs.
  std::string metadata_document;
  std::vector<std::string> authorization_parameters;
  std::optional<StateForm> state;
};

/// An optional without a value is a fact that is not known.
struct AssistantProfile {
  /// `gpt-action`: small letters, digits and `-`; the name of its file.
  std::string name;
  std::vector<std::string> aliases;
  /// As people know it.
  std::string title;
  AssistantGeneration generation = AssistantGeneration::connector;
  /// The ones that it prefers first.
  std::vector<RegistrationWay> registration;
  /// The URL that is its `client_id`; empty where it has none.
  std::string metadata_document;
  /// What it sends to register itself (RFC 7591): a text, true or false, or a list of texts a member.
  std::optional<boost::json::object> registration_request;
  std::vector<AssistantRedirect> redirects;

  /// In the order in which it asks; empty where its operator types everything in.
  std::optional<std::vector<DiscoveryStep>> discovery;
  /// The `MCP-Protocol-Version` of what it asks to discover a server; empty where it sends none there.
  std::string discovery_version;
  /// Of its calls of the API.
  std::optional<std::string> user_agent;

  // The authorization request.
  PkceAbility pkce = PkceAbility::S256;
  std::optional<StateForm> state;
  /// Whether `scope=` is there also where it has none to ask for.
  std::optional<bool> sends_empty_scope;
  /// Whether it asks for `offline_access` beside its scopes where the server's metadata has that.
  std::optional<bool> asks_for_offline_access;
  /// Their names, in the order in which it sends them, unless `unknown` has "authorization.order".
  std::vector<std::string> authorization_parameters;
  /// The first that there is counts.
  std::optional<std::vector<ScopeSource>> scopes;
  std::string scope_separator = " ";
  /// What a blank becomes in its queries and forms: `%20`, or `+` (WHATWG URL, application/x-www-form-urlencoded).
  std::string blank = "%20";

  // What it sends to the token endpoint, and beside it.
  /// Of all that it sends to the authorization server itself, not through a browser.
  std::optional<std::string> token_user_agent;
  std::vector<TokenRequestEncoding> encodings;
  /// Where it is registered by hand, the first that needs no key of its own is meant.
  std::vector<AuthenticationMethod> authentication_methods;
  /// Those of them that its document names.
  std::optional<std::vector<AuthenticationMethod>> document_methods;
  /// By which it signs assertions of its own (RFC 7523).
  std::optional<crypto::SignatureAlgorithm> signing_algorithm;
  std::vector<GrantType> grant_types;
  /// The names of what it sends with a code, with a refresh token and to revoke, each in its order unless `unknown` has
  /// "token.order".
  std::vector<std::string> token_parameters;
  std::optional<std::vector<std::string>> refresh_parameters;
  std::optional<std::vector<std::string>> revocation_parameters;
  /// Whether the body has its `client_id` too where it proves itself by Basic.
  std::optional<bool> sends_client_id_with_basic;
  /// How long it waits for the answer.
  std::optional<seconds> timeout;
  std::optional<seconds> refresh_timeout;
  std::optional<std::vector<RefreshTrigger>> refreshes_on;
  /// How long before its time it takes a token for expired.
  std::optional<seconds> refreshes_ahead;
  /// Whether it refreshes several times at once with one refresh token.
  std::optional<bool> refreshes_concurrently;
  /// Whether it revokes what it has when a person disconnects (RFC 7009).
  std::optional<bool> revokes;

  /// Members of the server's metadata (RFC 8414) without which it does not connect, and those without which it does so
  /// by another way than it prefers: `true`, or a list of texts of which each must be there.
  boost::json::object metadata_needs;
  boost::json::object metadata_wishes;
  /// What else an operator should know, a sentence each.
  std::vector<std::string> notes;
  /// Titles with URLs.
  std::vector<std::string> sources;
  /// The day on which they were read.
  std::chrono::year_month_day read_on{};
  /// The keys, as the file calls them, of which the sources say nothing, and "authorization.order" and "token.order".
  std::vector<std::string> unknown;

  [[nodiscard]] bool registers(RegistrationWay way) const;
  /// RFC 6749 §4.1.3: whether its token request names the redirect_uri.
  [[nodiscard]] bool repeats_redirect_uri() const;
};

[[nodiscard]] std::string_view to_string(AssistantGeneration generation);
[[nodiscard]] std::string_view to_string(RegistrationWay way);
[[nodiscard]] std::string_view to_string(PkceAbility pkce);
[[nodiscard]] std::string_view to_string(TokenRequestEncoding encoding);
[[nodiscard]] std::string_view to_string(DiscoveryStep step);
[[nodiscard]] std::string_view to_string(StateForm form);
[[nodiscard]] std::string_view to_string(ScopeSource source);
[[nodiscard]] std::string_view to_string(RefreshTrigger trigger);

inline constexpr AssistantGeneration kAssistantGenerations[]{AssistantGeneration::plugin, AssistantGeneration::action,
                                                             AssistantGeneration::connector};
inline constexpr RegistrationWay kRegistrationWays[]{RegistrationWay::metadata_document, RegistrationWay::dynamic,
                                                     RegistrationWay::by_hand};
inline constexpr PkceAbility kPkceAbilities[]{PkceAbility::none, PkceAbility::S256};
inline constexpr TokenRequestEncoding kTokenRequestEncodings[]{TokenRequestEncoding::json, TokenRequestEncoding::form};
inline constexpr DiscoveryStep kDiscoverySteps[]{DiscoveryStep::plugin_manifest, DiscoveryStep::challenge,
                                                 DiscoveryStep::resource_path,   DiscoveryStep::resource_root,
                                                 DiscoveryStep::server_path,     DiscoveryStep::server_root,
                                                 DiscoveryStep::openid_path,     DiscoveryStep::openid_appended};
inline constexpr StateForm kStateForms[]{StateForm::none,   StateForm::uuid,      StateForm::hex,
                                         StateForm::base64, StateForm::base64url, StateForm::uri};
inline constexpr ScopeSource kScopeSources[]{ScopeSource::manifest, ScopeSource::settings, ScopeSource::challenge,
                                             ScopeSource::resource_metadata, ScopeSource::server_metadata};
inline constexpr RefreshTrigger kRefreshTriggers[]{RefreshTrigger::unauthorized, RefreshTrigger::expiry};
/// What may stand in the lists of parameters.
inline constexpr std::string_view kAuthorizationParameters[]{
    "response_type",         "client_id", "redirect_uri", "scope", "state", "code_challenge",
    "code_challenge_method", "prompt",    "resource"};
inline constexpr std::string_view kTokenParameters[]{
    "grant_type",    "code",     "redirect_uri",          "client_id",       "client_secret",
    "code_verifier", "resource", "client_assertion_type", "client_assertion"};
inline constexpr std::string_view kRefreshParameters[]{
    "grant_type", "refresh_token",         "client_id",       "client_secret", "scope",
    "resource",   "client_assertion_type", "client_assertion"};
inline constexpr std::string_view kRevocationParameters[]{"token",         "token_type_hint",       "client_id",
                                                          "client_secret", "client_assertion_type", "client_assertion"};

/// What does not fit together in a profile.
struct ProfileFault {
  /// As the file has it: `redirect.example`.
  std::string key;
  /// The rest of a sentence that begins with the key.
  std::string message;
  /// Which of the redirects; nothing for what concerns none.
  std::optional<std::size_t> redirect;
};
[[nodiscard]] std::vector<ProfileFault> check_profile(const AssistantProfile& profile);

/// As the files name things: `{"name","title","aliases","generation","registration","metadata_document","user_agent",
/// "discovery","discovery_version","redirect":[{"template","example","note","metadata_document","parameters","state"}],
/// "registration_request","authorization":{"pkce","parameters","state","scopes","empty_scope","offline_access",
/// "scope_separator","blank"},"token":{"user_agent","encodings","authentication_methods","document_methods",
/// "signing_algorithm","client_id_with_basic","grant_types","parameters","refresh_parameters","revocation_parameters","timeout",
/// "refresh_timeout","refresh_on","refresh_ahead","concurrent_refresh","revokes"},"metadata","preferred_metadata",
/// "notes","sources","read_on","unknown"}`; times in seconds. Null is what `unknown` names, and what there is none of:
/// a document, a registration, what only some assistants do.
[[nodiscard]] boost::json::object to_json(const AssistantProfile& profile);

}  // namespace chatelaine::oauth
