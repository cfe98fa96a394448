#pragma once

#include <algorithm>
#include <ranges>

namespace chatelaine {

/// Whether the list has the value: std::ranges::contains, which GCC 12 does not have yet.
template <std::ranges::input_range List, class Value>
[[nodiscard]] constexpr bool contains(const List& list, const Value& value) {
  return std::ranges::find(list, value) != std::ranges::end(list);
}

}  // namespace chatelaine
