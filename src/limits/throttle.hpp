#pragma once

#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/time.hpp"
#include "crypto/digest.hpp"

namespace chatelaine::limits {

/// How often something may be tried in vain, or done at all, before one has to wait.
struct ThrottleLimits {
  /// Against one account, one client.
  unsigned of_subject = 10;
  /// From one address.
  unsigned of_address = 100;
  /// What was counted counts until so long has passed since the first of it, and since the end of the last wait.
  milliseconds window{std::chrono::minutes{15}};
  /// The wait after a limit was reached; each further attempt doubles it up to the longest. None: the wait is for the
  /// window to pass, which suits what everybody may do so often in a while.
  milliseconds first_wait{seconds{30}};
  milliseconds longest_wait{std::chrono::minutes{15}};
  /// How many subjects, and how many addresses, are remembered; the one that would be forgotten first makes room.
  std::size_t most_remembered = 20'000;
};

/// Whoever is at an address, as a digest: an IPv6 address counts by its first 64 bits, which one subscriber has.
/// Nothing for a loopback address, which says nothing: a proxy on this machine that is not listed as trusted would make
/// everybody one.
[[nodiscard]] std::optional<crypto::Sha256> find_subscriber(std::string_view address);

/// Counts what may be tried or done only so often, by what it is tried against and by where it comes from. In memory,
/// for this process; each kind of thing has a Throttle of its own. The limits come with every call, so that changed
/// ones count at once. Thread-safe.
class Throttle {
 public:
  /// Digests: nothing that somebody typed is kept. What is nothing is not counted.
  struct Attempt {
    std::optional<crypto::Sha256> subject;
    std::optional<crypto::Sha256> address;
  };

  /// Gives nothing and counts the attempt as failed before it is made, so that many at once cannot pass together; or
  /// counts nothing and says how long to wait.
  [[nodiscard]] std::optional<milliseconds> admit(const Attempt& attempt, const ThrottleLimits& limits, Instant now);
  /// It did not fail: the subject's failures are forgotten, and this was none of the address's.
  void succeed(const Attempt& attempt);
  /// It was not made after all.
  void take_back(const Attempt& attempt);

 private:
  struct Failures {
    unsigned count = 0;
    Instant first_at;
    Instant last_at;
    /// From when on they count no more.
    Instant ends_at;
  };
  /// Those of subjects, or of addresses.
  class Counter {
   public:
    [[nodiscard]] milliseconds wait_of(const crypto::Sha256& who, unsigned limit, const ThrottleLimits& limits,
                                       Instant now);
    void count(const crypto::Sha256& who, unsigned limit, const ThrottleLimits& limits, Instant now);
    void take_back(const crypto::Sha256& who);
    void forget(const crypto::Sha256& who);

   private:
    using Key = std::array<char, 32>;
    void set_end(const Key& who, Failures& failures, Instant ends_at);
    void make_room(std::size_t most);

    std::map<Key, Failures> failures_;
    std::set<std::pair<Instant, Key>> by_end_;
  };

  std::mutex mutex_;
  Counter subjects_;
  Counter addresses_;
};

}  // namespace chatelaine::limits
