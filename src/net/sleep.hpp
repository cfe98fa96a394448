#pragma once

#include "base/task.hpp"
#include "base/time.hpp"

namespace chatelaine::net {

/// Waits for `duration`: by a timer of the server's loop that the task runs on, or by a timer thread anywhere else.
/// Ends early where a stopping server has lost patience.
[[nodiscard]] Task<void> sleep_for(milliseconds duration);

}  // namespace chatelaine::net
