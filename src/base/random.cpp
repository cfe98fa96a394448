#include "base/random.hpp"

#include <sodium.h>

namespace chatelaine {

std::string Randomness::bytes(std::size_t count) {
  std::string out(count, '\0');
  fill(std::as_writable_bytes(std::span(out)));
  return out;
}

// libsodium reads getrandom(2) and aborts when it fails.
void SystemRandomness::fill(std::span<std::byte> bytes) { randombytes_buf(bytes.data(), bytes.size()); }

}  // namespace chatelaine
