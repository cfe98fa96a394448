#include <cstdint>

#include "net/http_invariants.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chatelaine::net::check_http_invariants({reinterpret_cast<const char*>(data), size});
  return 0;
}
