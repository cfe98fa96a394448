#include "openapi/description.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

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

std::vector<std::string> read_servers(const json::object& root) {
  std::vector<std::string> servers;
  const json::value* member = root.if_contains("servers");
  const json::array* list = member == nullptr ? nullptr : member->if_array();
  if (list == nullptr) return servers;
  for (const json::value& entry : *list) {
    const json::object* server = entry.if_object();
    const json::string* url = server == nullptr ? nullptr : find_string(*server, "url");
    if (url != nullptr) servers.emplace_back(*url);
  }
  return servers;
}

/// An operationId that occurs twice cannot tell its operations apart: the later ones go by method and path, so that
/// each can still be called.
void rename_repeated_ids(std::vector<Operation>& operations) {
  std::unordered_set<std::string> earlier;
  for (Operation& operation : operations) {
    if (earlier.contains(operation.id)) operation.id = make_operation_id(operation.method, operation.path);
    earlier.insert(operation.id);
  }
}

}  // namespace

const Operation* Description::find_operation(std::string_view id) const {
  const auto found = std::ranges::find(operations, id, &Operation::id);
  return found == operations.end() ? nullptr : &*found;
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
  description.servers = read_servers(*root);
  Budget budget;
  try {
    description.operations = read_operations(*document, budget);
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
