#include "app/wiring/api_description.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "base/uri.hpp"

namespace chatelaine::app {
namespace {

std::string_view take_segment(std::string_view& path) {
  const auto slash = path.find('/');
  const std::string_view segment = path.substr(0, slash);
  path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  return segment;
}

bool claims(std::string_view route, std::string_view path) {
  while (!route.empty() && !path.empty()) {
    const std::string_view ours = take_segment(route);
    const std::string_view theirs = take_segment(path);
    if (ours.starts_with('{') ? theirs.empty() : ours != theirs) return false;
  }
  return route.empty() && path.empty();
}

/// `/v1` of `https://api.example.com/v1/` and of `/v1`.
std::string server_path(const openapi::Description& description) {
  if (description.servers.empty()) return "";
  const std::string& server = description.servers.front();
  const auto url = parse_http_url(server);
  std::string path = url ? url->path : server.starts_with('/') ? server : "";
  while (path.ends_with('/')) path.pop_back();
  return path;
}

}  // namespace

std::expected<ApiDescription, std::string> read_api_description(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::unexpected(fmt::format("[api] openapi: {} cannot be read", file));
  ApiDescription api;
  api.text.assign(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  auto description = openapi::read_description(api.text);
  if (!description) {
    std::string sentence = fmt::format("[api] openapi: {} is not an OpenAPI description that can be used:", file);
    for (const openapi::Fault& fault : description.error())
      sentence += fmt::format("\n  {}: {} (expected: {})", fault.path, fault.message, fault.expected);
    return std::unexpected(std::move(sentence));
  }
  api.description = std::move(*description);
  const auto start = api.text.find_first_not_of(" \t\r\n");
  api.content_type = start != std::string::npos && api.text[start] == '{' ? "application/json" : "application/yaml";
  return api;
}

std::vector<std::string> find_path_conflicts(const openapi::Description& description,
                                             const std::vector<std::string>& routes) {
  std::vector<std::string> conflicts;
  const std::string base = server_path(description);
  for (const openapi::Operation& operation : description.operations)
    for (const std::string& route : routes)
      if (claims(route, base + operation.path))
        conflicts.push_back(fmt::format(
            "{} {}{} of the API's OpenAPI is a path of our own ({}); move our pages with [paths] prefix, or "
            "the API's path",
            operation.method, base, operation.path, route));
  return conflicts;
}

}  // namespace chatelaine::app
