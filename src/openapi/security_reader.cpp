#include "openapi/security_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

namespace chatelaine::openapi {
namespace {

/// RFC 6749 §3.3: scope-token.
bool is_scope_token(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; });
}

/// The scopes that one scheme of an alternative, at `place`, lists; false where that is no list of strings. One that no
/// token could carry leaves an operation that nobody could ever call.
bool add_scopes(const json::value& list, const std::string& place, Budget& budget, std::vector<std::string>& scopes) {
  if (!list.is_array()) return false;
  for (const json::value& scope : list.get_array()) {
    if (!scope.is_string()) return false;
    const std::string_view text(scope.get_string());
    budget.take_text(text.size());
    if (!is_scope_token(text))
      budget.add_defect({fmt::format("{}/{}", place, &scope - list.get_array().data()), "bad_scope",
                         fmt::format("the scope \"{}\" is none that a token can carry", shorten(text)),
                         "one word, without blanks, quotes and backslashes"});
    scopes.emplace_back(text);
  }
  return true;
}

const json::object* find_object(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains(name);
  return member == nullptr ? nullptr : member->if_object();
}

/// Collects what is declared, each name once: a stranger's file can declare hundreds of thousands.
class DeclaredReader {
 public:
  explicit DeclaredReader(Budget& budget) : budget_(budget) {}

  void add(const json::object& declared) {
    for (const auto& [name, sentence] : declared) {
      budget_.take_text(name.size());
      if (!known_.insert(name).second) continue;
      const json::string* text = sentence.if_string();
      budget_.take_text(text == nullptr ? 0 : text->size());
      scopes_.push_back({std::string(name), text == nullptr ? std::string() : std::string(*text)});
    }
  }

  [[nodiscard]] std::vector<DeclaredScope> release() { return std::move(scopes_); }

 private:
  Budget& budget_;
  std::vector<DeclaredScope> scopes_;
  std::unordered_set<std::string_view> known_;
};

}  // namespace

const json::object* SecurityReader::find_schemes() const {
  const json::object* components = find_object(root_, "components");
  return components == nullptr ? nullptr : find_object(*components, "securitySchemes");
}

bool SecurityReader::is_about_scopes(std::string_view scheme, const json::value& list) const {
  const json::object* schemes = find_schemes();
  const json::value* member = schemes == nullptr ? nullptr : schemes->if_contains(scheme);
  const json::object* declared = member == nullptr ? nullptr : references_.follow_if_possible(*member);
  // A scheme that the file forgot to declare is taken for OAuth where it names scopes: they must not be lost.
  if (declared == nullptr) return !list.is_array() || !list.get_array().empty();
  const json::string* type = find_string(*declared, "type");
  return type == nullptr || *type == "oauth2" || *type == "openIdConnect";
}

bool SecurityReader::declares_scopes(std::string_view scheme) const {
  const json::object* schemes = find_schemes();
  const json::value* member = schemes == nullptr ? nullptr : schemes->if_contains(scheme);
  const json::object* declared = member == nullptr ? nullptr : references_.follow_if_possible(*member);
  const json::object* flows = declared == nullptr ? nullptr : find_object(*declared, "flows");
  return flows != nullptr && std::ranges::any_of(*flows, [](const json::key_value_pair& flow) {
           const json::object* scopes =
               flow.value().is_object() ? find_object(flow.value().get_object(), "scopes") : nullptr;
           return scopes != nullptr && !scopes->empty();
         });
}

std::vector<DeclaredScope> SecurityReader::read_declared_scopes() const {
  DeclaredReader reader(budget_);
  const json::object* schemes = find_schemes();
  if (schemes == nullptr) return {};
  for (const auto& [name, value] : *schemes) {
    budget_.take_text(name.size());
    const json::object* scheme = references_.follow_if_possible(value);
    const json::object* flows = scheme == nullptr ? nullptr : find_object(*scheme, "flows");
    if (flows == nullptr) continue;
    for (const auto& [flow_name, flow] : *flows) {
      budget_.take_text(flow_name.size());
      const json::object* declared = flow.is_object() ? find_object(flow.get_object(), "scopes") : nullptr;
      if (declared != nullptr) reader.add(*declared);
    }
  }
  return reader.release();
}

Security SecurityReader::read_security(const json::object& operation, const std::string& pointer) const {
  const json::value* own = operation.if_contains("security");
  const json::value* security = own != nullptr ? own : root_.if_contains("security");
  if (security == nullptr) return {};
  const std::string place = own != nullptr ? pointer + "/security" : "/security";
  // Security that cannot be read is a fault everywhere: it must not pass as "no scope needed".
  const auto refuse = [&] {
    budget_.add_fault({place, "bad_security", "these security requirements cannot be read",
                       "a list of mappings from a scheme's name to a list of scopes"});
    return Security();
  };
  if (!security->is_array()) return refuse();
  std::optional<std::vector<std::string>> first;
  bool allows_anybody = own != nullptr && own->get_array().empty();
  bool could_name_some = false;
  for (std::size_t i = 0; i < security->get_array().size(); ++i) {
    const json::value& entry = security->get_array()[i];
    if (!entry.is_object()) return refuse();
    if (entry.get_object().empty()) allows_anybody = true;
    std::vector<std::string> scopes;
    bool names_oauth = false;
    budget_.take_text(0);
    for (const auto& [scheme, list] : entry.get_object()) {
      budget_.take_text(scheme.size());
      if (!is_about_scopes(scheme, list)) continue;
      names_oauth = true;
      could_name_some = could_name_some || declares_scopes(scheme);
      if (!add_scopes(list, fmt::format("{}/{}/{}", place, i, escape_pointer(scheme)), budget_, scopes))
        return refuse();
    }
    if (names_oauth && !first) first = std::move(scopes);
  }
  if (allows_anybody) return {Demand::nothing, {}};
  if (!first) return {};
  // None of a scheme's scopes: the operation's own word that none is needed. Of the whole document's, and of a scheme
  // that has no scopes, as generators write it on each operation, it only says that callers sign in, which they do in
  // any case.
  if (first->empty()) return {own != nullptr && could_name_some ? Demand::nothing : Demand::unsaid, {}};
  std::ranges::sort(*first);
  first->erase(std::ranges::unique(*first).begin(), first->end());
  return {Demand::scopes, *std::move(first)};
}

}  // namespace chatelaine::openapi
