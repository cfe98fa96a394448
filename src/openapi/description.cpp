#include "openapi/description.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/uri.hpp"
#include "openapi/operation_reader.hpp"

namespace chatelaine::openapi {
namespace {

/// "3.0.1", also where the author wrote the number 3.1; nothing where the member is absent, as in some real files.
std::optional<std::string> read_version(const json::object& root, std::vector<Fault>& faults) {
  const std::string expected = "openapi: 3.0.x or 3.1.x";
  if (root.contains("swagger")) {
    faults.push_back({"/swagger", "swagger_2", "this is a Swagger 2.0 document", expected});
    return std::nullopt;
  }
  const json::value* member = root.if_contains("openapi");
  if (member == nullptr) return "";
  std::string version;
  if (const json::string* text = member->if_string()) {
    version = std::string(*text);
  } else if (member->is_number()) {
    version = fmt::format("{:.1f}", member->to_number<double>());
  }
  if (version == "3" || version.starts_with("3.")) return version;
  faults.push_back({"/openapi", "unsupported_version", "this is no version of OpenAPI that is understood", expected});
  return std::nullopt;
}

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

std::vector<std::string> read_servers(const json::object& root, Budget& budget) {
  std::vector<std::string> servers;
  const json::value* member = root.if_contains("servers");
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

void read_base_paths(Description& description) {
  if (!description.servers.empty()) description.base_path = read_base_path(description.servers.front()).value_or("");
  std::set<std::string> paths = {""};
  for (const std::string& server : description.servers) paths.insert(read_base_path(server).value_or(""));
  description.possible_base_paths.assign(paths.begin(), paths.end());
}

std::string read_title(const json::object& root) {
  const json::value* info = root.if_contains("info");
  const json::string* title =
      info == nullptr || !info->is_object() ? nullptr : find_string(info->get_object(), "title");
  return title == nullptr ? std::string() : std::string(*title);
}

/// An operationId that occurs twice cannot tell its operations apart: they go by method and path, so that each can be
/// called, and none is called for another.
void rename_repeated_ids(std::vector<Operation>& operations) {
  std::unordered_map<std::string, int> counts;
  for (const Operation& operation : operations) ++counts[operation.id];
  for (Operation& operation : operations)
    if (counts[operation.id] > 1) operation.id = make_operation_id(operation.method, operation.path);
}

}  // namespace

const Operation* Description::find_operation(std::string_view id) const {
  const auto found = std::ranges::find(operations, id, &Operation::id);
  return found == operations.end() ? nullptr : &*found;
}

std::optional<std::string> read_base_path(std::string_view server) {
  if (server.find('{') != std::string_view::npos) return std::nullopt;
  const auto url = resolve_url(parse_http_url("http://localhost/").value(), server);
  if (!url) return std::nullopt;
  std::string path = url->path;
  while (path.ends_with('/')) path.pop_back();
  return path;
}

std::expected<Description, std::vector<Fault>> read_description(std::string_view text) {
  const auto document = read_document(text);
  if (!document) return std::unexpected(std::vector{document.error()});
  std::vector<Fault> faults;
  const json::object* root = document->if_object();
  if (root == nullptr) {
    faults.push_back({"", "wrong_type", "the document is no mapping", "an OpenAPI description"});
    return std::unexpected(std::move(faults));
  }
  Description description;
  if (auto version = read_version(*root, faults)) description.version = *std::move(version);
  if (!faults.empty()) return std::unexpected(std::move(faults));
  description.title = read_title(*root);
  Budget budget;
  try {
    description.servers = read_servers(*root, budget);
    read_base_paths(description);
    read_operations(*document, budget, description);
  } catch (const Budget::Exceeded& exceeded) {
    faults = budget.release_faults();
    faults.push_back(exceeded.fault);
    return std::unexpected(std::move(faults));
  }
  faults = budget.release_faults();
  rename_repeated_ids(description.operations);
  if (faults.empty() && description.operations.empty()) {
    faults.push_back(
        {"/paths", "no_operations", "the document describes no operation", "at least one path and method"});
  }
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return description;
}

}  // namespace chatelaine::openapi
