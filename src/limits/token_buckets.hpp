#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "base/time.hpp"
#include "crypto/digest.hpp"

namespace chatelaine::limits {

/// So many in so long: a bucket of `count` tokens that fills again evenly within `window`.
struct Rate {
  std::uint32_t count = 1;
  milliseconds window{std::chrono::minutes{1}};

  friend bool operator==(const Rate&, const Rate&) = default;
};

/// What is counted, and how much of it may be done. The key is a digest that also says what kind of thing it is.
struct RateClaim {
  crypto::Sha256 key;
  Rate rate;
};

/// How a bucket stands.
struct BucketState {
  Rate rate;
  std::uint32_t remaining = 0;
  /// Until it is full again.
  milliseconds reset{};
};

struct Admission {
  /// How long to wait, where one of the buckets is empty; nothing was taken from any then.
  std::optional<milliseconds> wait;
  /// The bucket that refused, or that is closest to it.
  BucketState tightest;
};

/// Token buckets by key, in memory, for this process. A full bucket is the same as none: where more are remembered than
/// may be, the one that would be full first is forgotten. Thread-safe.
class TokenBuckets {
 public:
  explicit TokenBuckets(std::size_t most_remembered = 100'000) : most_remembered_(most_remembered) {}

  /// Takes a token from each bucket, or from none. `claims` are not empty and of different keys.
  [[nodiscard]] Admission take(std::span<const RateClaim> claims, Instant now);

 private:
  using Key = std::array<char, 32>;
  /// A bucket is told by when it will be full (the generic cell rate algorithm of ATM, ITU-T I.371).
  using Moment = std::chrono::sys_time<std::chrono::nanoseconds>;

  [[nodiscard]] Moment find_full_at(const Key& key, Instant now) const;
  void set_full_at(const Key& key, Moment full_at);

  const std::size_t most_remembered_;
  std::mutex mutex_;
  std::map<Key, Moment> full_at_;
  std::set<std::pair<Moment, Key>> by_full_at_;
};

}  // namespace chatelaine::limits
