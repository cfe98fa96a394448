#include "base/base64url.hpp"

#include <gtest/gtest.h>

namespace chatelaine {
namespace {

TEST(Base64Test, Rfc4648Section10TheExamples) {
  const std::pair<std::string_view, std::string_view> examples[] = {{"", ""},
                                                                    {"f", "Zg=="},
                                                                    {"fo", "Zm8="},
                                                                    {"foo", "Zm9v"},
                                                                    {"foob", "Zm9vYg=="},
                                                                    {"fooba", "Zm9vYmE="},
                                                                    {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : examples) {
    EXPECT_EQ(base64_encode(bytes), text);
    EXPECT_EQ(base64_decode(text), bytes);
    const std::string_view bare = text.substr(0, text.find('='));
    EXPECT_EQ(base64url_encode(bytes), bare);
    EXPECT_EQ(base64url_decode(bare), bytes);
  }
}

TEST(Base64Test, Rfc4648Section5TheUrlAlphabet) {
  EXPECT_EQ(base64url_encode("\xfb\xff\xfe"), "-__-");
  EXPECT_EQ(base64_encode("\xfb\xff\xfe"), "+//+");
  EXPECT_EQ(base64url_decode("-__-"), "\xfb\xff\xfe");
}

TEST(Base64Test, OnlyTheCanonicalEncodingIsRead) {
  for (const std::string_view text : {"Zg==", "Zh", "Zg\n", " Zg", "Z", "Zm9vY", "+//+", "Zm9v!", "Zm 9v"}) {
    EXPECT_FALSE(base64url_decode(text)) << text;
  }
  EXPECT_FALSE(base64url_decode(std::string_view("Zm9v\0", 5)));
  for (int byte = 128; byte < 256; ++byte) {
    const std::string text(4, static_cast<char>(byte));
    EXPECT_FALSE(base64url_decode(text)) << byte;
    EXPECT_FALSE(base64_decode(text)) << byte;
  }
  for (const std::string_view text : {"Zg", "Zg=", "Zg===", "Zh==", "-__-", "Zg==Zg==", "=", "Zm8=\n"}) {
    EXPECT_FALSE(base64_decode(text)) << text;
  }
}

TEST(HexTest, IsLowerCase) { EXPECT_EQ(hex_encode(std::string_view("\0\xab\xff", 3)), "00abff"); }

}  // namespace
}  // namespace chatelaine
