#include "app/wiring/api_description.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "app/config/values.hpp"
#include "base/ascii.hpp"
#include "base/block_on.hpp"
#include "base/json.hpp"
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
    // A tree: this path and all below it.
    if (route == "*") return true;
  }
  return route.empty() && path.empty();
}

constexpr std::string_view kMethods[] = {"get", "put", "post", "delete", "options", "head", "patch", "trace"};

/// `/v1` of the description's `/api/v1` where the upstream's URL has `/api` already, which is added behind us.
std::string cut_upstream_path(const std::string& base, const std::optional<HttpUrl>& upstream) {
  std::string added = upstream ? upstream->path : "";
  while (added.ends_with('/')) added.pop_back();
  const bool is_in_base = base == added || base.starts_with(added + "/");
  return is_in_base ? base.substr(added.size()) : base;
}

json::object* find_object(json::object* object, std::string_view name) {
  json::value* member = object == nullptr ? nullptr : object->if_contains(name);
  return member == nullptr ? nullptr : member->if_object();
}

/// Takes out the servers that paths and operations name for themselves: they would lead past the gateway. How many.
std::size_t remove_servers(json::object* paths) {
  std::size_t count = 0;
  if (paths == nullptr) return count;
  for (auto& [path, item] : *paths) {
    json::object* object = item.if_object();
    if (object == nullptr) continue;
    count += object->erase("servers");
    for (const std::string_view method : kMethods)
      if (json::object* operation = find_object(object, method)) count += operation->erase("servers");
  }
  return count;
}

/// Where a reader of our copy sends its calls: here, as an absolute URL, since the importer of GPT Actions takes no
/// other. A text that says so already stays as its author wrote it.
void name_public_server(ApiDescription& api, const HttpUrl& issuer) {
  const openapi::Description& description = api.description;
  const std::string url = issuer.origin() + (description.base_path.empty() ? "/" : description.base_path);
  auto document = openapi::read_document(api.text).value();
  json::object& root = document.get_object();
  const std::size_t inner = remove_servers(find_object(&root, "paths")) +
                            remove_servers(find_object(find_object(&root, "components"), "pathItems"));
  const auto first = parse_http_url(description.servers.empty() ? "" : description.servers.front());
  const bool is_here = description.servers.size() == 1 && first && first->text == parse_http_url(url)->text;
  if (is_here && inner == 0) return;
  root["servers"] = json::array{json::object{{"url", url}}};
  // JSON is YAML 1.2 as well: the path's name stays true.
  api.text = pretty_json(document);
  api.content_type = "application/json";
}

/// `; did you mean …?` for a slip of the case, else the names that there are.
std::string suggest_operation(const openapi::Description& description, std::string_view name) {
  const auto is_close = [&](const openapi::Operation& operation) { return to_lower(operation.id) == to_lower(name); };
  const auto close = std::ranges::find_if(description.operations, is_close);
  if (close != description.operations.end()) return fmt::format("; did you mean \"{}\"?", close->id);
  constexpr std::size_t kMost = 12;
  std::string names;
  for (std::size_t i = 0; i < std::min(kMost, description.operations.size()); ++i)
    names += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", description.operations[i].id);
  return fmt::format("; it has {}{}", names, description.operations.size() > kMost ? ", …" : "");
}

/// What leaves the path to the API.
std::string_view find_way_out(std::string_view route) {
  return route.ends_with("/mcp") || route.ends_with("/mcp/") ? "turn our MCP server off with [mcp] enabled = false"
                                                             : "move our pages with [paths] prefix";
}

}  // namespace

