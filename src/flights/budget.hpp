#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "base/flight.hpp"
#include "base/time.hpp"

namespace chatelaine::flights {

/// How much is recorded in a minute. Strangers cause steps by the thousand, whoever reads a client's id can do so in
/// its name, and an API that is down refuses every call: none of these shall push out the rest of that minute. Counted
/// by client, its calls apart from its sign-ins; what no client is known of, by its stage; wrong methods (405)
/// together. Thread-safe.
class FlightBudget {
 public:
  static constexpr std::uint32_t kMostOfClient = 300;
  static constexpr std::uint32_t kMostCallsOfClient = 60;
  /// Of requests by a method that a path does not take: a picture on anybody's page can make a browser send them.
  static constexpr std::uint32_t kMostWrongMethods = 30;
  static constexpr std::uint32_t kMostInAll = 6'000;

  /// Whether one more step is recorded.
  [[nodiscard]] bool take(const FlightRecord& flight, Instant now);

 private:
  std::mutex mutex_;
  std::chrono::sys_time<std::chrono::minutes> minute_{};
  std::uint32_t taken_ = 0;
  std::map<std::string, std::uint32_t> taken_of_;
};

}  // namespace chatelaine::flights
