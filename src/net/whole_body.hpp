#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "net/request.hpp"

namespace chatelaine::net {

/// A body that is there at once; its text outlives it.
class WholeBody final : public BodyReader {
 public:
  explicit WholeBody(std::string_view text) : rest_(text), length_(text.size()) {}
  Task<std::expected<std::string_view, BodyError>> read() override { co_return std::exchange(rest_, {}); }
  [[nodiscard]] std::optional<std::uint64_t> announced_length() const override { return length_; }
  [[nodiscard]] std::string_view take_ready() override { return std::exchange(rest_, {}); }

 private:
  std::string_view rest_;
  std::uint64_t length_;
};

}  // namespace chatelaine::net
