#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace chatelaine {

/// The low `width` bytes of a number, most significant first.
[[nodiscard]] inline std::string big_endian(std::uint64_t number, std::size_t width = 8) {
  std::string out(width, '\0');
  for (std::size_t i = width; i-- > 0; number >>= 8) out[i] = static_cast<char>(number & 0xff);
  return out;
}

/// The number that at most eight bytes spell, most significant first.
[[nodiscard]] inline std::uint64_t read_big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = (number << 8) | static_cast<unsigned char>(byte);
  return number;
}

}  // namespace chatelaine
