#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "oauth/oauth_error.hpp"
#include "oauth/vocabulary.hpp"

/// The kinds of value that client metadata holds (RFC 7591 §2), each bounded: whoever sends them is a stranger, and
/// they are kept. `name` is the member's, for the sentence of an error; its code is invalid_client_metadata.
namespace chatelaine::oauth {

inline constexpr std::size_t kLongestName = 100;  // characters
inline constexpr std::size_t kLongestWord = 200;
inline constexpr std::size_t kLongestText = 2000;
inline constexpr std::size_t kMostElements = 20;

/// "The member 'NAME' REASON."
[[nodiscard]] std::unexpected<OAuthError> refuse_member(std::string_view name, std::string_view reason);

/// At most `most` characters, none of them a control character or one that turns the direction of what follows.
[[nodiscard]] Result<std::string> read_text(std::string_view name, const json::value& value, std::size_t most);
[[nodiscard]] Result<bool> read_flag(std::string_view name, const json::value& value);
/// At most kMostElements texts of at most kLongestText characters.
[[nodiscard]] Result<std::vector<std::string>> read_texts(std::string_view name, const json::value& value);
/// An absolute https URL. It is never fetched here (CVE-2021-26715).
[[nodiscard]] Result<std::string> read_https_url(std::string_view name, const json::value& value);
/// Each as check_redirect_uri_registration wants it; one that comes twice counts once.
[[nodiscard]] Result<std::vector<RedirectUri>> read_redirect_uris(std::string_view name, const json::value& value);
/// A JWK Set (RFC 7517 §5) of public keys, as JSON text.
[[nodiscard]] Result<std::string> read_jwks(std::string_view name, const json::value& value);
/// Whether it is a text of three base64url parts, the first two of them JSON objects (RFC 7515 §7.1).
[[nodiscard]] bool is_shaped_as_jws(const json::value& value);

/// One of `choices`, by its wire name.
template <class Choices>
Result<typename Choices::value_type> find_choice(std::string_view name, std::string_view text, const Choices& choices) {
  std::string names;
  for (const auto choice : choices) {
    if (text == to_string(choice)) return choice;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", to_string(choice));
  }
  return refuse_member(name, fmt::format("cannot be '{}'; supported: {}", text.substr(0, 100), names));
}

template <class Choices>
Result<typename Choices::value_type> read_choice(std::string_view name, const json::value& value,
                                                 const Choices& choices) {
  const auto text = read_text(name, value, kLongestText);
  if (!text) return std::unexpected(text.error());
  return find_choice(name, *text, choices);
}

/// The same for a list; one that comes twice counts once.
template <class Choices>
Result<std::vector<typename Choices::value_type>> read_choices(std::string_view name, const json::value& value,
                                                               const Choices& choices) {
  const auto texts = read_texts(name, value);
  if (!texts) return std::unexpected(texts.error());
  std::vector<typename Choices::value_type> chosen;
  for (const std::string& text : *texts) {
    const auto choice = find_choice(name, text, choices);
    if (!choice) return std::unexpected(choice.error());
    if (std::ranges::find(chosen, *choice) == chosen.end()) chosen.push_back(*choice);
  }
  return chosen;
}

}  // namespace chatelaine::oauth
