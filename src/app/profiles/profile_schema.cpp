#include "app/profiles/profile_schema.hpp"

#include <fmt/format.h>

#include <array>

#include "base/contains.hpp"

namespace chatelaine::app {
namespace {

using Draft = ProfileDraft;
using Taken = ProfileTaken;

/// Of every key that may be unknown.
std::span<const std::string> list_facts();

bool does_refresh(const oauth::AssistantProfile& profile) {
  return contains(profile.grant_types, oauth::GrantType::refresh_token);
}
bool has_basic(const oauth::AssistantProfile& profile) {
  return contains(profile.authentication_methods, oauth::AuthenticationMethod::client_secret_basic);
}
constexpr Condition kRefreshes{does_refresh, "token.grant_types has \"refresh_token\""};
constexpr Condition kHasBasic{has_basic, "token.authentication_methods has \"client_secret_basic\""};
bool has_key(const oauth::AssistantProfile& profile) {
  return contains(profile.authentication_methods, oauth::AuthenticationMethod::private_key_jwt);
}
constexpr Condition kHasKey{has_key, "token.authentication_methods has \"private_key_jwt\""};
constexpr Condition kRevokes{[](const oauth::AssistantProfile& profile) { return profile.revokes == true; },
                             "token.revokes is true"};
constexpr Condition kRegisters{
    [](const oauth::AssistantProfile& profile) { return profile.registers(oauth::RegistrationWay::dynamic); },
    "registration has \"dynamic\""};
constexpr Condition kHasDocument{
    [](const oauth::AssistantProfile& profile) { return profile.registers(oauth::RegistrationWay::metadata_document); },
    "registration has \"metadata_document\""};

constexpr std::array kTables = {
    ProfileTable{"redirect", ProfileTable::Shape::repeated,
                 "Where it has browsers sent back to, each on its own; one at least."},
    ProfileTable{"registration_request", ProfileTable::Shape::request,
                 "What it sends to register itself (RFC 7591), as it is: each member a text, true or false, or a list "
                 "of texts. A *fact* where `registration` has `\"dynamic\"`."},
    ProfileTable{"authorization", ProfileTable::Shape::once, "How it asks, in the browser."},
    ProfileTable{"token", ProfileTable::Shape::once, "How it asks at the token endpoint."},
    ProfileTable{
        "metadata", ProfileTable::Shape::needs,
        "What the server's metadata (RFC 8414) must say, or it does not connect: under the name of each member "
        "`true`, or a list of texts of which each must be there.",
        &oauth::AssistantProfile::metadata_needs},
    ProfileTable{"preferred_metadata", ProfileTable::Shape::needs,
                 "What it must say beside that so that the assistant connects by the way that it prefers; the same "
                 "form.",
                 &oauth::AssistantProfile::metadata_wishes},
};

constexpr std::string_view kStateShape =
    "`\"none\"`, `\"uuid\"`, `\"hex\"`, `\"base64\"`, `\"base64url\"` or `\"uri\"`";

const std::array kKeys = {
    ProfileKey{"", "title", "a text", Presence::required, "What people call it.",
               TakeProfileText{[](Draft& d, const std::string& v) { return keep_text(v, d.profile.title); }}},
    ProfileKey{
        "", "aliases", "a list of names", Presence::optional, "Other names by which commands know it.",
        TakeProfileList{[](Draft& d, const std::vector<std::string>& v) { return keep_names(v, d.profile.aliases); }}},
    ProfileKey{"", "generation", "`\"plugin\"`, `\"action\"` or `\"connector\"`", Presence::required,
               "What kind of integration it is: by `ai-plugin.json`, by a form into which its operator types "
               "credentials and URLs, or by the Model Context Protocol.",
               TakeProfileText{[](Draft& d, const std::string& v) {
                 return keep_choice<oauth::AssistantGeneration>(v, oauth::kAssistantGenerations, d.profile.generation);
               }}},
    ProfileKey{
        "", "registration", "a list of `\"metadata_document\"`, `\"dynamic\"` and `\"by_hand\"`", Presence::required,
        "How servers come to know it, what it prefers first: its client_id is the URL of its own document; it "
        "registers itself (RFC 7591); an operator adds a client.",
        TakeProfileList{[](Draft& d, const std::vector<std::string>& v) {
          return keep_choices<oauth::RegistrationWay>(v, oauth::kRegistrationWays, kWireName, d.profile.registration);
        }}},
    ProfileKey{
        "", "metadata_document", "a URL", Presence::optional,
        "That document's URL; needed where `registration` has it.",
        TakeProfileText{[](Draft& d, const std::string& v) { return keep_document(v, d.profile.metadata_document); }}},
    ProfileKey{"", "user_agent", "a text", Presence::fact, "The `User-Agent` of its calls of the API.",
               TakeProfileText{[](Draft& d, const std::string& v) { return keep_header(v, d.profile.user_agent); }}},
    ProfileKey{"", "discovery",
               "a list of `\"plugin_manifest\"`, `\"challenge\"`, `\"resource_path\"`, `\"resource_root\"`, "
               "`\"server_path\"`, `\"server_root\"`, `\"openid_path\"` and `\"openid_appended\"`",
               Presence::fact,
               "Where it looks, in its order, until one of a kind answers: `/.well-known/ai-plugin.json`; the "
               "`resource_metadata` of a 401; `oauth-protected-resource` with the resource's path, and without; "
               "`oauth-authorization-server` with the issuer's path, and without; `openid-configuration` before that "
               "path, and behind it. Empty where its operator types everything in.",
               TakeProfileList{[](Draft& d, const std::vector<std::string>& v) {
                 return keep_any<oauth::DiscoveryStep>(v, oauth::kDiscoverySteps, kWireName,
                                                       d.profile.discovery.emplace());
               }}},
    ProfileKey{
        "", "discovery_version", "a release such as `\"2025-11-25\"`", Presence::optional,
        "The `MCP-Protocol-Version` that goes with what it asks there, where it sends one.",
        TakeProfileText{[](Draft& d, const std::string& v) { return keep_release(v, d.profile.discovery_version); }}},
    ProfileKey{
        "", "notes", "a list of sentences", Presence::optional, "What else an operator should know.",
        TakeProfileList{[](Draft& d, const std::vector<std::string>& v) { return keep_texts(v, d.profile.notes); }}},
    ProfileKey{"", "sources", "a list of texts", Presence::required,
               "Where this was read: titles with URLs, such as `\"Manual, https://a.example/\"`.",
               TakeProfileList{
                   [](Draft& d, const std::vector<std::string>& v) { return keep_sources(v, d.profile.sources); }}},
    ProfileKey{"", "read_on", "a date such as 2026-11-27, without quotes", Presence::required, "The day on which.",
               TakeProfileDate{[](Draft& d, std::chrono::year_month_day v) { return keep(v, d.profile.read_on); }}},
    ProfileKey{
        "", "unknown", "a list of keys", Presence::optional,
        "The facts of which the sources say nothing, such as `token.timeout`. Nothing is guessed: each is given, "
        "or named here. `authorization.order` and `token.order` say that the parameters are known, and their order is "
        "not.",
        TakeProfileList{[](Draft& d, const std::vector<std::string>& v) {
          return keep_any<std::string>(v, list_facts(), kAsItIs, d.profile.unknown);
        }}},

    ProfileKey{"redirect", "template", "a URI", Presence::required,
               "The URI, with what is not known before in braces: `{id}`, or any other name, for letters, digits, "
               "`-`, `.`, `_` and `~` within one segment; `{port}` behind a loopback address; `{host}` as the whole "
               "host. Everything else is compared byte for byte. All open parts of a profile have one name: one value "
               "fills them.",
               TakeProfileText{[](Draft& d, const std::string& v) -> Taken {
                 auto parsed = oauth::RedirectTemplate::parse(v);
                 if (!parsed) return std::unexpected(fmt::format("{}, not \"{}\"", parsed.error(), v));
                 return keep(std::move(*parsed), d.redirect_template);
               }}},
    ProfileKey{"redirect", "example", "a URI", Presence::required, "One that fits.",
               TakeProfileText{[](Draft& d, const std::string& v) { return keep_text(v, d.redirect_example); }}},
    ProfileKey{"redirect", "note", "a sentence", Presence::optional,
               "When it is used, or where the open part is to be found.",
               TakeProfileText{[](Draft& d, const std::string& v) { return keep_text(v, d.redirect_note); }}},
    ProfileKey{
        "redirect", "metadata_document", "a URL", Presence::optional,
        "Its document, where it is another one with this redirect URI; `{id}` in it is what stands in the "
        "template.",
        TakeProfileText{[](Draft& d, const std::string& v) { return keep_document_template(v, d.redirect_document); }}},
    ProfileKey{"redirect", "parameters", "a list of parameters", Presence::optional,
               "`authorization.parameters`, where they are others with this redirect URI.",
               TakeProfileList{[](Draft& d, const std::vector<std::string>& v) {
                 return keep_choices<std::string_view>(v, oauth::kAuthorizationParameters, kAsItIs,
                                                       d.redirect_parameters);
               }}},
    ProfileKey{"redirect", "state", kStateShape, Presence::optional,
               "`authorization.state`, where it is another one with this redirect URI.",
               TakeProfileText{[](Draft& d, const std::string& v) {
                 return keep_choice<oauth::StateForm>(v, oauth::kStateForms, d.redirect_state);
               }}},

    ProfileKey{"authorization", "pkce", "`\"none\"` or `\"S256\"`", Presence::required,
               "Whether it can do PKCE (RFC 7636). What cannot has a secret.",
               TakeProfileText{[](Draft& d, const std::string& v) {
                 return keep_choice<oauth::PkceAbility>(v, oauth::kPkceAbilities, d.profile.pkce);
               }}},
    ProfileKey{"authorization", "parameters", "a list of parameters", Presence::required,
               "What it sends, in its order; `scope` may be left out where it has none, and `prompt` is there only "
               "where it asks for `offline_access`. With `resource` (RFC 8707) it "
               "expects that in the token's `aud`.",
               TakeProfileList{[](Draft& d, const std::vector<std::string>& v) {
                 return keep_choices<std::string_view>(v, oauth::kAuthorizationParameters, kAsItIs,
                                                       d.profile.authorization_parameters);
               }}},
    ProfileKey{"authorization", "state", kStateShape, Presence::fact,
               "How its `state` is written, which it insists on having back byte for byte.",
               TakeProfileText{[](Draft& d, const std::string& v) {
                 return keep_choice<oauth::StateForm>(v, oauth::kStateForms, d.profile.state);
               }}},
    ProfileKey{"authorization", "scopes",
               "a list of `\"manifest\"`, `\"settings\"`, `\"challenge\"`, `\"resource_metadata\"` and "
               "`\"server_metadata\"`",
               Presence::fact,
               "Where it has its scopes from, the first that there is: its manifest, what its operator or user typed "
               "in, the 401's challenge, or `scopes_supported` of the resource or of the server.",
               TakeProfileList{[](Draft& d, const std::vector<std::string>& v) {
                 return keep_choices<oauth::ScopeSource>(v, oauth::kScopeSources, kWireName,
                                                         d.profile.scopes.emplace());
               }}},
    ProfileKey{"authorization", "empty_scope", "true or false", Presence::fact,
               "Whether `scope=` is there also where it asks for none.",
               TakeProfileBoolean{[](Draft& d, bool v) { return keep(v, d.profile.sends_empty_scope); }}},
    ProfileKey{"authorization", "offline_access", "true or false", Presence::fact,
               "Whether it asks for `offline_access` beside its scopes where the server's metadata has that.",
               TakeProfileBoolean{[](Draft& d, bool v) { return keep(v, d.profile.asks_for_offline_access); }}},
    ProfileKey{
        "authorization", "scope_separator", "`\" \"` or `\",\"`", Presence::optional,
        "What stands between scopes; without it a blank (RFC 6749 §3.3).",
        TakeProfileText{[](Draft& d, const std::string& v) { return keep_separator(v, d.profile.scope_separator); }}},
    ProfileKey{"authorization", "blank", "`\"%20\"` or `\"+\"`", Presence::optional,
               "What a blank becomes in its queries, and in its forms at the token endpoint; without it `%20`.",
               TakeProfileText{[](Draft& d, const std::string& v) { return keep_blank(v, d.profile.blank); }}},

    ProfileKey{
        "token", "user_agent", "a text", Presence::fact,
        "The `User-Agent` of what it sends to the authorization server itself, not through a browser.",
        TakeProfileText{[](Draft& d, const std::string& v) { return keep_header(v, d.profile.token_user_agent); }}},
    ProfileKey{"token", "encodings", "a list of `\"json\"` and `\"form\"`", Presence::required,
               "How it writes the request's body, the usual way first.",
               TakeProfileList{[](Draft& d, const std::vector<std::string>& v) {
                 return keep_choices<oauth::TokenRequestEncoding>(v, oauth::kTokenRequestEncodings, kWireName,
                                                                  d.profile.encodings);
               }}},
    ProfileKey{
        "token", "authentication_methods",
        "a list of `\"client_secret_post\"`, `\"client_secret_basic\"`, `\"private_key_jwt\"` and `\"none\"`",
        Presence::required,
        "How it can prove itself, what it tries first at the front. A client that is added for it gets the first "
        "that needs no key of the assistant's; where that is a secret, by every way in which it sends one.",
        TakeProfileList{[](Draft& d, const std::vector<std::string>& v) {
          return keep_choices<oauth::AuthenticationMethod>(v, oauth::kAuthenticationMethods, kWireName,
                                                           d.profile.authentication_methods);
        }}},
    ProfileKey{"token", "document_methods", "a list of methods", Presence::fact,
               "Those of them that its document names.",
               TakeProfileList{[](Draft& d, const std::vector<std::string>& v) {
                 return keep_choices<oauth::AuthenticationMethod>(v, oauth::kAuthenticationMethods, kWireName,
                                                                  d.profile.document_methods.emplace());
               }},
               &kHasDocument},
    ProfileKey{
        "token", "signing_algorithm", "`\"ES256\"`, `\"RS256\"`, `\"PS256\"` or `\"EdDSA\"`", Presence::fact,
        "By which it signs where it proves itself by a key (RFC 7523).",
        TakeProfileText{[](Draft& d, const std::string& v) { return keep_algorithm(v, d.profile.signing_algorithm); }},
        &kHasKey},
    ProfileKey{"token", "client_id_with_basic", "true or false", Presence::fact,
               "Whether the body has `client_id` too where it proves itself by Basic.",
               TakeProfileBoolean{[](Draft& d, bool v) { return keep(v, d.profile.sends_client_id_with_basic); }},
               &kHasBasic},
    ProfileKey{"token", "grant_types", "a list of grants", Presence::optional,
               "Without it `authorization_code` and `refresh_token`.",
               TakeProfileList{[](Draft& d, const std::vector<std::string>& v) {
                 return keep_choices<oauth::GrantType>(v, oauth::kGrantTypes, kShortName, d.profile.grant_types);
               }}},
    ProfileKey{
        "token", "parameters", "a list of parameters", Presence::required,
        "What it sends with a code, in its order; its secret only where it sends that in the body. A client that is "
        "added for one without `redirect_uri` may leave that out (RFC 6749 §4.1.3 has it repeated).",
        TakeProfileList{[](Draft& d, const std::vector<std::string>& v) {
          return keep_choices<std::string_view>(v, oauth::kTokenParameters, kAsItIs, d.profile.token_parameters);
        }}},
    ProfileKey{"token", "refresh_parameters", "a list of parameters", Presence::fact, "The same with a refresh token.",
               TakeProfileList{[](Draft& d, const std::vector<std::string>& v) {
                 return keep_choices<std::string_view>(v, oauth::kRefreshParameters, kAsItIs,
                                                       d.profile.refresh_parameters.emplace());
               }},
               &kRefreshes},
    ProfileKey{"token", "revocation_parameters", "a list of parameters", Presence::fact,
               "What it sends to revoke a token (RFC 7009).",
               TakeProfileList{[](Draft& d, const std::vector<std::string>& v) {
                 return keep_choices<std::string_view>(v, oauth::kRevocationParameters, kAsItIs,
                                                       d.profile.revocation_parameters.emplace());
               }},
               &kRevokes},
    ProfileKey{"token", "timeout", "a duration", Presence::fact, "How long it waits for the answer.",
               TakeProfileText{[](Draft& d, const std::string& v) { return keep_timeout(v, d.profile.timeout); }}},
    ProfileKey{
        "token", "refresh_timeout", "a duration", Presence::fact, "The same for a refresh.",
        TakeProfileText{[](Draft& d, const std::string& v) { return keep_timeout(v, d.profile.refresh_timeout); }},
        &kRefreshes},
    ProfileKey{"token", "refresh_on", "a list of `\"unauthorized\"` and `\"expiry\"`", Presence::fact,
               "What makes it refresh: a 401 of the API, or the time that `expires_in` named.",
               TakeProfileList{[](Draft& d, const std::vector<std::string>& v) {
                 return keep_choices<oauth::RefreshTrigger>(v, oauth::kRefreshTriggers, kWireName,
                                                            d.profile.refreshes_on.emplace());
               }},
               &kRefreshes},
    ProfileKey{
        "token", "refresh_ahead", "a duration", Presence::fact, "How long before that time.",
        TakeProfileText{[](Draft& d, const std::string& v) { return keep_duration(v, d.profile.refreshes_ahead); }},
        &kRefreshes},
    ProfileKey{"token", "concurrent_refresh", "true or false", Presence::fact,
               "Whether it refreshes several times at once with one refresh token.",
               TakeProfileBoolean{[](Draft& d, bool v) { return keep(v, d.profile.refreshes_concurrently); }},
               &kRefreshes},
    ProfileKey{"token", "revokes", "true or false", Presence::fact,
               "Whether it revokes its tokens when a person disconnects (RFC 7009).",
               TakeProfileBoolean{[](Draft& d, bool v) { return keep(v, d.profile.revokes); }}},
};

std::vector<std::string> collect_facts() {
  std::vector<std::string> facts{"registration_request", "authorization.order", "token.order"};
  for (const ProfileKey& key : kKeys)
    if (key.presence == Presence::fact) facts.push_back(key.path());
  return facts;
}

std::span<const std::string> list_facts() {
  static const std::vector<std::string> facts = collect_facts();
  return facts;
}

}  // namespace

std::string ProfileKey::path() const { return table.empty() ? std::string(name) : fmt::format("{}.{}", table, name); }

const Condition& registration_request_condition() { return kRegisters; }
std::span<const ProfileTable> profile_tables() { return kTables; }
std::span<const ProfileKey> profile_keys() { return kKeys; }

}  // namespace chatelaine::app
