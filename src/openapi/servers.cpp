#include "openapi/servers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/uri.hpp"

namespace chatelaine::openapi {
namespace {

/// A server variable's default; real files write a number without quotes.
std::optional<std::string> read_default(const json::value* variable) {
  if (variable == nullptr || !variable->is_object()) return std::nullopt;
  const json::value* value = variable->get_object().if_contains("default");
  if (value == nullptr) return std::nullopt;
  if (value->is_number()) return fmt::format("{}", value->to_number<double>());
  return value->is_string() ? std::optional(std::string(value->get_string())) : std::nullopt;
}

/// OpenAPI 3.1 §4.8.5: `{name}` in a server's URL stands for what its variable says by default.
std::string fill_variables(std::string_view url, const json::object& server) {
  const json::value* member = server.if_contains("variables");
  const json::object* variables = member == nullptr ? nullptr : member->if_object();
  std::string filled;
  while (!url.empty()) {
    const std::size_t open = std::min(url.find('{'), url.size());
    filled += url.substr(0, open);
    url.remove_prefix(open);
    const std::size_t close = url.find('}');
    if (close == std::string_view::npos) return filled.append(url);
    const json::value* variable = variables == nullptr ? nullptr : variables->if_contains(url.substr(1, close - 1));
    filled += read_default(variable).value_or(std::string(url.substr(0, close + 1)));
    url.remove_prefix(close + 1);
  }
  return filled;
}

}  // namespace

std::vector<std::string> read_servers(const json::object& holder, Budget& budget) {
  std::vector<std::string> servers;
  const json::value* member = holder.if_contains("servers");
  const json::array* list = member == nullptr ? nullptr : member->if_array();
  if (list == nullptr) return servers;
  for (const json::value& entry : *list) {
    const json::object* server = entry.if_object();
    const json::string* url = server == nullptr ? nullptr : find_string(*server, "url");
    if (url == nullptr) continue;
    servers.push_back(fill_variables(*url, *server));
    budget.take_text(servers.back().size());
  }
  return servers;
}

std::optional<std::string> read_base_path(std::string_view server) {
  if (server.find('{') != std::string_view::npos) return std::nullopt;
  const auto url = resolve_url(parse_http_url("http://localhost/").value(), server);
  if (!url) return std::nullopt;
  std::string path = url->path;
  while (path.ends_with('/')) path.pop_back();
  return path;
}

}  // namespace chatelaine::openapi
