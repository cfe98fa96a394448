#include "gateway/mcp/wakeup.hpp"

#include <utility>

#include "net/loop.hpp"

namespace chatelaine::gateway::mcp {

void start_task(Executor& executor, Task<void> task) {
  auto* const loop = dynamic_cast<net::Loop*>(&executor);
  if (loop != nullptr) {
    loop->start(std::move(task));
  } else {
    spawn(executor, std::move(task));
  }
}

Task<void> Wakeup::wait() {
  if (!std::exchange(is_due_, false)) {
    const auto keep = [this](Resume<int> resume) { waiting_ = resume; };
    co_await suspend<int>(keep);
    is_due_ = false;
  }
}

void Wakeup::wake() {
  is_due_ = true;
  if (auto waiting = std::exchange(waiting_, std::nullopt)) (*waiting)(0);
}

}  // namespace chatelaine::gateway::mcp
