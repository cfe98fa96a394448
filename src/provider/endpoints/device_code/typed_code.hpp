#pragma once

#include <memory>
#include <optional>

#include "base/task.hpp"
#include "oauth/grants/device_authorization.hpp"
#include "provider/context.hpp"

namespace chatelaine::provider::endpoints {

/// What a device asks for whose user code a person has typed, and that nobody has answered yet.
struct TypedCode {
  oauth::DeviceCode code;
  std::shared_ptr<const oauth::Client> client;
  /// As far as the client may still have it.
  oauth::Scope scope;
};

/// Nothing where the code is unknown, answered or expired, or its client gone or no longer allowed: whoever types codes
/// learns no difference. `user_code` outlives the task.
[[nodiscard]] Task<std::optional<TypedCode>> find_typed_code(const Context& context, const oauth::UserCode& user_code);

}  // namespace chatelaine::provider::endpoints
