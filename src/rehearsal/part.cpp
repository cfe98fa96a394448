#include "rehearsal/part.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_members.hpp"
#include "inspection/document.hpp"
#include "oauth/assistants/assistant_client.hpp"

namespace chatelaine::rehearsal {
namespace {

using inspection::Check;
using oauth::AuthenticationMethod;
using oauth::RegistrationWay;

constexpr std::string_view kMethods = "token_endpoint_auth_methods_supported";
constexpr std::string_view kIssPromise = "authorization_response_iss_parameter_supported";
constexpr std::string_view kDocuments = "client_id_metadata_document_supported";

bool needs(const oauth::AssistantProfile& profile, std::string_view member) {
  return profile.metadata_needs.contains(member);
}

/// What the profile's `[metadata]` wants of a list and the server's does not have; empty where nothing is missing.
std::vector<std::string> find_missing(const oauth::AssistantProfile& profile, const json::object& metadata,
                                      std::string_view member) {
  std::vector<std::string> missing;
  const json::value* const wanted = profile.metadata_needs.if_contains(member);
  if (wanted == nullptr || !wanted->is_array()) return missing;
  for (const json::value& word : wanted->get_array()) {
    const std::string text(word.as_string());
    if (!lists(metadata, member, text)) missing.push_back(text);
  }
  return missing;
}

bool takes_documents(const oauth::AssistantProfile& profile, const Server& server) {
  if (!server.metadata || !promises(server, kDocuments)) return false;
  return find_missing(profile, *server.metadata, kMethods).empty();
}

bool can(const std::vector<AuthenticationMethod>& able, AuthenticationMethod method) {
  return std::ranges::find(able, method) != able.end();
}

/// Whether of these methods a key is the only one, or the only one that the metadata lists.
bool needs_key(const std::vector<AuthenticationMethod>& able, const Server& server) {
  if (!can(able, AuthenticationMethod::private_key_jwt)) return false;
  if (able.size() == 1) return true;
  if (!server.metadata || server.metadata->if_contains(kMethods) == nullptr) return false;
  return std::ranges::all_of(able, [&](AuthenticationMethod method) {
    return lists(*server.metadata, kMethods, oauth::to_string(method)) ==
           (method == AuthenticationMethod::private_key_jwt);
  });
}

bool can_register(const oauth::AssistantProfile& profile, const Server& server) {
  return profile.registers(RegistrationWay::dynamic) && server.metadata &&
         !text_of(*server.metadata, "registration_endpoint").empty();
}

/// Whether its document would have it prove itself by a key that it alone has, and it can register itself.
bool cannot_play_document(const oauth::AssistantProfile& profile, const Given& given, const Server& server) {
  return given.client_id_document.empty() && profile.document_methods && needs_key(*profile.document_methods, server) &&
         can_register(profile, server);
}

Remark adopt_warning(Check check, std::string seen) { return adopt(inspection::find_warning(check, std::move(seen))); }

/// The way that it prefers is closed to it.
Remark regret_document(const oauth::AssistantProfile& profile) {
  return adopt_warning(
      Check::client_id_documents,
      fmt::format("the metadata does not say what {} needs to be known by its document, so that it registers otherwise",
                  profile.title));
}

std::string join_scopes(const oauth::AssistantProfile& profile, const std::vector<std::string>& scopes) {
  std::string joined;
  for (const std::string& scope : scopes) joined += (joined.empty() ? "" : profile.scope_separator) + scope;
  return joined;
}

std::vector<std::string> server_scopes(const Server& server) {
  if (!server.metadata) return {};
  return inspection::find_list(*server.metadata, "scopes_supported").value_or(std::vector<std::string>{});
}

std::string scope_from(oauth::ScopeSource source, const oauth::AssistantProfile& profile, const Given& given,
                       const Server& server) {
  switch (source) {
    case oauth::ScopeSource::manifest:
      return server.manifest ? server.manifest->scope : std::string();
    case oauth::ScopeSource::settings:
      return given.scope;
    case oauth::ScopeSource::challenge:
      return server.challenge_scope;
    case oauth::ScopeSource::resource_metadata:
      return join_scopes(profile, server.resource_scopes);
    case oauth::ScopeSource::server_metadata:
      return join_scopes(profile, server_scopes(server));
  }
  return {};
}

}  // namespace

bool promises(const Server& server, std::string_view member) {
  const json::value* const value = server.metadata ? server.metadata->if_contains(member) : nullptr;
  return value != nullptr && value->is_bool() && value->get_bool();
}

std::expected<std::vector<UsedRedirect>, std::string> list_redirects(const oauth::AssistantProfile& profile,
                                                                     std::string_view value) {
  std::string open;
  if (!value.empty()) {
    auto read = oauth::read_redirect_value(profile, value);
    if (!read) return std::unexpected(read.error().description);
    open = *std::move(read);
  }
  std::vector<UsedRedirect> redirects;
  for (const oauth::AssistantRedirect& redirect : profile.redirects) {
    if (open.empty() || redirect.uri.placeholder().empty()) {
      redirects.push_back({&redirect, oauth::RedirectUri(redirect.example)});
      continue;
    }
    auto filled = redirect.uri.fill(open);
    if (!filled) return std::unexpected(fmt::format("\"{}\" cannot stand in {}", open, redirect.uri.text()));
    redirects.push_back({&redirect, *std::move(filled)});
  }
  return redirects;
}

const UsedRedirect& choose_redirect(const oauth::AssistantProfile& profile, const std::vector<UsedRedirect>& redirects,
                                    const Server& server) {
  const bool lacks_iss = needs(profile, kIssPromise) && !promises(server, kIssPromise);
  return lacks_iss && redirects.size() > 1 ? redirects[1] : redirects.front();
}

WayChoice choose_way(const oauth::AssistantProfile& profile, const Given& given, const Server& server) {
  WayChoice choice;
  if (!given.client_id.value().empty()) {
    choice.way = RegistrationWay::by_hand;
    return choice;
  }
  for (const RegistrationWay way : profile.registration) {
    switch (way) {
      case RegistrationWay::metadata_document:
        if (!takes_documents(profile, server))
          choice.remarks.push_back(regret_document(profile));
        else if (cannot_play_document(profile, given, server))
          choice.remarks.push_back(
              skip(Point::not_played,
                   fmt::format("the document of {} names its own key, which nobody else has: it registers itself here "
                               "with another one",
                               profile.title)));
        else
          choice.way = way;
        break;
      case RegistrationWay::dynamic:
        if (can_register(profile, server)) choice.way = way;
        break;
      case RegistrationWay::by_hand:
        break;
    }
    if (choice.way) return choice;
  }
  choice.remarks.push_back(adopt(inspection::find_fault(
      Check::registration, fmt::format("the server offers no way in which {} could become a client, and no --client-id "
                                       "was given",
                                       profile.title))));
  return choice;
}

oauth::AuthenticationMethod choose_registered_method(const oauth::AssistantProfile& profile, const Server& server) {
  const auto own =
      profile.registration_request
          ? oauth::parse_authentication_method(text_of(*profile.registration_request, "token_endpoint_auth_method"))
          : std::nullopt;
  if (own) return *own;
  const auto& able = profile.authentication_methods;
  if (needs_key(able, server)) return AuthenticationMethod::private_key_jwt;
  return can(able, AuthenticationMethod::none) ? AuthenticationMethod::none : AuthenticationMethod::client_secret_post;
}

oauth::AuthenticationMethod choose_method(const oauth::AssistantProfile& profile, bool has_secret,
                                          const Server& server) {
  const auto listed = server.metadata ? inspection::find_list(*server.metadata, kMethods) : std::nullopt;
  const auto is_usable = [&](AuthenticationMethod method) {
    switch (method) {
      case AuthenticationMethod::none:
        return !has_secret;
      case AuthenticationMethod::client_secret_basic:
      case AuthenticationMethod::client_secret_post:
        return has_secret;
      case AuthenticationMethod::private_key_jwt:
        return false;  // The assistant's own key is its own; one of ours is only where it registers itself.
    }
    return false;
  };
  const auto is_listed = [&](AuthenticationMethod method) {
    return !listed || std::ranges::find(*listed, oauth::to_string(method)) != listed->end();
  };
  std::optional<AuthenticationMethod> first;
  for (const AuthenticationMethod method : profile.authentication_methods) {
    if (!is_usable(method)) continue;
    if (is_listed(method)) return method;
    if (!first) first = method;
  }
  return first.value_or(has_secret ? AuthenticationMethod::client_secret_post : AuthenticationMethod::none);
}

std::string choose_scope(const oauth::AssistantProfile& profile, const Given& given, const Server& server) {
  // What was typed in goes before what is not known of the assistant.
  if (!given.scope.empty()) return given.scope;
  static const std::vector<oauth::ScopeSource> kUnknown{oauth::ScopeSource::challenge,
                                                        oauth::ScopeSource::resource_metadata};
  std::string scope;
  for (const oauth::ScopeSource source : profile.scopes.value_or(kUnknown)) {
    scope = scope_from(source, profile, given, server);
    if (!scope.empty()) break;
  }
  const auto offered = server_scopes(server);
  const bool is_offered = std::ranges::find(offered, "offline_access") != offered.end();
  if (profile.asks_for_offline_access.value_or(false) && is_offered && !scope.empty())
    scope += profile.scope_separator + "offline_access";
  return scope;
}

Remarks judge_needs(const oauth::AssistantProfile& profile, const Server& server) {
  Remarks remarks;
  if (!server.metadata) return remarks;
  if (profile.pkce == oauth::PkceAbility::S256 && !lists(*server.metadata, "code_challenge_methods_supported", "S256"))
    remarks.push_back(adopt(inspection::find_fault(
        Check::pkce,
        fmt::format("the metadata does not list S256, and {} uses no server without PKCE", profile.title))));
  if (needs(profile, kIssPromise) && !promises(server, kIssPromise))
    remarks.push_back(adopt_warning(
        Check::issuer_parameter,
        fmt::format("the metadata does not promise `iss`, so that {} uses a redirect URI of each connector's own",
                    profile.title)));
  return remarks;
}

}  // namespace chatelaine::rehearsal
