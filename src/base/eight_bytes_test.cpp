#include "base/eight_bytes.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chatelaine {
namespace {

bool is_control(unsigned char byte) { return byte < 0x20 || byte == 0x7f; }

TEST(EightBytes, NoByteIsOverlookedOrTakenForAnotherWhereverItStands) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    for (const char beside : {'a', ' ', '\x80', '\xff', '!', '~'}) {
      for (std::size_t place = 0; place < EightBytes::kSize; ++place) {
        std::string text(EightBytes::kSize, beside);
        text[place] = static_cast<char>(byte);
        const EightBytes eight(text);
        EXPECT_EQ(eight.has_control(), is_control(static_cast<unsigned char>(byte))) << byte << ' ' << place;
        EXPECT_EQ(eight.has('"'), byte == '"') << byte << ' ' << place;
        EXPECT_EQ(eight.has('\\'), byte == '\\') << byte << ' ' << place;
      }
    }
  }
}

}  // namespace
}  // namespace chatelaine
