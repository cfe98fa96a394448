#include "oauth/plugin/manifest_auth.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.hpp"
#include "base/form.hpp"
#include "oauth/plugin/manifest_urls.hpp"

namespace chatelaine::oauth {
namespace {

/// False where the other members of the block have another meaning, or none.
bool check_type(const json::object& auth, ManifestFindings& findings) {
  const std::string expected = "\"oauth\"";
  const json::string* type = take_string(auth, "auth.type", Presence::required, expected, findings);
  if (type == nullptr) return auth.if_contains("type") == nullptr;
  if (*type == "oauth") return true;
  std::string message =
      fmt::format("auth.type is \"{}\"; this host signs users in with OAuth alone", std::string_view(*type));
  if (*type == "none") message += ": a plugin without sign-in has nothing to connect to";
  if (*type == "service_http" || *type == "user_http") message += ": a fixed bearer token is not a user's consent";
  findings.fault("auth.type", "unsupported_auth_type", std::move(message), expected);
  return false;
}

void check_client_url_query(const HttpUrl& url, ManifestFindings& findings) {
  const auto query = parse_form_fields(url.query);
  if (!query) {
    findings.fault("auth.client_url", "bad_url", "auth.client_url has a query that cannot be read", "a query a=b&c=d");
    return;
  }
  static constexpr std::string_view kOurs[] = {
      "response_type", "client_id", "scope", "redirect_uri", "state", "code_challenge", "code_challenge_method"};
  for (const Form::Field& field : *query) {
    if (std::ranges::find(kOurs, field.name) == std::end(kOurs)) continue;
    // RFC 6749 §3.1: a parameter must not occur twice, and the host adds this one.
    findings.fault("auth.client_url", "reserved_parameter",
                   fmt::format("auth.client_url already carries {}, which the host adds", field.name),
                   "a URL without response_type, client_id, scope, redirect_uri, state, code_challenge and "
                   "code_challenge_method");
  }
}

void check_endpoints(const json::object& auth, const ManifestContext& context, Manifest& manifest,
                     ManifestFindings& findings) {
  const json::string* client = take_string(auth, "auth.client_url", Presence::required,
                                           "the https URL of the page where users sign in", findings);
  const json::string* token =
      take_string(auth, "auth.authorization_url", Presence::required, "the https URL of the token endpoint", findings);
  std::optional<HttpUrl> client_url;
  std::optional<HttpUrl> token_url;
  if (client != nullptr) {
    client_url = check_endpoint(*client, "auth.client_url", UrlForm::absolute, context, findings);
  }
  if (token != nullptr) {
    token_url = check_endpoint(*token, "auth.authorization_url", UrlForm::absolute, context, findings);
  }
  if (client_url) check_client_url_query(*client_url, findings);
  if (!client_url || !token_url) return;
  check_roles(*client_url, *token_url, findings);
  manifest.client_url = *std::move(client_url);
  manifest.authorization_url = *std::move(token_url);
}

void check_scope(const json::object& auth, Manifest& manifest, ManifestFindings& findings) {
  const std::string expected = "scope names parted by blanks, or \"\"";
  const json::string* scope = take_string(auth, "auth.scope", Presence::advised, expected, findings);
  if (scope == nullptr) return;
  manifest.scope = std::string(*scope);
  // RFC 6749 §3.3: printable ASCII but `"` and `\`.
  const auto is_foreign = [](char c) { return c < 0x20 || c > 0x7e || c == '"' || c == '\\'; };
  if (std::ranges::any_of(manifest.scope, is_foreign)) {
    findings.fault("auth.scope", "bad_scope", "auth.scope has a character that no scope may have", expected);
    return;
  }
  const auto warn = [&](std::string_view code, std::string message) {
    findings.warning("auth.scope", code, std::move(message), expected);
  };
  if (manifest.scope.find(',') != std::string::npos) {
    warn("comma_in_scope", "auth.scope has commas: they are sent as they are, and OAuth parts scopes by blanks");
  }
  if (manifest.scope.starts_with(' ') || manifest.scope.ends_with(' ')) {
    warn("outer_blank_in_scope", "auth.scope begins or ends with a blank");
  }
  if (manifest.scope.find('%') != std::string::npos) {
    warn("encoded_scope", "auth.scope is percent-encoded: the host encodes it a second time");
  }
}

void check_content_type(const json::object& auth, Manifest& manifest, ManifestFindings& findings) {
  const std::string expected = "\"application/json\" or \"application/x-www-form-urlencoded\"";
  constexpr std::string_view kPath = "auth.authorization_content_type";
  const json::string* type = take_string(auth, kPath, Presence::required, expected, findings);
  if (type == nullptr) return;
  const std::string_view text(*type);
  std::string media_type = to_lower(text.substr(0, text.find(';')));
  while (media_type.ends_with(' ')) media_type.pop_back();
  if (media_type == "application/json") {
    manifest.encoding = TokenRequestEncoding::json;
  } else if (media_type == "application/x-www-form-urlencoded") {
    manifest.encoding = TokenRequestEncoding::form;
  } else {
    findings.fault(kPath, "unsupported_content_type", fmt::format("{} is \"{}\"", kPath, text), expected);
    return;
  }
  // `application/json; charset=utf-8` says plainly what is meant; the host sends the bare media type.
  if (media_type != text) {
    findings.warning(kPath, "content_type_parameters",
                     fmt::format("{} is read as {}: other hosts compare it letter by letter", kPath, media_type),
                     expected);
  }
}

void check_verification_token(const std::string& path, const json::value& value, ManifestFindings& findings) {
  const std::string expected = "the token that the host showed at installation";
  const json::string* token = value.if_string();
  if (token == nullptr) {
    findings.fault(path, "wrong_type", path + " is not a string", expected);
    return;
  }
  const std::string lower = to_lower(*token);
  if (lower.empty()) {
    findings.fault(path, "empty", path + " is empty", expected);
  } else if (lower.find("replace_this") != std::string::npos || lower.find("verification_token") != std::string::npos ||
             lower.find('<') != std::string::npos) {
    findings.fault(path, "placeholder_token",
                   path +
                       " still holds the sample's placeholder: put the host's token there, or take the member out "
                       "until there is one",
                   expected);
  } else if (std::ranges::any_of(lower, [](char c) { return c <= 0x20 || c > 0x7e; })) {
    findings.fault(path, "bad_token", path + " has a blank or a character outside printable ASCII", expected);
  }
}

void check_verification_tokens(const json::object& auth, Manifest& manifest, ManifestFindings& findings) {
  constexpr std::string_view kPath = "auth.verification_tokens";
  const std::string expected = "an object of host names and their tokens, such as {\"openai\": \"…\"}";
  const json::value* member = auth.if_contains("verification_tokens");
  if (member == nullptr || (member->is_object() && member->get_object().empty())) {
    findings.warning(kPath, "no_verification_token",
                     "there is no verification token yet: the host issues one at installation", expected);
    return;
  }
  const json::object* tokens = take_object(auth, kPath, expected, findings);
  if (tokens == nullptr) return;
  for (const auto& [name, value] : *tokens) {
    check_verification_token(fmt::format("{}.{}", kPath, std::string_view(name)), value, findings);
    if (const json::string* token = value.if_string()) manifest.verification_tokens[name] = std::string(*token);
  }
}

}  // namespace

void check_auth(const json::object& auth, const ManifestContext& context, Manifest& manifest,
                ManifestFindings& findings) {
  if (!check_type(auth, findings)) return;
  check_endpoints(auth, context, manifest, findings);
  check_scope(auth, manifest, findings);
  check_content_type(auth, manifest, findings);
  check_verification_tokens(auth, manifest, findings);
  if (auth.contains("token_url")) {
    findings.warning("auth.token_url", "unused_member",
                     "auth.token_url is not read: the token endpoint is auth.authorization_url",
                     "the token endpoint in auth.authorization_url");
  }
}

}  // namespace chatelaine::oauth
