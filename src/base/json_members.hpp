#pragma once

#include <string_view>

#include "base/json.hpp"

/// What the members of a stranger's JSON object say, where one of another type says nothing.
namespace chatelaine {

/// A string member's text, which lives as long as the object; empty where it is absent or of another type.
[[nodiscard]] std::string_view text_of(const json::object& object, std::string_view name);
/// Whether the member is `true`.
[[nodiscard]] bool is_true(const json::object& object, std::string_view name);
/// Whether the member is an array that has the string `wanted`.
[[nodiscard]] bool lists(const json::object& object, std::string_view name, std::string_view wanted);

}  // namespace chatelaine
