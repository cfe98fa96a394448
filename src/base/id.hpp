#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/time.hpp"

namespace chatelaine {

/// A time-ordered primary key: 41 bits of milliseconds since 2024, a 10-bit sequence, 12 bits of the process that made
/// it. Positive, so that it fits SQL's signed integers. Time-ordered keys keep inserts at the end of a B-tree.
template <class Tag>
struct Id {
  std::int64_t value = 0;
  friend auto operator<=>(const Id&, const Id&) = default;
};

/// Makes ids that grow strictly within one process, whatever the clock does. Thread-safe, lock-free.
class IdSequence {
 public:
  IdSequence(const Clock& clock, Randomness& randomness);

  template <class Tag>
  [[nodiscard]] Id<Tag> next() {
    return {next_value()};
  }

 private:
  std::int64_t next_value();

  const Clock& clock_;
  std::int64_t process_;
  std::atomic<std::int64_t> last_{0};
};

/// An id in eleven base64url characters, as listings and URLs show it; reads back with `parse_id`.
[[nodiscard]] std::string format_id(std::int64_t value);
[[nodiscard]] std::optional<std::int64_t> parse_id(std::string_view text);

}  // namespace chatelaine

template <class Tag>
struct std::hash<chatelaine::Id<Tag>> {
  std::size_t operator()(const chatelaine::Id<Tag>& id) const { return std::hash<std::int64_t>{}(id.value); }
};
