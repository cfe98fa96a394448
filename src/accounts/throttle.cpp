#include "accounts/throttle.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <string>

namespace chatelaine::accounts {
namespace {

// So long after the last failure the next attempt may come, where `count` were counted.
milliseconds wait_after(unsigned count, unsigned limit, const ThrottleLimits& limits) {
  if (count < limit) return milliseconds{0};
  milliseconds wait = limits.first_wait;
  for (unsigned i = limit; i < count && wait < limits.longest_wait; ++i) wait *= 2;
  return std::min(wait, limits.longest_wait);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
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

SignInThrottle::Attempt SignInThrottle::make_attempt(std::string_view email, std::string_view address) {
  Attempt attempt{crypto::sha256(lower_case(email)), std::nullopt};
  if (const auto subscriber = subscriber_of(std::string(address))) attempt.address = crypto::sha256(*subscriber);
  return attempt;
}

std::optional<milliseconds> SignInThrottle::begin(const Attempt& attempt, Instant now) {
  const std::scoped_lock lock(mutex_);
  milliseconds wait = accounts_.wait_of(attempt.account, limits_.failures_of_account, limits_, now);
  if (attempt.address) {
    wait = std::max(wait, addresses_.wait_of(*attempt.address, limits_.failures_of_address, limits_, now));
  }
  if (wait > milliseconds{0}) return wait;
  accounts_.count(attempt.account, limits_.failures_of_account, limits_, now);
  if (attempt.address) addresses_.count(*attempt.address, limits_.failures_of_address, limits_, now);
  return std::nullopt;
}

void SignInThrottle::succeed(const Attempt& attempt) {
  const std::scoped_lock lock(mutex_);
  accounts_.forget(attempt.account);
  if (attempt.address) addresses_.take_back(*attempt.address);
}

void SignInThrottle::take_back(const Attempt& attempt) {
  const std::scoped_lock lock(mutex_);
  accounts_.take_back(attempt.account);
  if (attempt.address) addresses_.take_back(*attempt.address);
}

milliseconds SignInThrottle::Counter::wait_of(const crypto::Sha256& who, unsigned limit, const ThrottleLimits& limits,
                                              Instant now) const {
  const auto found = failures_.find(who.bytes);
  if (found == failures_.end() || found->second.ends_at <= now) return milliseconds{0};
  const Instant until = found->second.last_at + wait_after(found->second.count, limit, limits);
  return std::max(until - now, milliseconds{0});
}

void SignInThrottle::Counter::count(const crypto::Sha256& who, unsigned limit, const ThrottleLimits& limits,
                                    Instant now) {
  if (!failures_.contains(who.bytes)) make_room(limits.most_remembered);
  Failures& failures = failures_[who.bytes];
  by_end_.erase({failures.ends_at, who.bytes});
  if (failures.ends_at <= now) failures = {.count = 0, .first_at = now, .last_at = now, .ends_at = now};
  ++failures.count;
  failures.last_at = now;
  const milliseconds wait = wait_after(failures.count, limit, limits);
  failures.ends_at = wait > milliseconds{0} ? now + wait + limits.window : failures.first_at + limits.window;
  by_end_.emplace(failures.ends_at, who.bytes);
}

void SignInThrottle::Counter::take_back(const crypto::Sha256& who) {
  const auto found = failures_.find(who.bytes);
  if (found != failures_.end() && found->second.count > 0) --found->second.count;
}

void SignInThrottle::Counter::forget(const crypto::Sha256& who) {
  const auto found = failures_.find(who.bytes);
  if (found == failures_.end()) return;
  by_end_.erase({found->second.ends_at, who.bytes});
  failures_.erase(found);
}

void SignInThrottle::Counter::make_room(std::size_t most) {
  if (failures_.size() < most || by_end_.empty()) return;
  failures_.erase(by_end_.begin()->second);
  by_end_.erase(by_end_.begin());
}

}  // namespace chatelaine::accounts
