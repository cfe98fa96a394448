#pragma once

#include <coroutine>
#include <exception>
#include <functional>
#include <optional>
#include <utility>
#include <variant>

namespace chatelaine {

/// A place where coroutines run, one at a time: an event loop, or a test's queue. A coroutine always resumes on the
/// executor that it was spawned on, whichever thread completed what it waited for.
class Executor {
 public:
  virtual ~Executor() = default;
  /// Runs `work` soon, on the executor's own thread. Thread-safe; never runs it inside the call.
  virtual void post(std::move_only_function<void()> work) = 0;
};

template <class T>
class Task;

namespace detail {

struct PromiseBase {
  Executor* executor = nullptr;
  /// Whoever waits; nobody yet while the first run, which `co_await` began, has not come back to it.
  std::coroutine_handle<> continuation = std::noop_coroutine();

  struct FinalAwaiter {
    static bool await_ready() noexcept { return false; }
    template <class P>
    static std::coroutine_handle<> await_suspend(std::coroutine_handle<P> finished) noexcept {
      return finished.promise().continuation;
    }
    static void await_resume() noexcept {}
  };

  static std::suspend_always initial_suspend() noexcept { return {}; }
  static FinalAwaiter final_suspend() noexcept { return {}; }
};

template <class T>
struct Promise : PromiseBase {
  std::variant<std::monostate, T, std::exception_ptr> outcome;

  Task<T> get_return_object();
  template <class U>
  void return_value(U&& value) {
    outcome.template emplace<1>(std::forward<U>(value));
  }
  void unhandled_exception() { outcome.template emplace<2>(std::current_exception()); }
  T take() {
    if (auto* error = std::get_if<2>(&outcome)) std::rethrow_exception(*error);
    return std::move(std::get<1>(outcome));
  }
};

template <>
struct Promise<void> : PromiseBase {
  std::exception_ptr error;

  Task<void> get_return_object();
  void return_void() {}
  void unhandled_exception() { error = std::current_exception(); }
  void take() const {
    if (error) std::rethrow_exception(error);
  }
};

}  // namespace detail

/// Work that may wait. Lazy: nothing runs before `co_await` (or `spawn`). Awaiting resumes the waiter directly, and a
/// child inherits its parent's executor. Exceptions are faults and travel to whoever awaits.
///
/// Parameters of a coroutine are values, or references to what outlives the request. g++ 12 destroys a braced temporary
/// inside a `co_await` expression twice: build such an argument in a named local first.
template <class T = void>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  explicit Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      if (handle_) handle_.destroy();
      handle_ = std::exchange(other.handle_, nullptr);
    }
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  struct Awaiter {
    Handle handle;
    bool await_ready() const noexcept { return false; }
    /// Not by symmetric transfer: g++ makes it a jump only where it optimises and no sanitizer looks on, and elsewhere
    /// a loop over tasks that never have to wait would grow the stack. All of a chain runs on its executor's one
    /// thread, so that what has not ended when the first run comes back will end later, not meanwhile.
    template <class P>
    bool await_suspend(std::coroutine_handle<P> waiting) noexcept {
      handle.promise().executor = waiting.promise().executor;
      handle.resume();
      if (handle.done()) return false;
      handle.promise().continuation = waiting;
      return true;
    }
    T await_resume() { return handle.promise().take(); }
  };
  Awaiter operator co_await() && noexcept { return {handle_}; }

 private:
  Handle handle_;
};

template <class T>
Task<T> detail::Promise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}
inline Task<void> detail::Promise<void>::get_return_object() {
  return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

/// `co_await current_executor()`: where this coroutine runs.
struct CurrentExecutor {
  Executor* executor = nullptr;
  static bool await_ready() noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> waiting) noexcept {
    executor = waiting.promise().executor;
    return false;
  }
  Executor& await_resume() const noexcept { return *executor; }
};
[[nodiscard]] inline CurrentExecutor current_executor() { return {}; }

/// Waits for a callback: `start` is called with a `Resume<T>` that some thread calls exactly once.
///     const auto start = [&](Resume<Rows> resume) { writer.enqueue(…, std::move(resume)); };
///     const Rows rows = co_await suspend<Rows>(start);
template <class T>
class Resume {
 public:
  Resume(std::optional<T>& slot, std::coroutine_handle<> waiting, Executor& executor)
      : slot_(&slot), waiting_(waiting), executor_(&executor) {}
  void operator()(T value) {
    slot_->emplace(std::move(value));
    executor_->post([waiting = waiting_] { waiting.resume(); });
  }

 private:
  std::optional<T>* slot_;
  std::coroutine_handle<> waiting_;
  Executor* executor_;
};

template <class T, class Start>
struct Suspension {
  Start start;
  std::optional<T> slot;
  static bool await_ready() noexcept { return false; }
  template <class P>
  void await_suspend(std::coroutine_handle<P> waiting) {
    start(Resume<T>(slot, waiting, *waiting.promise().executor));
  }
  T await_resume() { return std::move(*slot); }
};
template <class T, class Start>
[[nodiscard]] Suspension<T, Start> suspend(Start start) {
  return {std::move(start), std::nullopt};
}

namespace detail {
/// A coroutine that frees itself when it ends: the root of every chain of tasks.
struct Detached {
  struct promise_type {
    Executor* executor = nullptr;
    static Detached get_return_object() noexcept { return {}; }
    static std::suspend_never initial_suspend() noexcept { return {}; }
    static std::suspend_never final_suspend() noexcept { return {}; }
    static void return_void() noexcept {}
    [[noreturn]] static void unhandled_exception() noexcept { std::terminate(); }
  };
};

struct SetExecutor {
  Executor* executor;
  static bool await_ready() noexcept { return false; }
  bool await_suspend(std::coroutine_handle<Detached::promise_type> root) const noexcept {
    root.promise().executor = executor;
    return false;
  }
  static void await_resume() noexcept {}
};

inline Detached run_detached(Executor* executor, Task<void> task) {
  co_await SetExecutor{executor};
  co_await std::move(task);
}
}  // namespace detail

/// Starts `task` on `executor`, now, on the calling thread, which must be the executor's. An exception that leaves it
/// ends the process.
inline void spawn(Executor& executor, Task<void> task) { detail::run_detached(&executor, std::move(task)); }

}  // namespace chatelaine
