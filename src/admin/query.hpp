#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/form.hpp"
#include "net/request.hpp"

/// What a page's query says. It comes from links of our own: what is broken counts as not said.
namespace chatelaine::admin {

[[nodiscard]] inline Form read_query(const net::Request& request) {
  auto form = parse_form(request.query);
  return form ? std::move(*form) : Form();
}

/// Decimal digits and nothing else.
[[nodiscard]] inline std::optional<std::int64_t> read_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

}  // namespace chatelaine::admin
