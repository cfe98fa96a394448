#pragma once

#include <optional>

#include "base/task.hpp"

namespace chatelaine::gateway::mcp {

/// Starts a task that nobody awaits: on a server's loop, one that it waits for before it ends.
void start_task(Executor& executor, Task<void> task);

/// One task that waits until it is woken; being woken while nobody waits is remembered. For one executor alone.
class Wakeup {
 public:
  [[nodiscard]] Task<void> wait();
  void wake();

 private:
  std::optional<Resume<int>> waiting_;
  bool is_due_ = false;
};

}  // namespace chatelaine::gateway::mcp
