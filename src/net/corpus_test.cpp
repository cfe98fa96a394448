#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "net/http_invariants.hpp"

namespace chatelaine::net {
namespace {

// Run from the root of the source tree, as every test is.
TEST(Corpus, what_the_fuzzer_found_or_began_with_breaks_no_promise) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("fuzz/corpus/http_request")) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    check_http_invariants(bytes);
    ++count;
  }
  EXPECT_GE(count, 20U);
}

}  // namespace
}  // namespace chatelaine::net
