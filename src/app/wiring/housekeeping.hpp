#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "app/config/configuration.hpp"
#include "base/live.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "storage/storage.hpp"

namespace chatelaine::app {

/// Asked between two steps of what takes long: whether the program is about to end.
using IsStopping = std::function<bool()>;

/// Removes what has expired, however much it is, in the storage's bounded steps, so that nobody waits long; stops
/// between two steps once `is_stopping` says so.
void remove_all_expired(storage::Storage& storage, Instant now, const IsStopping& is_stopping);

/// Something to do once a minute. What goes wrong is logged under `failure`, and tried again.
struct Chore {
  std::string_view failure;
  std::function<void(Instant now, const IsStopping& is_stopping)> run;
};
[[nodiscard]] Chore remove_expired_chore(storage::Storage& storage);

/// How long the ledger's entries are kept.
struct LedgerKeep {
  milliseconds calls{};
  milliseconds events{};
};
[[nodiscard]] LedgerKeep make_ledger_keep(const LedgerConfiguration& ledger);
/// `keep` is read each time, and outlives the chore.
[[nodiscard]] Chore remove_ledger_chore(storage::Storage& storage, const Live<LedgerKeep>& keep);

/// Removes what the flight recorder need not keep any longer; likewise.
[[nodiscard]] Chore remove_flights_chore(storage::Storage& storage, const Live<FlightsConfiguration>& keep);

/// Does the chores once a minute, on a thread of its own, until it is destroyed.
class Housekeeping {
 public:
  /// What they refer to outlives it.
  Housekeeping(std::vector<Chore> chores, const Clock& clock, Log& log);
  ~Housekeeping();
  Housekeeping(const Housekeeping&) = delete;
  Housekeeping& operator=(const Housekeeping&) = delete;

 private:
  void run();
  void do_chores();

  std::vector<Chore> chores_;
  const Clock& clock_;
  Log& log_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace chatelaine::app
