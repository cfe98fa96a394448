#include "oauth/assistants/assistant_client.hpp"

#include <algorithm>

#include "base/contains.hpp"
#include "base/uri.hpp"
#include "oauth/authorize/redirect_uri.hpp"

namespace chatelaine::oauth {
namespace {

bool is_secret(AuthenticationMethod method) {
  return method == AuthenticationMethod::client_secret_basic || method == AuthenticationMethod::client_secret_post;
}

/// What it gets when nobody says otherwise: the first that needs no key of the client's.
std::vector<AuthenticationMethod> methods_by_hand(const AssistantProfile& profile) {
  const auto& all = profile.authentication_methods;
  const auto first =
      std::ranges::find_if(all, [](AuthenticationMethod m) { return m != AuthenticationMethod::private_key_jwt; });
  if (first == all.end()) return all;
  return {*first};
}

std::string list_templates(const AssistantProfile& profile) {
  std::string list;
  for (const AssistantRedirect& redirect : profile.redirects) list += (list.empty() ? "" : ", ") + redirect.uri.text();
  return list;
}

std::string join_names(const auto& values, auto name_of) {
  std::string list;
  for (const auto value : values) list += (list.empty() ? "" : ", ") + std::string(name_of(value));
  return list;
}

/// What the URI says of the others: nothing where it fits no template, an empty text where it says nothing.
std::optional<std::string> find_value(const AssistantProfile& profile, const RedirectUri& uri) {
  for (const AssistantRedirect& redirect : profile.redirects)
    if (auto value = redirect.uri.match(uri.value()))
      // RFC 8252 §7.3: the port of an address is free, and so it says nothing of localhost.
      return redirect.uri.has_open_port() ? std::string() : *value;
  return std::nullopt;
}

std::unexpected<OAuthError> refuse_redirect(const AssistantProfile& profile, std::string_view what) {
  return refuse(ErrorCode::invalid_request, "A redirect URI of " + profile.name + " is one of " +
                                                list_templates(profile) + "; " + std::string(what) + ".");
}

/// What precedes the open part in its segment: `g-` of `https://a.example/g-{id}/cb`.
std::string_view beginning_of_segment(const RedirectTemplate& uri) {
  const std::string_view text = uri.text();
  const std::size_t open = text.find('{');
  if (open == std::string_view::npos) return {};
  const std::size_t slash = text.rfind('/', open);
  return text.substr(slash + 1, open - slash - 1);
}

/// The host that somebody typed with its scheme; empty for what is no URL of a host alone.
std::string find_bare_host(std::string_view typed) {
  const auto url = parse_http_url(typed);
  const bool is_bare = url && url->scheme == "https" && (url->path.empty() || url->path == "/") &&
                       typed.find_first_of("?#@") == std::string_view::npos;
  return is_bare ? url->authority() : std::string();
}

/// Adds what is not there yet, nor stands for it but for a loopback port.
void add_uri(std::vector<RedirectUri>& uris, RedirectUri uri) {
  const bool is_known = std::ranges::any_of(
      uris, [&](const RedirectUri& known) { return is_registered_redirect_uri(uri.value(), known); });
  if (!is_known) uris.push_back(std::move(uri));
}

}  // namespace

void apply_profile(const AssistantProfile& profile, Client& client) {
  std::erase_if(client.grant_types, [&](GrantType type) { return !contains(profile.grant_types, type); });
  if (!client.may_use(GrantType::authorization_code)) client.grant_types = profile.grant_types;
  std::erase_if(client.authentication_methods,
                [&](AuthenticationMethod method) { return !contains(profile.authentication_methods, method); });
  if (client.authentication_methods.empty()) client.authentication_methods = methods_by_hand(profile);
  take_secret_by_every_way(profile, client);
  if (!client.may_authenticate_by(AuthenticationMethod::private_key_jwt)) client.jwks = client.jwks_uri = "";
  client.pkce = profile.pkce == PkceAbility::none ? PkcePolicy::optional : PkcePolicy::required;
  client.exchange_redirect_uri =
      profile.repeats_redirect_uri() ? ExchangeRedirectUri::repeated : ExchangeRedirectUri::may_be_left_out;
}

void take_secret_by_every_way(const AssistantProfile& profile, Client& client) {
  auto& methods = client.authentication_methods;
  const auto is_shared = [&](AuthenticationMethod method) {
    return is_secret(method) && contains(profile.authentication_methods, method);
  };
  if (std::ranges::none_of(methods, is_shared)) return;
  for (const AuthenticationMethod method : profile.authentication_methods)
    if (is_secret(method) && !contains(methods, method)) methods.push_back(method);
}

Result<std::vector<RedirectUri>> list_redirect_uris(const AssistantProfile& profile,
                                                    const std::vector<RedirectUri>& given,
                                                    std::vector<std::string> values) {
  for (std::string& value : values) {
    auto read = read_redirect_value(profile, value);
    if (!read) return std::unexpected(std::move(read).error());
    value = *std::move(read);
  }
  for (const RedirectUri& uri : given) {
    auto value = find_value(profile, uri);
    if (!value) return refuse_redirect(profile, "'" + uri.value() + "' is not");
    if (!value->empty()) values.push_back(std::move(*value));
  }
  std::vector<RedirectUri> uris;
  for (const AssistantRedirect& redirect : profile.redirects) {
    if (auto complete = redirect.uri.complete()) {
      add_uri(uris, std::move(*complete));
      continue;
    }
    for (const std::string& open : values)
      if (auto filled = redirect.uri.fill(open)) add_uri(uris, std::move(*filled));
  }
  // Loopback URIs among them: their ports fill nothing.
  for (const RedirectUri& uri : given) add_uri(uris, uri);
  return uris;
}

Result<std::string> read_redirect_value(const AssistantProfile& profile, std::string_view typed) {
  std::string value(typed);
  if (auto shown = find_value(profile, RedirectUri(value)); shown && !shown->empty()) value = *std::move(shown);
  const auto has_host = [](const AssistantRedirect& redirect) { return redirect.uri.placeholder() == "host"; };
  if (std::ranges::any_of(profile.redirects, has_host))
    if (std::string host = find_bare_host(value); !host.empty()) value = std::move(host);
  for (const AssistantRedirect& redirect : profile.redirects) {
    const std::string_view beginning = beginning_of_segment(redirect.uri);
    if (beginning.empty() || value.size() <= beginning.size() || !value.starts_with(beginning)) continue;
    return refuse_redirect(profile, "'" + value + "' repeats the '" + std::string(beginning) +
                                        "' that stands there already: type '" + value.substr(beginning.size()) + "'");
  }
  const auto takes = [&](const AssistantRedirect& redirect) { return redirect.uri.fill(value).has_value(); };
  if (std::ranges::none_of(profile.redirects, takes))
    return refuse_redirect(profile, "'" + value + "' can stand in none of them");
  return value;
}

Result<void> check_client_for(const AssistantProfile& profile, const Client& client) {
  if (!client.may_use(GrantType::authorization_code))
    return refuse(ErrorCode::invalid_request,
                  profile.name + " sends people here to sign in, and so needs the grant authorization_code.");
  const auto name_of = [](GrantType type) { return short_name(type); };
  for (const GrantType type : client.grant_types)
    if (!contains(profile.grant_types, type))
      return refuse(ErrorCode::invalid_request, profile.name + " uses the grants " +
                                                    join_names(profile.grant_types, name_of) + ", not " +
                                                    std::string(short_name(type)) + ".");
  const auto wire_name = [](AuthenticationMethod method) { return to_string(method); };
  for (const AuthenticationMethod method : client.authentication_methods)
    if (!contains(profile.authentication_methods, method))
      return refuse(ErrorCode::invalid_request, profile.name + " authenticates by " +
                                                    join_names(profile.authentication_methods, wire_name) +
                                                    ", not by " + std::string(to_string(method)) + ".");
  if (profile.pkce == PkceAbility::none && client.pkce == PkcePolicy::required)
    return refuse(ErrorCode::invalid_request, profile.name + " cannot do PKCE, and so it cannot be required.");
  return {};
}

}  // namespace chatelaine::oauth
