#include "openapi/security_reader.hpp"

#include <algorithm>

namespace chatelaine::openapi {
namespace {

/// The scopes that one scheme of an alternative lists; false where that is no list of strings.
bool add_scopes(const json::value& list, Budget& budget, std::vector<std::string>& scopes) {
  if (!list.is_array()) return false;
  for (const json::value& scope : list.get_array()) {
    if (!scope.is_string()) return false;
    budget.take_text(scope.get_string().size());
    scopes.emplace_back(scope.get_string());
  }
  return true;
}

}  // namespace

bool SecurityReader::is_about_scopes(std::string_view scheme) const {
  const json::value* components = root_.if_contains("components");
  const json::object* object = components == nullptr ? nullptr : components->if_object();
  const json::value* schemes = object == nullptr ? nullptr : object->if_contains("securitySchemes");
  const json::object* list = schemes == nullptr ? nullptr : schemes->if_object();
  const json::value* member = list == nullptr ? nullptr : list->if_contains(scheme);
  const json::object* declared = member == nullptr ? nullptr : references_.follow_if_possible(*member);
  // A scheme that the file forgot to declare is taken for OAuth: a scope that is named must not be lost.
  if (declared == nullptr) return true;
  const json::string* type = find_string(*declared, "type");
  return type == nullptr || *type == "oauth2" || *type == "openIdConnect";
}

std::vector<std::string> SecurityReader::read_scopes(const json::object& operation, const std::string& pointer) const {
  const json::value* own = operation.if_contains("security");
  const json::value* security = own != nullptr ? own : root_.if_contains("security");
  if (security == nullptr) return {};
  const std::string place = own != nullptr ? pointer + "/security" : "/security";
  // Security that cannot be read is a fault everywhere: it must not pass as "no scope needed".
  const auto refuse = [&] {
    budget_.add_fault({place, "bad_security", "these security requirements cannot be read",
                       "a list of mappings from a scheme's name to a list of scopes"});
    return std::vector<std::string>();
  };
  if (!security->is_array()) return refuse();
  std::optional<std::vector<std::string>> first;
  bool allows_anybody = false;
  for (const json::value& entry : security->get_array()) {
    if (!entry.is_object()) return refuse();
    if (entry.get_object().empty()) allows_anybody = true;
    std::vector<std::string> scopes;
    bool names_oauth = false;
    budget_.take_text(0);
    for (const auto& [scheme, list] : entry.get_object()) {
      budget_.take_text(scheme.size());
      if (!is_about_scopes(scheme)) continue;
      names_oauth = true;
      if (!add_scopes(list, budget_, scopes)) return refuse();
    }
    if (names_oauth && !first) first = std::move(scopes);
  }
  if (!first || allows_anybody) return {};
  std::ranges::sort(*first);
  first->erase(std::ranges::unique(*first).begin(), first->end());
  return *std::move(first);
}

}  // namespace chatelaine::openapi
