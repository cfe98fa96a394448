#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "base/eight_bytes.hpp"

namespace chatelaine::net {

namespace detail {
enum : std::uint8_t { kTokenCharacter = 1, kFieldCharacter = 2, kTargetCharacter = 4 };

constexpr std::array<std::uint8_t, 256> make_character_classes() {
  std::array<std::uint8_t, 256> classes{};
  const auto mark = [&](std::string_view characters, std::uint8_t bits) {
    for (const char c : characters) classes[static_cast<unsigned char>(c)] |= bits;
  };
  mark("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", kTokenCharacter);
  mark("!#$%&'*+-.^_`|~", kTokenCharacter);
  for (unsigned c = 0x21; c <= 0x7e; ++c) classes[c] |= kFieldCharacter | kTargetCharacter;
  // RFC 9110 §5.5: blanks and obs-text may stand in a value.
  mark(" \t", kFieldCharacter);
  for (unsigned c = 0x80; c <= 0xff; ++c) classes[c] |= kFieldCharacter;
  // RFC 9112 §3.2: a fragment is no part of a request target; a proxy behind us might cut it off.
  classes['#'] &= static_cast<std::uint8_t>(~kTargetCharacter);
  return classes;
}
inline constexpr auto kCharacterClasses = make_character_classes();

/// Looks at every character, since nearly every text is right and a way out of the loop would cost more.
[[nodiscard]] inline bool are_all(std::string_view text, std::uint8_t bit) {
  std::uint8_t common = bit;
  for (const char c : text) common &= kCharacterClasses[static_cast<unsigned char>(c)];
  return common != 0;
}
}  // namespace detail

/// RFC 9110 §5.6.2: one or more token characters.
[[nodiscard]] inline bool is_token(std::string_view text) {
  return !text.empty() && detail::are_all(text, detail::kTokenCharacter);
}
/// RFC 9110 §5.5: visible characters, blanks and obs-text; no CR, LF, NUL or other control characters.
[[nodiscard]] inline bool is_field_value(std::string_view text) {
  // Values are long, and each is looked at by whoever takes it over: eight bytes at a time.
  while (text.size() >= EightBytes::kSize && !EightBytes(text).has_control()) {
    text.remove_prefix(EightBytes::kSize);
  }
  return detail::are_all(text, detail::kFieldCharacter);
}
/// Visible ASCII without `#`.
[[nodiscard]] inline bool is_target_text(std::string_view text) {
  return detail::are_all(text, detail::kTargetCharacter);
}

[[nodiscard]] inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// RFC 9112 §5.1: optional white space around a value is no part of it.
[[nodiscard]] inline std::string_view trim_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Takes the next element off a comma-separated list (RFC 9110 §5.6.1); empty elements come back empty.
[[nodiscard]] inline std::string_view take_element(std::string_view& list) {
  const std::size_t comma = std::min(list.find(','), list.size());
  const std::string_view element = trim_blanks(list.substr(0, comma));
  list.remove_prefix(std::min(comma + 1, list.size()));
  return element;
}

/// Value of a hexadecimal digit, or -1.
[[nodiscard]] constexpr int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace chatelaine::net
