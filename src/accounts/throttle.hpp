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

namespace chatelaine::accounts {

/// How often passwords may be tried in vain before one has to wait.
struct ThrottleLimits {
  unsigned failures_of_account = 10;
  unsigned failures_of_address = 100;
  /// Failures count until so long has passed since the first of them, and since the end of the last wait.
  milliseconds window{std::chrono::minutes{15}};
  /// The wait after the limit was reached; each further failure doubles it up to the longest.
  milliseconds first_wait{seconds{30}};
  milliseconds longest_wait{std::chrono::minutes{15}};
  /// How many accounts, and how many addresses, are remembered; the one that would be forgotten first makes room.
  std::size_t most_remembered = 20'000;
};

/// Counts failed attempts to prove a password, by account (also one that does not exist) and by address. In memory, for
/// this process. Thread-safe.
class SignInThrottle {
 public:
  /// Who tries, as digests: nothing that was typed is kept.
  struct Attempt {
    crypto::Sha256 account;
    /// Nothing where the address says nothing: a proxy on this machine that is not listed as trusted would make
    /// everybody one.
    std::optional<crypto::Sha256> address;
  };
  /// `email` counts without regard to ASCII case; an IPv6 address counts by its first 64 bits, which one subscriber
  /// has.
  [[nodiscard]] static Attempt make_attempt(std::string_view email, std::string_view address);

  explicit SignInThrottle(ThrottleLimits limits = {}) : limits_(limits) {}

  /// Counts the attempt as failed before it is made, so that many at once cannot pass together, and gives nothing; or
  /// counts nothing and says how long to wait.
  [[nodiscard]] std::optional<milliseconds> begin(const Attempt& attempt, Instant now);
  /// The password was right: the account's failures are forgotten, and this was none of the address's.
  void succeed(const Attempt& attempt);
  /// The password was not checked after all.
  void take_back(const Attempt& attempt);

 private:
  struct Failures {
    unsigned count = 0;
    Instant first_at;
    Instant last_at;
    /// From when on they count no more.
    Instant ends_at;
  };
  /// The failures of accounts, or of addresses.
  class Counter {
   public:
    [[nodiscard]] milliseconds wait_of(const crypto::Sha256& who, unsigned limit, const ThrottleLimits& limits,
                                       Instant now) const;
    void count(const crypto::Sha256& who, unsigned limit, const ThrottleLimits& limits, Instant now);
    void take_back(const crypto::Sha256& who);
    void forget(const crypto::Sha256& who);

   private:
    using Key = std::array<char, 32>;
    void make_room(std::size_t most);

    std::map<Key, Failures> failures_;
    std::set<std::pair<Instant, Key>> by_end_;
  };

  const ThrottleLimits limits_;
  std::mutex mutex_;
  Counter accounts_;
  Counter addresses_;
};

}  // namespace chatelaine::accounts
