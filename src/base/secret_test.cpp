#include "base/secret.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chatelaine {
namespace {

using Token = Secret<struct TokenTag>;

TEST(SecretTest, RevealsWhatItWasGiven) {
  const Token token(std::string_view("a\0b", 3));
  EXPECT_EQ(token.reveal(), std::string_view("a\0b", 3));
  EXPECT_FALSE(token.empty());
  EXPECT_TRUE(Token().empty());
  EXPECT_TRUE(Token("").reveal().empty());
}

TEST(SecretTest, AMovedFromSecretHoldsNothing) {
  Token token("secret");
  Token moved(std::move(token));
  EXPECT_TRUE(token.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(moved.reveal(), "secret");
  Token assigned("other");
  assigned = std::move(moved);
  EXPECT_TRUE(moved.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(assigned.reveal(), "secret");
}

TEST(SecretTest, ComparesEveryByte) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_TRUE(equal_in_constant_time("", ""));
  for (const std::string_view other : {"abd", "bbc", "ab", "abcd", ""}) {
    EXPECT_FALSE(equal_in_constant_time("abc", other)) << other;
  }
}

TEST(SecretTest, WipesABuffer) {
  std::string text = "secret";
  wipe(text.data(), text.size());
  EXPECT_EQ(text, std::string(6, '\0'));
}

}  // namespace
}  // namespace chatelaine
