#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace chatelaine {

/// Eight characters that are asked about at once, for looking through texts that are long and nearly always plain. The
/// answers are exact: no byte is overlooked, none is taken for another.
class EightBytes {
 public:
  static constexpr std::size_t kSize = 8;

  /// The first eight of `text`, which has as many.
  explicit EightBytes(std::string_view text) { std::memcpy(&word_, text.data(), kSize); }

  [[nodiscard]] bool has(char byte) const { return has_below(word_ ^ (kEach * static_cast<unsigned char>(byte)), 1); }
  /// Below a blank, or DEL.
  [[nodiscard]] bool has_control() const { return has_below(word_, 0x20) || has('\x7f'); }

 private:
  static constexpr std::uint64_t kEach = 0x0101010101010101U;

  /// Whether a byte is less than `limit`, at most 0x80: only such a one borrows into its highest bit.
  static constexpr bool has_below(std::uint64_t word, std::uint64_t limit) {
    return ((word - kEach * limit) & ~word & (kEach * 0x80)) != 0;
  }

  std::uint64_t word_ = 0;
};

}  // namespace chatelaine
