#pragma once

#include <optional>
#include <string_view>

#include "openapi/reference.hpp"

namespace chatelaine::openapi {

/// What stands for an answer that is no object: before release 2026-07-28 of MCP, structured content had to be one.
inline constexpr std::string_view kResultMember = "result";

/// The schema of an operation's good answers, each described as the same JSON; nothing where they differ, or where it
/// is left open whether they are objects. Always of type object: another answer is its only member, `result`.
[[nodiscard]] std::optional<json::object> read_output(const json::object& operation, const References& references,
                                                      std::size_t& text_left);

}  // namespace chatelaine::openapi
