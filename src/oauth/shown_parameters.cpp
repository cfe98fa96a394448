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
constexpr std::string_view kMark = "…";

bool is_token_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

/// How our own tokens begin (oauth/handle.hpp), and every JWT.
bool begins_token(std::string_view text) { return text.starts_with("ctl_") || text.starts_with("eyJ"); }

/// `https://u:p@a.example/cb?x=1` as `https://…@a.example/cb?…`, with that mark. What begins with the colon is read the
/// same.
std::string mask_uri(std::string_view uri, std::string_view mark) {
  std::string masked;
  const std::size_t query = std::min(uri.find_first_of("?#"), uri.size());
  std::size_t shown = 0;
  if (const std::size_t colon = uri.substr(0, query).find("://"); colon != std::string_view::npos) {
    const std::size_t begin = colon + 3;
    const std::size_t end = std::min(uri.find_first_of("/?#", begin), uri.size());
    if (const std::size_t at = uri.substr(begin, end - begin).rfind('@'); at != std::string_view::npos) {
      masked.append(uri.substr(0, begin)).append(mark);
      shown = begin + at;
    }
  }
  masked += uri.substr(shown, query - shown);
  if (query == uri.size()) return masked;
  masked += uri[query];
  return query + 1 == uri.size() ? masked : masked.append(mark);
}

/// Where the URI ends that begins a text: before what none holds, and before what ends the sentence rather than it.
std::size_t find_uri_end(std::string_view text) {
  std::size_t end = std::min(text.find_first_of(" \t\r\n\"<>"), text.size());
  while (end > 0 && std::string_view(".,;:!'()[]{}").find(text[end - 1]) != std::string_view::npos) --end;
  return end;
}

bool is_uri(std::string_view name, std::string_view value) {
  return name.ends_with("redirect_uri") || value.find("://") != std::string_view::npos;
}

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

std::string show_text(std::string_view text) {
  std::string shown;
  for (;;) {
    const std::size_t colon = text.find(":/");
    if (colon == std::string_view::npos) break;
    shown += text.substr(0, colon);
    text.remove_prefix(colon);
    // At least the colon, which is no part of what follows it.
    const std::size_t end = std::max<std::size_t>(find_uri_end(text), 1);
    shown += mask_uri(text.substr(0, end), kMark);
    text.remove_prefix(end);
  }
  // Last, since what hides a token has a blank, where a URI ends.
  return hide_tokens(shown.append(text));
}

std::string quote_uri(std::string_view text) {
  constexpr std::size_t kLongest = 200;
  return "'" + hide_tokens(mask_uri(text, "...").substr(0, kLongest)) + "'";
}

std::string show_parameter(std::string_view name, std::string_view value) {
  if (std::ranges::find(kShown, name) == kShown.end()) return describe_secret(value);
  // Cut first: a stranger's value may be long, and what is left of a token at its end is hidden like a whole one.
  return hide_tokens(cut(is_uri(name, value) ? mask_uri(value, kMark) : std::string(value)));
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
