#include <algorithm>
#include <optional>

#include "accounts/accounts.hpp"

namespace chatelaine::accounts {
namespace {

constexpr std::size_t kLeastPasswordCharacters = 8;
constexpr std::size_t kMostPasswordBytes = 1024;
// RFC 5321 §4.5.3.1.3: a path has 256 octets, two of them its angle brackets.
constexpr std::size_t kMostEmailBytes = 254;

unsigned char byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

// RFC 3629 §4: the length of the well-formed sequence at `at`; 0: there is none.
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto within = [&](std::size_t offset, unsigned least, unsigned most) {
    return byte_at(text, at + offset) >= least && byte_at(text, at + offset) <= most;
  };
  const unsigned first = byte_at(text, at);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return within(1, 0x80, 0xBF) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned least = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned most = first == 0xED ? 0x9F : 0xBF;
    return within(1, least, most) && within(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned least = first == 0xF0 ? 0x90 : 0x80;
    const unsigned most = first == 0xF4 ? 0x8F : 0xBF;
    return within(1, least, most) && within(2, 0x80, 0xBF) && within(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

// How many code points; nothing where the text is not UTF-8.
std::optional<std::size_t> count_characters(std::string_view text) {
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++characters) {
    const std::size_t length = utf8_length(text, at);
    if (length == 0) return std::nullopt;
    at += length;
  }
  return characters;
}

bool is_white_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

std::expected<void, std::string> check_new_password(const crypto::Password& password) {
  const std::string_view text = password.reveal();
  if (text.empty()) return std::unexpected("Type a new password.");
  if (text.size() > kMostPasswordBytes) return std::unexpected("Take a shorter one: at most 1024 bytes.");
  const auto characters = count_characters(text);
  if (!characters) return std::unexpected("Take characters that can be typed again: this was not readable text.");
  // NIST SP 800-63B §5.1.1.2: at least eight, each code point being one; no rule about which.
  if (*characters < kLeastPasswordCharacters) return std::unexpected("Take at least 8 characters.");
  if (std::ranges::all_of(text, is_white_space)) return std::unexpected("Take more than blanks.");
  return {};
}

std::expected<void, std::string> check_email(std::string_view email) {
  if (email.empty()) return std::unexpected("An e-mail address is needed.");
  if (email.size() > kMostEmailBytes) return std::unexpected("An e-mail address has at most 254 characters.");
  const auto is_unfit = [](char c) { return is_white_space(c) || static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
  if (std::ranges::any_of(email, is_unfit) || !count_characters(email)) {
    return std::unexpected("An e-mail address has no blanks or control characters.");
  }
  const auto at = email.find('@');
  if (at == 0 || at == std::string_view::npos || at + 1 == email.size() || email.find('@', at + 1) != email.npos) {
    return std::unexpected("An e-mail address looks like name@example.com.");
  }
  return {};
}

bool is_subject(std::string_view text) {
  return !text.empty() && text.size() <= 255 && !text.starts_with(' ') && !text.ends_with(' ') &&
         std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace chatelaine::accounts
