#include "oauth/resource.hpp"

#include <fmt/format.h>

namespace chatelaine::oauth {
namespace {

std::string_view without_trailing_slash(std::string_view text) {
  if (text.ends_with('/')) text.remove_suffix(1);
  return text;
}

}  // namespace

// DEVIATION RFC 8707 §2: `resource` may come once, as every parameter (one parameter, one value): tokens are for one
// resource, so a second value could only be the same or a foreign one.
Result<void> check_resource(std::optional<std::string_view> requested, const Resource& own) {
  if (!requested || requested->empty()) return {};
  if (without_trailing_slash(*requested) == without_trailing_slash(own.value())) return {};
  return refuse(
      ErrorCode::invalid_target,
      fmt::format("The resource '{}' is not served here. This server's resource is '{}'.", *requested, own.value()));
}

}  // namespace chatelaine::oauth
