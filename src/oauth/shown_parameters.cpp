#include "oauth/shown_parameters.hpp"

#include <algorithm>
#include <array>

#include "base/base64url.hpp"
#include "crypto/digest.hpp"

namespace chatelaine::oauth {
namespace {

constexpr std::size_t kMostParameters = 30;
constexpr std::size_t kLongestValue = 300;

/// What a client may say aloud. Not among them: state and nonce, which prove whose browser it is; request_uri, which is
/// a request (RFC 9126 §7.1); login_hint, which is a person's address.
constexpr auto kShown = std::to_array<std::string_view>({"acr_values",
                                                         "audience",
                                                         "client_assertion_type",
                                                         "client_id",
                                                         "code_challenge_method",
                                                         "display",
                                                         "error",
                                                         "grant_type",
                                                         "iss",
                                                         "max_age",
                                                         "post_logout_redirect_uri",
                                                         "prompt",
                                                         "redirect_uri",
                                                         "resource",
                                                         "response_mode",
                                                         "response_type",
                                                         "scope",
                                                         "token_type_hint",
                                                         "ui_locales",
                                                         "software_id"});

constexpr std::size_t kLongestShownName = 40;

bool is_token_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

/// How our own tokens begin (oauth/handle.hpp), and every JWT.
bool begins_token(std::string_view text) { return text.starts_with("ctl_") || text.starts_with("eyJ"); }

/// `https://a.example/cb?x=1` as `https://a.example/cb?…`.
std::string show_uri(std::string_view text) {
  const std::size_t begin = text.find("://") + 3;
  const std::string_view authority = text.substr(begin, text.find_first_of("/?#", begin) - begin);
  if (authority.find('@') != std::string_view::npos) return "(a URI with user information)";
  const std::size_t end = std::min(text.find_first_of("?#"), text.size());
  return std::string(text.substr(0, end)) + (end < text.size() ? "?…" : "");
}

bool is_uri(std::string_view value) { return value.find("://") != std::string_view::npos; }

std::string cut(std::string_view text) {
  if (text.size() <= kLongestValue) return std::string(text);
  return std::string(text.substr(0, kLongestValue)) + "… " + describe_secret(text);
}

/// A body that is read as a form by mistake is one long name.
std::string show_name(std::string_view name) {
  const bool is_plain = name.size() <= kLongestShownName && std::ranges::all_of(name, is_token_character);
  return is_plain && hide_tokens(name) == name ? std::string(name) : describe_secret(name);
}

}  // namespace

std::string hide_tokens(std::string_view text) {
  std::string hidden;
  // Each character once, however many tokens came.
  for (std::size_t at = 0; at < text.size();) {
    if (!begins_token(text.substr(at))) {
      hidden += text[at++];
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_token_character(text[end])) ++end;
    hidden += describe_secret(text.substr(at, end - at));
    at = end;
  }
  return hidden;
}

std::string show_parameter(std::string_view name, std::string_view value) {
  if (std::ranges::find(kShown, name) == kShown.end()) return describe_secret(value);
  // Cut first: a stranger's value may be long, and what is left of a token at its end is hidden like a whole one.
  return hide_tokens(cut(is_uri(value) ? show_uri(value) : std::string(value)));
}

std::vector<FlightNotes::Value> show_parameters(const Form& form) {
  std::vector<FlightNotes::Value> shown;
  for (const Form::Field& field : form.fields()) {
    if (shown.size() == kMostParameters) break;
    shown.push_back({show_name(field.name), show_parameter(field.name, field.value)});
  }
  return shown;
}

std::string authorization_link(const Form& form) {
  if (form.get_or_empty("client_id").empty()) return "";
  const auto is_there = [&](const char* name) { return !form.get_or_empty(name).empty(); };
  const auto of_this_sign_in = {"state", "nonce", "code_challenge", "request_uri"};
  if (std::ranges::none_of(of_this_sign_in, is_there)) return "";
  std::string parts;
  for (const auto* const name : {"client_id", "redirect_uri", "state", "nonce", "code_challenge", "request_uri"}) {
    parts += form.get_or_empty(name);
    parts += '\0';
  }
  constexpr std::size_t kBytes = 15;
  return base64url_encode(crypto::sha256(parts).view().substr(0, kBytes));
}

}  // namespace chatelaine::oauth