std::expected<ApiDescription, std::string> read_api_description(const std::string& file) {
  // It opens like a file, and cannot be read like one.
  std::error_code unknown;
  if (std::filesystem::is_directory(file, unknown))
    return std::unexpected(fmt::format("[api] openapi: {} is a directory, and no file", file));
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::unexpected(fmt::format("[api] openapi: {} cannot be read", file));
  ApiDescription api;
  api.text.assign(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  auto description = openapi::read_description(api.text, openapi::Care::whole);
  if (!description) {
    std::string sentence = fmt::format("[api] openapi: {} is not an OpenAPI description that can be used:", file);
    for (const openapi::Fault& fault : description.error()) sentence += "\n  " + openapi::to_sentence(fault);
    return std::unexpected(std::move(sentence));
  }
  api.description = std::move(*description);
  const auto start = api.text.find_first_not_of(" \t\r\n");
  api.content_type = start != std::string::npos && api.text[start] == '{' ? "application/json" : "application/yaml";
  return api;
}

std::expected<std::string, std::string> find_base_path(const openapi::Description& description,
                                                       const ApiConfiguration& api) {
  if (api.base_path) return *api.base_path;
  if (description.server_fault)
    return std::unexpected(
        fmt::format("[api] openapi: {}: {}", api.openapi, openapi::to_sentence(*description.server_fault)));
  return cut_upstream_path(description.base_path, api.upstream);
}

NewlyOpened note_openings(ApiDescription& api, storage::Openings& openings, Instant now) {
  std::map<std::string, const openapi::Operation*> operations;
  std::vector<storage::Opening> open;
  for (const openapi::Operation& operation : api.description.operations) {
    if (operation.demand == openapi::Demand::closed) continue;
    const std::string name = operation.method + " " + api.description.base_path + operation.path;
    operations.emplace(name, &operation);
    open.push_back({name, oauth::Scope(operation.scopes), {}});
  }
  NewlyOpened opened;
  for (const storage::Opening& opening : block_on(openings.keep_openings(open, now))) {
    if (opening.since == Instant()) continue;
    const bool is_for_all = opening.scope.empty();
    if (!is_for_all) api.opened_since.emplace(operations.at(opening.operation)->id, opening.since);
    if (opening.since != now) continue;
    if (is_for_all)
      opened.to_all.push_back(opening.operation);
    else
      opened.by_scope.push_back(fmt::format("{} by {}", opening.operation, opening.scope.to_string()));
  }
  return opened;
}

bool has_no_api(const ApiConfiguration& api) { return !api.openapi.empty() && !api.upstream && !api.check; }

std::vector<openapi::ScopeOpening> list_openings(const ProviderConfiguration& configuration) {
  std::vector<openapi::ScopeOpening> openings;
  openings.reserve(configuration.scopes.size());
  for (const ScopeConfiguration& scope : configuration.scopes)
    openings.push_back({scope.name, scope.description, scope.operations});
  return openings;
}

std::expected<ApiDescription, std::string> read_exposed_api(const ProviderConfiguration& configuration) {
  auto api = read_api_description(configuration.api.openapi);
  if (!api) return api;
  openapi::Description& description = api->description;
  if (auto base = find_base_path(description, configuration.api))
    description.base_path = *std::move(base);
  else
    return std::unexpected(std::move(base).error());
  name_public_server(*api, configuration.issuer);
  const auto refuse_name = [&](std::string_view place, std::string_view name) {
    return std::unexpected(fmt::format("{} names \"{}\", which {} does not have{}", place, name,
                                       configuration.api.openapi, suggest_operation(description, name)));
  };
  if (const auto opened = openapi::open_operations(description, list_openings(configuration)); !opened)
    return refuse_name(fmt::format("[[scope]] \"{}\": operations", opened.error().scope), opened.error().operation);
  if (const auto closed = openapi::close_operations(description, configuration.api.closed); !closed)
    return refuse_name("[api] closed", closed.error());
  return api;
}

std::vector<std::string> find_path_conflicts(const openapi::Description& description,
                                             const std::vector<std::string>& routes) {
  std::vector<std::string> conflicts;
  const std::string& base = description.base_path;
  for (const openapi::Operation& operation : description.operations) {
    const std::string path = base + operation.path;
    // The first says enough: `/mcp` and `/mcp/` are one place.
    const auto route = std::ranges::find_if(routes, [&path](std::string_view one) { return claims(one, path); });
    if (route == routes.end()) continue;
    conflicts.push_back(fmt::format("{} {} of the API's OpenAPI is a path of our own ({}); {}, or move the API's",
                                    operation.method, path, *route, find_way_out(*route)));
  }
  return conflicts;
}

openapi::Tools make_api_tools(const ApiDescription& api) {
  return openapi::make_tools(openapi::read_document(api.text).value(), api.description);
}

}  // namespace chatelaine::app
