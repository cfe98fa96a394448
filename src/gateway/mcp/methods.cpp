#include "gateway/mcp/methods.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace chatelaine::gateway::mcp {
namespace {

constexpr std::size_t kPageSize = 250;
/// Release 2026-07-28, caching: for how long a list counts as fresh where no change is told.
constexpr std::int64_t kFreshMilliseconds = 60'000;

json::object describe_server(const McpSettings& settings) {
  return {{"name", settings.name}, {"title", settings.title}, {"version", settings.version}};
}

json::object list_capabilities() { return {{"tools", json::object{{"listChanged", true}}}}; }

/// Only those with the same credentials may be given the same answer.
void add_caching(json::object& result) {
  result["ttlMs"] = kFreshMilliseconds;
  result["cacheScope"] = "private";
}

/// A cursor is the list's tag and where the page begins; nothing where it is of another list.
std::optional<std::size_t> read_cursor(const McpSettings& settings, std::string_view cursor) {
  const std::string before = settings.list_tag + '.';
  if (!cursor.starts_with(before)) return std::nullopt;
  cursor.remove_prefix(before.size());
  std::size_t start = 0;
  const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), start);
  if (error != std::errc{} || end != cursor.data() + cursor.size() || start > settings.tools.size())
    return std::nullopt;
  return start;
}

}  // namespace

json::object initialize(const McpSettings& settings, Release release) {
  json::object result{{"protocolVersion", to_string(release)},
                      {"capabilities", list_capabilities()},
                      {"serverInfo", describe_server(settings)}};
  if (!settings.instructions.empty()) result["instructions"] = settings.instructions;
  return result;
}

json::object discover(const McpSettings& settings) {
  json::array versions;
  for (const Release release : kReleases) versions.emplace_back(to_string(release));
  json::object result{{"supportedVersions", std::move(versions)}, {"capabilities", list_capabilities()}};
  if (!settings.instructions.empty()) result["instructions"] = settings.instructions;
  add_caching(result);
  return result;
}

std::expected<json::object, MessageError> list_tools(const McpSettings& settings, Release release,
                                                     const json::object& params) {
  std::size_t start = 0;
  if (const json::value* cursor = params.if_contains("cursor"); cursor != nullptr && !cursor->is_null()) {
    const auto read = cursor->is_string() ? read_cursor(settings, cursor->get_string()) : std::nullopt;
    if (!read)
      return std::unexpected(MessageError{ErrorCode::invalid_params,
                                          "The cursor is none of this list, which may have changed: begin anew.", 200});
    start = *read;
  }
  const std::size_t end = std::min(start + kPageSize, settings.tools.size());
  json::array tools;
  for (std::size_t i = start; i < end; ++i) tools.push_back(settings.tools[i].description);
  json::object result{{"tools", std::move(tools)}};
  if (end < settings.tools.size()) result["nextCursor"] = fmt::format("{}.{}", settings.list_tag, end);
  if (is_stateless(release)) add_caching(result);
  return result;
}

std::expected<const openapi::Tool*, MessageError> find_tool(const McpSettings& settings, const json::object& params) {
  const json::string* name = find_string(params, "name");
  const auto found = std::ranges::find_if(settings.tools, [name](const OfferedTool& offered) {
    return name != nullptr && offered.tool.name == std::string_view(*name);
  });
  if (found == settings.tools.end())
    return std::unexpected(MessageError{ErrorCode::invalid_params, "Unknown tool: see tools/list.", 200});
  const json::value* arguments = params.if_contains("arguments");
  if (arguments != nullptr && !arguments->is_object())
    return std::unexpected(MessageError{ErrorCode::invalid_params, "The arguments are no object.", 200});
  return &found->tool;
}

json::object complete(json::object result, const McpSettings& settings, Release release) {
  if (!is_stateless(release)) return result;
  result["resultType"] = "complete";
  result["_meta"] = json::object{{"io.modelcontextprotocol/serverInfo", describe_server(settings)}};
  return result;
}

}  // namespace chatelaine::gateway::mcp
