#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/contains.hpp"
#include "base/time.hpp"
#include "oauth/assistants/assistant_profile.hpp"

/// The values that a key of a profile may have: each is put in its place, or refused.
namespace chatelaine::app {

/// The error is the rest of a sentence that begins with the key: "must be …".
using ProfileTaken = std::expected<void, std::string>;

/// `"a", "b" or "c"`.
template <class T>
[[nodiscard]] std::string list_choices(std::span<const T> choices, auto name_of) {
  std::string names;
  for (std::size_t i = 0; i < choices.size(); ++i)
    names += fmt::format("{}\"{}\"", i == 0 ? "" : i + 1 == choices.size() ? " or " : ", ", name_of(choices[i]));
  return names;
}

inline constexpr auto kWireName = [](auto value) { return oauth::to_string(value); };
inline constexpr auto kShortName = [](oauth::GrantType type) { return oauth::short_name(type); };
inline constexpr auto kAsItIs = [](std::string_view name) { return name; };

template <class T>
[[nodiscard]] ProfileTaken keep_choice(const std::string& text, std::span<const T> choices, T& place) {
  const auto found = std::ranges::find(choices, text, kWireName);
  if (found == choices.end())
    return std::unexpected(fmt::format("must be {}, not \"{}\"", list_choices(choices, kWireName), text));
  place = *found;
  return {};
}

template <class T>
[[nodiscard]] ProfileTaken keep_choice(const std::string& text, std::span<const T> choices, std::optional<T>& place) {
  T choice{};
  const ProfileTaken taken = keep_choice(text, choices, choice);
  if (taken) place = choice;
  return taken;
}

/// Each once.
template <class T, class Kept>
[[nodiscard]] ProfileTaken keep_any(const std::vector<std::string>& texts, std::span<const T> choices, auto name_of,
                                    std::vector<Kept>& place) {
  place.clear();
  for (const std::string& text : texts) {
    const auto found = std::ranges::find(choices, text, name_of);
    if (found == choices.end())
      return std::unexpected(fmt::format("must hold {}, not \"{}\"", list_choices(choices, name_of), text));
    if (contains(place, Kept(*found)))
      return std::unexpected(fmt::format("must hold each once, and \"{}\" is there already", text));
    place.emplace_back(*found);
  }
  return {};
}

/// And one at least.
template <class T, class Kept>
[[nodiscard]] ProfileTaken keep_choices(const std::vector<std::string>& texts, std::span<const T> choices, auto name_of,
                                        std::vector<Kept>& place) {
  if (texts.empty()) return std::unexpected("must not be empty");
  return keep_any(texts, choices, name_of, place);
}

[[nodiscard]] ProfileTaken keep(auto value, auto& place) {
  place = std::move(value);
  return {};
}

/// Not empty, nor is one of a list.
[[nodiscard]] ProfileTaken keep_text(const std::string& text, std::string& place);
[[nodiscard]] ProfileTaken keep_texts(const std::vector<std::string>& texts, std::vector<std::string>& place);
/// Profiles' names, each once.
[[nodiscard]] ProfileTaken keep_names(const std::vector<std::string>& texts, std::vector<std::string>& place);
/// RFC 9110 §5.5: what a header can hold everywhere, and so ASCII alone.
[[nodiscard]] ProfileTaken keep_header(const std::string& text, std::optional<std::string>& place);
/// In whole seconds: answers count in them (`expires_in`), and so does what is known of waiting for answers.
[[nodiscard]] ProfileTaken keep_duration(const std::string& text, std::optional<seconds>& place);
/// A second at least.
[[nodiscard]] ProfileTaken keep_timeout(const std::string& text, std::optional<seconds>& place);
/// A title and an https URL each, one at least.
[[nodiscard]] ProfileTaken keep_sources(const std::vector<std::string>& texts, std::vector<std::string>& place);
/// What can stand between scopes: a blank or a comma.
[[nodiscard]] ProfileTaken keep_separator(const std::string& text, std::string& place);
/// What a blank may become in a form.
[[nodiscard]] ProfileTaken keep_blank(const std::string& text, std::string& place);
/// A release of the Model Context Protocol, which is a date.
[[nodiscard]] ProfileTaken keep_release(const std::string& text, std::string& place);
/// RFC 7518 §3.1, RFC 8037 §3.1.
[[nodiscard]] ProfileTaken keep_algorithm(const std::string& text, std::optional<crypto::SignatureAlgorithm>& place);
/// The URL of a client's metadata document, and the same with what would stand in a redirect URI's open part.
[[nodiscard]] ProfileTaken keep_document(const std::string& text, std::string& place);
[[nodiscard]] ProfileTaken keep_document_template(const std::string& text, std::string& place);

/// Small letters, digits and `-`.
[[nodiscard]] bool is_profile_name(std::string_view text);

}  // namespace chatelaine::app
