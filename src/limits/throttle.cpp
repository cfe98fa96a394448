#include "limits/throttle.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <string>

namespace chatelaine::limits {
namespace {

// So long after the last attempt the next may come, where `count` were counted.
milliseconds wait_after(unsigned count, unsigned limit, const ThrottleLimits& limits) {
  if (count < limit) return milliseconds{0};
  milliseconds wait = limits.first_wait;
  for (unsigned i = limit; i < count && wait < limits.longest_wait; ++i) wait *= 2;
  return std::min(wait, limits.longest_wait);
}

constexpr std::string_view kMappedV4("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
constexpr std::string_view kLoopbackV6("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
constexpr std::size_t kSubscriberBytes = 8;

// The bytes that stand for whoever is at the address; nothing for the loopback.
std::optional<std::string> subscriber_of(const std::string& address) {
  std::string v6(16, '\0');
  std::string v4(4, '\0');
  if (::inet_pton(AF_INET6, address.c_str(), v6.data()) == 1) {
    if (v6 == kLoopbackV6) return std::nullopt;
    if (!v6.starts_with(kMappedV4)) return v6.substr(0, kSubscriberBytes);
    v4 = v6.substr(kMappedV4.size());
  } else if (::inet_pton(AF_INET, address.c_str(), v4.data()) != 1) {
    return address;
  }
  if (v4[0] == 127) return std::nullopt;
  return v4;
}

}  // namespace

std::optional<crypto::Sha256> find_subscriber(std::string_view address) {
  const auto subscriber = subscriber_of(std::string(address));
  if (!subscriber) return std::nullopt;
  return crypto::sha256(*subscriber);
}

std::optional<milliseconds> Throttle::admit(const Attempt& attempt, const ThrottleLimits& limits, Instant now) {
  const std::scoped_lock lock(mutex_);
  milliseconds wait{0};
  if (attempt.subject) wait = subjects_.wait_of(*attempt.subject, limits.of_subject, limits, now);
  if (attempt.address) wait = std::max(wait, addresses_.wait_of(*attempt.address, limits.of_address, limits, now));
  if (wait > milliseconds{0}) return wait;
  if (attempt.subject) subjects_.count(*attempt.subject, limits.of_subject, limits, now);
  if (attempt.address) addresses_.count(*attempt.address, limits.of_address, limits, now);
  return std::nullopt;
}

void Throttle::succeed(const Attempt& attempt) {
  const std::scoped_lock lock(mutex_);
  if (attempt.subject) subjects_.forget(*attempt.subject);
  if (attempt.address) addresses_.take_back(*attempt.address);
}

void Throttle::take_back(const Attempt& attempt) {
  const std::scoped_lock lock(mutex_);
  if (attempt.subject) subjects_.take_back(*attempt.subject);
  if (attempt.address) addresses_.take_back(*attempt.address);
}

milliseconds Throttle::Counter::wait_of(const crypto::Sha256& who, unsigned limit, const ThrottleLimits& limits,
                                        Instant now) {
  const auto found = failures_.find(who.bytes);
  if (found == failures_.end() || found->second.ends_at <= now) return milliseconds{0};
  Failures& failures = found->second;
  // A clock that is set back must not make the wait as much longer (THREATS N52).
  if (const milliseconds ahead = failures.last_at - now; ahead > milliseconds{0}) {
    failures.first_at -= ahead;
    failures.last_at -= ahead;
    set_end(who.bytes, failures, failures.ends_at - ahead);
  }
  if (failures.count < limit) return milliseconds{0};
  const bool is_for_the_window = limits.first_wait == milliseconds{0};
  const Instant until = is_for_the_window ? failures.first_at + limits.window
                                          : failures.last_at + wait_after(failures.count, limit, limits);
  return std::max(until - now, milliseconds{0});
}

void Throttle::Counter::count(const crypto::Sha256& who, unsigned limit, const ThrottleLimits& limits, Instant now) {
  if (!failures_.contains(who.bytes)) make_room(limits.most_remembered);
  Failures& failures = failures_[who.bytes];
  if (failures.ends_at <= now) failures = {.count = 0, .first_at = now, .last_at = now, .ends_at = failures.ends_at};
  ++failures.count;
  failures.last_at = now;
  const milliseconds wait = wait_after(failures.count, limit, limits);
  set_end(who.bytes, failures, wait > milliseconds{0} ? now + wait + limits.window : failures.first_at + limits.window);
}

void Throttle::Counter::take_back(const crypto::Sha256& who) {
  const auto found = failures_.find(who.bytes);
  if (found != failures_.end() && found->second.count > 0) --found->second.count;
}

void Throttle::Counter::forget(const crypto::Sha256& who) {
  const auto found = failures_.find(who.bytes);
  if (found == failures_.end()) return;
  by_end_.erase({found->second.ends_at, who.bytes});
  failures_.erase(found);
}

void Throttle::Counter::set_end(const Key& who, Failures& failures, Instant ends_at) {
  by_end_.erase({failures.ends_at, who});
  failures.ends_at = ends_at;
  by_end_.emplace(ends_at, who);
}

void Throttle::Counter::make_room(std::size_t most) {
  while (failures_.size() >= most && !by_end_.empty()) {
    failures_.erase(by_end_.begin()->second);
    by_end_.erase(by_end_.begin());
  }
}

}  // namespace chatelaine::limits
