#include "oauth/grants/client_credentials.hpp"

#include <fmt/format.h>

namespace chatelaine::oauth {
namespace {

std::string_view without_trailing_slash(std::string_view text) {
  if (text.ends_with('/')) text.remove_suffix(1);
  return text;
}

std::string describe_foreign_scope(const Scope& foreign, const Scope& allowed) {
  const std::string& token = foreign.tokens().front();
  if (token.find(',') != std::string::npos)
    return fmt::format("The scope '{}' is unknown: scopes are parted by blanks, not by commas.", token);
  if (allowed.empty())
    return fmt::format("The scope '{}' is unknown or not allowed: no scope may be asked for.", token);
  return fmt::format("The scope '{}' is unknown or not allowed. Allowed: {}.", token, allowed.to_string());
}

}  // namespace

Result<Scope> decide_client_credentials(const Client& client, const Form& request) {
  if (!client.is_confidential() || !client.may_use(GrantType::client_credentials))
    return refuse(ErrorCode::unauthorized_client, "This client is not registered for the grant client_credentials.");
  return narrow_scope(request.get("scope"), client.scope);
}

Result<Scope> narrow_scope(std::optional<std::string_view> requested, const Scope& allowed) {
  auto scope = Scope::parse(requested.value_or(""));
  if (!scope) return refuse(ErrorCode::invalid_scope, "The scope holds a character that RFC 6749 section 3.3 forbids.");
  if (scope->empty()) return allowed;
  const Scope foreign = scope->without(allowed);
  if (!foreign.empty()) return refuse(ErrorCode::invalid_scope, describe_foreign_scope(foreign, allowed));
  return std::move(*scope);
}

Result<void> check_resource(std::optional<std::string_view> requested, const Resource& own) {
  if (!requested || requested->empty()) return {};
  if (without_trailing_slash(*requested) == without_trailing_slash(own.value())) return {};
  return refuse(
      ErrorCode::invalid_target,
      fmt::format("The resource '{}' is not served here. This server's resource is '{}'.", *requested, own.value()));
}

}  // namespace chatelaine::oauth
