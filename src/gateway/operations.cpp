#include "gateway/operations.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace chatelaine::gateway {
namespace {

std::string to_upper(std::string_view text) {
  std::string upper(text);
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return upper;
}

const openapi::Operation* find_operation(const openapi::Description& description, std::string_view method,
                                         std::string_view path, openapi::Spelling spelling) {
  const auto* operation = openapi::match_operation(description, method, path, spelling);
  if (operation != nullptr || method != "HEAD") return operation;
  // RFC 9110 §9.3.2: HEAD asks for GET's headers, and so for GET's scopes.
  return openapi::match_operation(description, "GET", path, spelling);
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
  if (const auto* operation =
          find_operation(description, request.method_name, request.path, openapi::Spelling::exact)) {
    return oauth::Scope(operation->scopes);
  }
  if (settings.unlisted == Unlisted::deny) return NotListed{};
  // An API that takes `post /Todos/;x` for `POST /todos` must not be called past the scopes of that (THREATS N05).
  const std::string method = to_upper(request.method_name);
  if (const auto* operation = find_operation(description, method, request.path, openapi::Spelling::lenient)) {
    return oauth::Scope(operation->scopes);
  }
  return oauth::Scope();
}

}  // namespace chatelaine::gateway
