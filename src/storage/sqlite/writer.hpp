#pragma once

#include <condition_variable>
#include <coroutine>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/log.hpp"
#include "base/task.hpp"
#include "storage/sqlite/changes.hpp"
#include "storage/sqlite/connection.hpp"

namespace chatelaine::storage::sqlite {

/// What a verb writes through: the writer's connection, inside the transaction. Nothing of a verb is kept where one of
/// its statements throws.
class Writing {
 public:
  explicit Writing(Connection& connection) : connection_(connection) {}

  template <class... Values>
  [[nodiscard]] Statement query(Sql sql, const Values&... values) {
    return connection_.query(sql, values...);
  }
  /// How many rows the statement returned.
  template <class... Values>
  std::size_t run(Sql sql, const Values&... values) {
    return connection_.run(sql, values...);
  }
  /// The same for a statement on facts that caches hold: a row that it returns makes Storage::change_count grow.
  template <class... Values>
  std::size_t change(Sql sql, const Values&... values) {
    const std::size_t rows = connection_.run(sql, values...);
    changed_ = changed_ || rows > 0;
    return rows;
  }
  [[nodiscard]] bool has_changed_facts() const { return changed_; }

 private:
  Connection& connection_;
  bool changed_ = false;
};

/// A write that waits for its commit. It lives in the frame of the coroutine that waits.
class PendingVerb {
 public:
  PendingVerb() = default;
  PendingVerb(const PendingVerb&) = delete;
  PendingVerb& operator=(const PendingVerb&) = delete;
  virtual ~PendingVerb() = default;

 protected:
  virtual void carry_out(Writing& writing) = 0;
  std::exception_ptr fault_;

 private:
  friend class Writer;
  std::coroutine_handle<> waiting_;
  Executor* executor_ = nullptr;
  PendingVerb* next_ = nullptr;
};

/// The one thread that writes. It runs all verbs that wait, each in a savepoint, inside one durable transaction, and
/// answers them after the commit; a verb that fails is taken back alone, and a commit that fails fails them all. It
/// goes on with the next ones whatever happened, so that space that is freed is used at once.
class Writer {
 public:
  Writer(Connection connection, Changes& changes, Log& log);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  /// Finishes what is queued.
  ~Writer();

  /// Thread-safe. `verb` stays where it is until `waiting` was resumed on `executor`.
  ///
  /// The writer is called by way of `executor`, so that it begins when that has done what it has to do already: the
  /// other requests that came together with this one share its commit.
  void enqueue(PendingVerb& verb, std::coroutine_handle<> waiting, Executor& executor);

 private:
  using Batch = std::vector<PendingVerb*>;

  /// What waits; calls that are under way keep it.
  struct Queue {
    std::mutex mutex;
    std::condition_variable called;
    PendingVerb* first = nullptr;
    PendingVerb* last = nullptr;
    /// Whether what waits should be written now.
    bool is_called = false;
    bool is_closed = false;

    void call();
  };

  void work();
  [[nodiscard]] Batch take_waiting();
  void write(const Batch& batch);
  void begin();
  [[nodiscard]] bool carry_out(PendingVerb& verb);
  void roll_back() noexcept;
  static void answer(const Batch& batch);
  void note_failure(const Batch& batch, const std::exception& cause);

  Connection connection_;
  Changes& changes_;
  Log& log_;
  bool is_failing_ = false;

  std::shared_ptr<Queue> queue_ = std::make_shared<Queue>();
  std::thread thread_;
};

/// Awaited, it gives what `body(Writing&)` gave once that is durable, or throws StorageFault.
///
///     auto write = [&](Writing& writing) { return writing.run(kEnd, id) > 0; };
///     WriteVerb verb(writer, write);
///     co_return co_await verb;
template <class Body>
class [[nodiscard]] WriteVerb final : public PendingVerb {
 public:
  WriteVerb(Writer& writer, Body& body) : writer_(writer), body_(body) {}

  static bool await_ready() noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> waiting) {
    writer_.enqueue(*this, waiting, *waiting.promise().executor);
  }
  auto await_resume() {
    if (fault_) std::rethrow_exception(fault_);
    if constexpr (!std::is_void_v<Result>) return *std::move(result_);
  }

 private:
  using Result = std::invoke_result_t<Body&, Writing&>;

  void carry_out(Writing& writing) override {
    if constexpr (std::is_void_v<Result>) {
      body_(writing);
    } else {
      result_.emplace(body_(writing));
    }
  }

  Writer& writer_;
  Body& body_;
  std::optional<std::conditional_t<std::is_void_v<Result>, std::monostate, Result>> result_;
};

}  // namespace chatelaine::storage::sqlite
