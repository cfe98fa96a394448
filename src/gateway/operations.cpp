#include "gateway/operations.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "base/ascii.hpp"
#include "oauth/shown_parameters.hpp"

namespace chatelaine::gateway {
namespace {

using Operations = std::vector<const openapi::Operation*>;

/// The operations that a server may take the request for: one, but for HEAD, which asks for GET's headers (RFC 9110
/// §9.3.2) and so for GET's scopes, unless the same path has scopes for HEAD.
Operations find_operations(const openapi::Description& description, std::string_view base_path, std::string_view method,
                           std::string_view path, openapi::Spelling spelling) {
  Operations found;
  const auto* operation = openapi::match_operation(description, base_path, method, path, spelling);
  if (operation != nullptr) found.push_back(operation);
  if (method != "HEAD") return found;
  const auto* shown = openapi::match_operation(description, base_path, "GET", path, spelling);
  if (shown != nullptr && (operation == nullptr || shown->path != operation->path)) found.push_back(shown);
  return found;
}

/// The operations that an indulgent server may take the request for.
Operations find_meant_operations(const openapi::Description& description, const net::Request& request,
                                 std::string_view base_path) {
  return find_operations(description, base_path, to_upper(request.method_name), request.path,
                         openapi::Spelling::lenient);
}

bool has_template(const openapi::Operation* operation) { return operation->path.find('{') != std::string::npos; }

}  // namespace

bool is_public(const GatewaySettings& settings, std::string_view path) {
  return std::ranges::any_of(settings.public_paths, [path](std::string_view allowed) {
    if (!allowed.ends_with("/*")) return path == allowed;
    allowed.remove_suffix(1);
    return path.starts_with(allowed);
  });
}

bool is_preflight(const net::Request& request) {
  return request.method == net::Method::options && request.header("Origin") &&
         request.header("Access-Control-Request-Method");
}

std::variant<Needed, NotListed, Closed> find_needed_scope(const GatewaySettings& settings,
                                                          const net::Request& request) {
  if (settings.description == nullptr)
    return Needed{.needs_confirmation = needs_confirmation(settings.confirmation, request.method_name)};
  const openapi::Description& description = *settings.description;
  const std::string& base_path = description.base_path;
  Operations found =
      find_operations(description, base_path, request.method_name, request.path, openapi::Spelling::exact);
  if (found.empty() && settings.unlisted == Unlisted::deny) return NotListed{};
  Needed needed{.scope = {}, .operation = found.empty() ? nullptr : found.front()};
  // An API that takes `post /Todos/;x` for `POST /todos` must not be called past the scopes of that; nor one that takes
  // `/todos/Export` for `/todos/export`, which here is some `/todos/{id}` (THREATS N05). All that could be meant count.
  if (found.empty()) {
    // What passes unlisted may reach an operation below another path than the first server's.
    for (const std::string& possible : description.possible_base_paths)
      std::ranges::copy(find_meant_operations(description, request, possible), std::back_inserter(found));
  }
  if (found.empty() || std::ranges::any_of(found, has_template))
    std::ranges::copy(find_meant_operations(description, request, base_path), std::back_inserter(found));
  needed.needs_confirmation = found.empty() && needs_confirmation(settings.confirmation, request.method_name);
  std::vector<std::string> scopes;
  for (const openapi::Operation* operation : found) {
    if (operation->demand == openapi::Demand::closed) return Closed{};
    needed.needs_confirmation |= needs_confirmation(settings.confirmation, *operation);
    const auto opened = settings.opened_since.find(operation->id);
    if (opened != settings.opened_since.end())
      needed.opened.push_back({oauth::Scope(operation->scopes), opened->second});
    scopes.insert(scopes.end(), operation->scopes.begin(), operation->scopes.end());
  }
  needed.scope = oauth::Scope(std::move(scopes));
  return needed;
}

std::string name_call(const openapi::Operation* operation, const net::Request& request) {
  if (operation != nullptr) return operation->id;
  constexpr std::size_t kLongest = 200;
  // THREATS N48: a path may hold a token, and what is left of one by the cut is none the less one.
  std::string name = oauth::hide_tokens(std::string(request.method_name).append(" ").append(request.path));
  if (name.size() > kLongest) name.resize(kLongest);
  return name;
}

}  // namespace chatelaine::gateway
