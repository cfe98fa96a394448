#include "gateway/operations.hpp"

#include <algorithm>

namespace chatelaine::gateway {
namespace {

const openapi::Operation* find_operation(const openapi::Description& description, const net::Request& request,
                                         openapi::Spelling spelling) {
  const auto* operation = openapi::match_operation(description, request.method_name, request.path, spelling);
  if (operation != nullptr || request.method != net::Method::head) return operation;
  // RFC 9110 §9.3.2: HEAD asks for GET's headers, and so for GET's scopes.
  return openapi::match_operation(description, "GET", request.path, spelling);
}

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

std::variant<oauth::Scope, NotListed> find_needed_scope(const GatewaySettings& settings, const net::Request& request) {
  if (settings.description == nullptr) return oauth::Scope();
  const openapi::Description& description = *settings.description;
  if (const auto* operation = find_operation(description, request, openapi::Spelling::exact)) {
    return oauth::Scope(operation->scopes);
  }
  if (settings.unlisted == Unlisted::deny) return NotListed{};
  // An API that takes /Todos/ for /todos must not be called past the scopes of /todos (THREATS N05).
  if (const auto* operation = find_operation(description, request, openapi::Spelling::lenient)) {
    return oauth::Scope(operation->scopes);
  }
  return oauth::Scope();
}

}  // namespace chatelaine::gateway
