#include "app/wiring/housekeeping.hpp"

#include <exception>

#include "base/block_on.hpp"

namespace chatelaine::app {

void remove_all_expired(storage::Storage& storage, Instant now, const IsStopping& is_stopping) {
  while (block_on(storage.remove_expired(now)) && !is_stopping()) {
  }
}

Chore remove_expired_chore(storage::Storage& storage) {
  return {
      .failure = "What has expired could not be removed",
      .run = [&storage](Instant now, const IsStopping& is_stopping) { remove_all_expired(storage, now, is_stopping); }};
}

LedgerKeep make_ledger_keep(const LedgerConfiguration& ledger) {
  return {.calls = ledger.calls.value_or(milliseconds{}), .events = ledger.events};
}

Chore remove_ledger_chore(storage::Storage& storage, const Live<LedgerKeep>& keep) {
  return {.failure = "Old entries of the ledger could not be removed",
          .run = [&](Instant now, const IsStopping& is_stopping) {
            const LedgerKeep kept = keep.get();
            while (block_on(storage.ledger().remove_entries(now - kept.calls, now - kept.events)) && !is_stopping()) {
            }
          }};
}

Chore remove_flights_chore(storage::Storage& storage, const Live<FlightsConfiguration>& keep) {
  return {.failure = "Old steps of flights could not be removed",
          .run = [&](Instant now, const IsStopping& is_stopping) {
            const FlightsConfiguration kept = keep.get();
            while (block_on(storage.flights().remove_steps(now - kept.keep, kept.most)) && !is_stopping()) {
            }
          }};
}

Housekeeping::Housekeeping(std::vector<Chore> chores, const Clock& clock, Log& log)
    : chores_(std::move(chores)), clock_(clock), log_(log), thread_([this] { run(); }) {}

Housekeeping::~Housekeeping() {
  {
    const std::scoped_lock lock(mutex_);
    is_stopping_ = true;
  }
  stopped_.notify_one();
  thread_.join();
}

void Housekeeping::do_chores() {
  const IsStopping is_stopping = [this] {
    const std::scoped_lock lock(mutex_);
    return is_stopping_;
  };
  for (const Chore& chore : chores_) {
    try {
      chore.run(clock_.now(), is_stopping);
    } catch (const std::exception& error) {
      log_.warning(chore.failure, {{"reason", error.what()}});
    }
  }
}

void Housekeeping::run() {
  std::unique_lock lock(mutex_);
  // The first round waits too: a start does nothing that can wait.
  while (!stopped_.wait_for(lock, std::chrono::minutes{1}, [this] { return is_stopping_; })) {
    lock.unlock();
    do_chores();
    lock.lock();
  }
}

}  // namespace chatelaine::app
