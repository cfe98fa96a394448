#include "openapi/description.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <unordered_map>

#include "openapi/fault_lines.hpp"
#include "openapi/operation_reader.hpp"
#include "openapi/servers.hpp"
#include "openapi/shape_check.hpp"

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

/// Of the first server, as it is with its variables' defaults.
Fault find_server_fault(const json::object& root, std::string_view url) {
  // What has no URL is not among the servers.
  const json::array& servers = root.at("servers").get_array();
  const auto first = std::ranges::find_if(servers, [](const json::value& server) {
    return server.is_object() && find_string(server.get_object(), "url") != nullptr;
  });
  return {fmt::format("/servers/{}/url", first - servers.begin()), "bad_server",
          fmt::format("the server {} cannot be read", shorten(url)),
          "a URL of http or https, and a default for each of its variables; or [api] base_path in the configuration, "
          "which says what stands before the paths"};
}

/// Control characters as JSON writes them.
std::string to_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool is_control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    if (c == '\t')
      line += "\\t";
    else if (c == '\n')
      line += "\\n";
    else
      line += is_control ? fmt::format("\\u{:04x}", static_cast<unsigned char>(c)) : std::string(1, c);
  }
  return line;
}

/// An operationId that occurs twice cannot tell its operations apart: they go by method and path, so that each can be
/// called, and none is called for another.
void rename_repeated_ids(std::vector<Operation>& operations) {
  std::unordered_map<std::string, int> counts;
  for (const Operation& operation : operations) ++counts[operation.id];
  for (Operation& operation : operations)
    if (counts[operation.id] > 1) operation.id = make_operation_id(operation.method, operation.path);
}

/// What the reading of operations passes over. It has a budget of its own: it looks at the same text again.
void add_faults_of_shape(const json::value& document, std::vector<Fault>& faults) {
  Budget budget(Care::whole);
  std::vector<Fault> more;
  try {
    check_shapes(document, budget);
    more = budget.release_faults();
  } catch (const Budget::Exceeded& exceeded) {
    more = budget.release_faults();
    more.push_back(exceeded.fault);
  }
  std::ranges::copy_if(more, std::back_inserter(faults), [&faults](const Fault& fault) {
    return std::ranges::none_of(faults, [&fault](const Fault& told) { return told.path == fault.path; });
  });
}

std::expected<Description, std::vector<Fault>> understand(const json::value& document, Care care) {
  std::vector<Fault> faults;
  const json::object* root = document.if_object();
  if (root == nullptr) {
    faults.push_back({"", "wrong_type", "the document is no mapping", "an OpenAPI description"});
    return std::unexpected(std::move(faults));
  }
  Description description;
  if (auto version = read_version(*root, faults)) description.version = *std::move(version);
  if (!faults.empty()) return std::unexpected(std::move(faults));
  description.title = read_title(*root);
  Budget budget(care);
  try {
    description.servers = read_servers(*root, budget);
    read_base_paths(description);
    read_operations(document, budget, description);
  } catch (const Budget::Exceeded& exceeded) {
    faults = budget.release_faults();
    faults.push_back(exceeded.fault);
    return std::unexpected(std::move(faults));
  }
  faults = budget.release_faults();
  if (care == Care::whole) add_faults_of_shape(document, faults);
  rename_repeated_ids(description.operations);
  if (faults.empty() && description.operations.empty()) {
    faults.push_back(
        {"/paths", "no_operations", "the document describes no operation", "at least one path and method"});
  }
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return description;
}

}  // namespace

const Operation* Description::find_operation(std::string_view id) const {
  const auto found = std::ranges::find(operations, id, &Operation::id);
  return found == operations.end() ? nullptr : &*found;
}

std::string to_sentence(const Fault& fault) {
  const std::string line = fault.line == 0 ? "" : fmt::format("line {}", fault.line);
  const std::string_view between = line.empty() || fault.path.empty() ? "" : ", ";
  return fmt::format("{}{}{}: {} (expected: {})", line, between, to_line(fault.path), to_line(fault.message),
                     fault.expected);
}

std::expected<Description, std::vector<Fault>> read_description(std::string_view text, Care care) {
  const auto document = read_document(text);
  if (!document) return std::unexpected(std::vector{document.error()});
  auto description = understand(*document, care);
  if (!description) {
    add_lines(text, description.error());
  } else if (!description->servers.empty() && !read_base_path(description->servers.front())) {
    std::vector fault{find_server_fault(document->get_object(), description->servers.front())};
    add_lines(text, fault);
    description->server_fault = std::move(fault.front());
  }
  return description;
}

}  // namespace chatelaine::openapi
