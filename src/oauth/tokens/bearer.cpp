#include "oauth/tokens/bearer.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace chatelaine::oauth {
namespace {

constexpr auto kIsBodyCharacter = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/")) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}();

/// RFC 6750 §2.1: b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=".
bool is_b64token(std::string_view text) {
  const std::string_view body = text.substr(0, std::min(text.find('='), text.size()));
  const std::string_view padding = text.substr(body.size());
  // Every character is looked at: nearly every token is right, and a way out of the loop would cost more.
  bool is_right = !body.empty();
  for (const char c : body) is_right &= kIsBodyCharacter[static_cast<unsigned char>(c)];
  return is_right && padding.find_first_not_of('=') == std::string_view::npos;
}

}  // namespace

std::optional<std::string_view> parse_bearer_header(std::string_view header) {
  constexpr std::string_view kScheme = "bearer ";
  const auto is_same_letter = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  if (!std::ranges::equal(header.substr(0, kScheme.size()), kScheme, is_same_letter)) return std::nullopt;
  header.remove_prefix(kScheme.size());
  header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
  if (!is_b64token(header)) return std::nullopt;
  return header;
}

}  // namespace chatelaine::oauth
