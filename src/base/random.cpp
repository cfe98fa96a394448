#include "base/random.hpp"

#include <sodium.h>

#include <cstdlib>

namespace chatelaine {

std::string Randomness::bytes(std::size_t count) {
  std::string out(count, '\0');
  fill(std::as_writable_bytes(std::span(out)));
  return out;
}

// libsodium reads getrandom(2) and aborts when it fails. Its first use is only thread-safe after sodium_init.
void SystemRandomness::fill(std::span<std::byte> bytes) {
  static const int started = sodium_init();
  if (started < 0) std::abort();
  randombytes_buf(bytes.data(), bytes.size());
}

}  // namespace chatelaine
