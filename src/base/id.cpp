#include "base/id.hpp"

#include <algorithm>
#include <cstring>

#include "base/base64url.hpp"
#include "base/bytes.hpp"

namespace chatelaine {
namespace {
constexpr Instant kEpoch{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}};
constexpr int kSequenceBits = 10;
constexpr int kProcessBits = 12;
}  // namespace

IdSequence::IdSequence(const Clock& clock, Randomness& randomness) : clock_(clock) {
  const std::string random = randomness.bytes(8);
  process_ = static_cast<std::int64_t>(read_big_endian(random) & ((1U << kProcessBits) - 1));
}

std::int64_t IdSequence::next_value() {
  const std::int64_t earliest = (clock_.now() - kEpoch).count() << kSequenceBits;
  std::int64_t last = last_.load(std::memory_order_relaxed);
  std::int64_t next = 0;
  do {
    next = std::max(last + 1, earliest);
  } while (!last_.compare_exchange_weak(last, next, std::memory_order_relaxed));
  return (next << kProcessBits) | process_;
}

std::string format_id(std::int64_t value) { return base64url_encode(big_endian(static_cast<std::uint64_t>(value))); }

std::optional<std::int64_t> parse_id(std::string_view text) {
  const auto bytes = base64url_decode(text);
  if (!bytes || bytes->size() != 8) return std::nullopt;
  const auto value = static_cast<std::int64_t>(read_big_endian(*bytes));
  if (value < 0) return std::nullopt;
  return value;
}

}  // namespace chatelaine
