#include "limits/token_buckets.hpp"

#include <algorithm>
#include <vector>

namespace chatelaine::limits {
namespace {

using std::chrono::nanoseconds;

/// What one token costs: the time in which one comes back.
nanoseconds cost_of(const Rate& rate) { return nanoseconds(rate.window) / rate.count; }

milliseconds round_up(nanoseconds duration) { return std::chrono::ceil<milliseconds>(duration); }

/// `missing`: the time until the bucket is full.
BucketState describe(const Rate& rate, nanoseconds missing) {
  const nanoseconds left = std::max(nanoseconds(rate.window) - missing, nanoseconds(0));
  return {.rate = rate, .remaining = static_cast<std::uint32_t>(left / cost_of(rate)), .reset = round_up(missing)};
}

/// Of two, whether the one has a smaller part of its tokens left.
bool is_tighter(const BucketState& a, const BucketState& b) {
  return std::uint64_t{a.remaining} * b.rate.count < std::uint64_t{b.remaining} * a.rate.count;
}

}  // namespace

Admission TokenBuckets::take(std::span<const RateClaim> claims, Instant now) {
  const std::scoped_lock lock(mutex_);
  std::vector<Moment> after;
  Admission admission;
  for (const RateClaim& claim : claims) {
    // Emptier than empty it can only seem after the clock was set back, or the rate was changed.
    const Moment empty = Moment(now) + claim.rate.window;
    const Moment full_at = std::min(find_full_at(claim.key.bytes, now), empty) + cost_of(claim.rate);
    const nanoseconds missing = full_at - Moment(now);
    if (missing > nanoseconds(claim.rate.window)) {
      const milliseconds wait = round_up(missing - nanoseconds(claim.rate.window));
      if (admission.wait >= wait) continue;
      admission = {.wait = wait, .tightest = describe(claim.rate, missing - cost_of(claim.rate))};
      admission.tightest.remaining = 0;
    } else if (!admission.wait) {
      const BucketState state = describe(claim.rate, missing);
      if (after.empty() || is_tighter(state, admission.tightest)) admission.tightest = state;
    }
    after.push_back(full_at);
  }
  if (admission.wait) return admission;
  for (std::size_t i = 0; i < claims.size(); ++i) set_full_at(claims[i].key.bytes, after[i]);
  return admission;
}

TokenBuckets::Moment TokenBuckets::find_full_at(const Key& key, Instant now) const {
  const auto found = full_at_.find(key);
  return found == full_at_.end() ? Moment(now) : std::max(found->second, Moment(now));
}

void TokenBuckets::set_full_at(const Key& key, Moment full_at) {
  const auto [entry, is_new] = full_at_.try_emplace(key, full_at);
  if (!is_new) {
    by_full_at_.erase({entry->second, key});
    entry->second = full_at;
  }
  by_full_at_.emplace(full_at, key);
  if (full_at_.size() <= most_remembered_) return;
  full_at_.erase(by_full_at_.begin()->second);
  by_full_at_.erase(by_full_at_.begin());
}

}  // namespace chatelaine::limits
