#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "base/log.hpp"
#include "base/time.hpp"
#include "storage/storage.hpp"

namespace chatelaine::app {

/// Removes what has expired, however much it is, in the storage's bounded steps, so that nobody waits long; stops
/// between two steps once `is_stopping` says so.
void remove_all_expired(storage::Storage& storage, Instant now, const std::function<bool()>& is_stopping);

/// Removes once a minute what has expired, on a thread of its own, until it is destroyed.
class Housekeeping {
 public:
  Housekeeping(storage::Storage& storage, const Clock& clock, Log& log);
  ~Housekeeping();
  Housekeeping(const Housekeeping&) = delete;
  Housekeeping& operator=(const Housekeeping&) = delete;

 private:
  void run();

  storage::Storage& storage_;
  const Clock& clock_;
  Log& log_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace chatelaine::app
