#include "storage/sqlite/writer.hpp"

#include <algorithm>

#include "storage/fault.hpp"

namespace chatelaine::storage::sqlite {
namespace {

// As many as a commit's fsync costs in statements, and few enough that none waits long for the others.
constexpr std::size_t kMostVerbsInOneCommit = 512;

constexpr Sql kBegin{"BEGIN IMMEDIATE"};
constexpr Sql kCommit{"COMMIT"};
constexpr Sql kRollBack{"ROLLBACK"};
constexpr Sql kEnterVerb{"SAVEPOINT verb"};
constexpr Sql kKeepVerb{"RELEASE verb"};
constexpr Sql kTakeVerbBack{"ROLLBACK TO verb"};
constexpr Sql kCountChange{"UPDATE change_marker SET count = count + 1 RETURNING count"};

}  // namespace

Writer::Writer(Connection connection, Changes& changes, Log& log)
    : connection_(std::move(connection)), changes_(changes), log_(log), thread_([this] { work(); }) {}

Writer::~Writer() {
  {
    const std::scoped_lock lock(queue_->mutex);
    queue_->is_closed = true;
    queue_->called.notify_one();
  }
  thread_.join();
}

void Writer::enqueue(PendingVerb& verb, std::coroutine_handle<> waiting, Executor& executor) {
  verb.waiting_ = waiting;
  verb.executor_ = &executor;
  const std::scoped_lock lock(queue_->mutex);
  PendingVerb* const before = std::exchange(queue_->last, &verb);
  (before == nullptr ? queue_->first : before->next_) = &verb;
  // One call for those that follow each other from one executor; another executor may be long in coming to its own.
  if (before == nullptr || before->executor_ != &executor) executor.post([queue = queue_] { queue->call(); });
}

void Writer::Queue::call() {
  const std::scoped_lock lock(mutex);
  if (first == nullptr) return;
  is_called = true;
  called.notify_one();
}

void Writer::work() {
  for (Batch batch = take_waiting(); !batch.empty(); batch = take_waiting()) {
    write(batch);
    answer(batch);
  }
}

Writer::Batch Writer::take_waiting() {
  Queue& queue = *queue_;
  std::unique_lock lock(queue.mutex);
  queue.called.wait(lock, [&] { return queue.is_called || queue.is_closed; });
  Batch batch;
  while (queue.first != nullptr && batch.size() < kMostVerbsInOneCommit) {
    batch.push_back(queue.first);
    queue.first = queue.first->next_;
  }
  if (queue.first == nullptr) {
    queue.last = nullptr;
    queue.is_called = false;
  }
  return batch;
}

void Writer::write(const Batch& batch) {
  try {
    begin();
    bool changed = false;
    for (PendingVerb* verb : batch) changed = carry_out(*verb) || changed;
    std::int64_t count = 0;
    if (changed) {
      Statement counted = connection_.query(kCountChange);
      while (counted.next()) count = counted.integer(0);
    }
    connection_.run(kCommit);
    // Before any caller is answered: what it does next must see the change.
    if (changed) changes_.note(static_cast<std::uint64_t>(count));
    if (std::exchange(is_failing_, false)) log_.info("the database can be written again");
  } catch (const std::exception& cause) {
    roll_back();
    note_failure(batch, cause);
  }
}

void Writer::begin() {
  try {
    connection_.run(kBegin);
  } catch (const StorageFault&) {
    // Once more: another process may hold the lock longer than the busy timeout, while it moves its log, say.
    connection_.run(kBegin);
  }
}

bool Writer::carry_out(PendingVerb& verb) {
  Writing writing(connection_);
  try {
    connection_.run(kEnterVerb);
    verb.carry_out(writing);
    connection_.run(kKeepVerb);
    return writing.has_changed_facts();
  } catch (const std::exception& cause) {
    // SQLite has ended the transaction (disk full, I/O error): nobody's verb is in it any more.
    if (!connection_.is_in_transaction()) throw;
    connection_.run(kTakeVerbBack);
    connection_.run(kKeepVerb);
    verb.fault_ = std::current_exception();
    log_.warning("a write failed and was taken back", {{"cause", cause.what()}});
    return false;
  }
}

void Writer::roll_back() noexcept {
  try {
    if (connection_.is_in_transaction()) connection_.run(kRollBack);
  } catch (const std::exception& cause) {
    log_.error("the database did not take an unfinished write back", {{"cause", cause.what()}});
  }
}

void Writer::note_failure(const Batch& batch, const std::exception& cause) {
  for (PendingVerb* verb : batch) verb->fault_ = std::make_exception_ptr(StorageFault(cause.what()));
  if (!std::exchange(is_failing_, true)) log_.error("the database cannot be written", {{"cause", cause.what()}});
}

void Writer::answer(const Batch& batch) {
  // One post for an executor and batch. The handles are taken out first: a verb is gone as soon as its coroutine runs.
  std::vector<std::pair<Executor*, std::vector<std::coroutine_handle<>>>> groups;
  for (const PendingVerb* verb : batch) {
    auto group = std::ranges::find(groups, verb->executor_, &decltype(groups)::value_type::first);
    if (group == groups.end()) group = groups.insert(groups.end(), {verb->executor_, {}});
    group->second.push_back(verb->waiting_);
  }
  for (auto& [executor, handles] : groups) {
    executor->post([waiting = std::move(handles)] {
      for (const std::coroutine_handle<> handle : waiting) handle.resume();
    });
  }
}

}  // namespace chatelaine::storage::sqlite
