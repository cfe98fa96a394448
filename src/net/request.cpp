#include "net/request.hpp"

#include <algorithm>

#include "net/grammar.hpp"

namespace chatelaine::net {
namespace {

constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

bool detail::are_same_letters(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return x == y || to_lower(x) == to_lower(y); });
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const HeaderView& header : headers) {
    if (equals_ignoring_case(header.name, name)) return trim_blanks(header.value);
  }
  return std::nullopt;
}

bool Request::has_repeated_header(std::string_view name) const {
  return std::ranges::count_if(headers, [&](const HeaderView& h) { return equals_ignoring_case(h.name, name); }) > 1;
}

std::optional<std::string_view> Request::cookie(std::string_view name) const {
  std::optional<std::string_view> found;
  for (const HeaderView& header : headers) {
    if (!equals_ignoring_case(header.name, "Cookie")) continue;
    for (std::string_view rest = header.value; !rest.empty();) {
      const std::size_t semicolon = std::min(rest.find(';'), rest.size());
      const std::string_view pair = trim_blanks(rest.substr(0, semicolon));
      rest.remove_prefix(std::min(semicolon + 1, rest.size()));
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
      const std::string_view value = pair.substr(equals + 1);
      // Somebody else may have planted the second one (a sibling domain): neither can be trusted.
      if (found && *found != value) return std::nullopt;
      found = value;
    }
  }
  return found;
}

Task<std::expected<std::string, BodyError>> read_whole_body(const Request& request, std::size_t limit) {
  std::string body;
  if (request.body == nullptr) co_return body;
  const std::optional<std::uint64_t> announced = request.body->announced_length();
  if (announced && *announced > limit) co_return std::unexpected(BodyError::too_large);
  while (true) {
    const auto piece = co_await request.body->read();
    if (!piece) co_return std::unexpected(piece.error());
    if (piece->empty()) co_return body;
    if (piece->size() > limit - body.size()) co_return std::unexpected(BodyError::too_large);
    body += *piece;
  }
}

}  // namespace chatelaine::net
