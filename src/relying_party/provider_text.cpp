#include "relying_party/provider_text.hpp"

#include <algorithm>

namespace chatelaine::relying_party {

std::string quote_provider_text(std::string_view text, std::span<const std::string_view> secrets, std::size_t limit) {
  const bool repeats_secret = std::ranges::any_of(
      secrets, [&](std::string_view secret) { return !secret.empty() && text.find(secret) != std::string_view::npos; });
  if (repeats_secret) return {};
  std::string out(text.substr(0, limit));
  // RFC 6749 §5.2: %x20-21 / %x23-5B / %x5D-7E.
  std::ranges::replace_if(out, [](char c) { return c < 0x20 || c > 0x7e || c == '"' || c == '\\'; }, '?');
  if (text.size() > limit) out += "...";
  return out;
}

}  // namespace chatelaine::relying_party
