#include "oauth/authorize/redirect_difference.hpp"

#include <gtest/gtest.h>

namespace chatelaine::oauth {
namespace {

struct Row {
  const char* sentence;
  const char* came;
  const char* expected;
  const char* told;
};

const Row kRows[] = {
    {"equal ones differ in nothing", "https://a.example/cb", "https://a.example/cb", ""},
    {"a slash more", "https://a.example/cb/", "https://a.example/cb", "They differ in the slash at their end."},
    {"a slash less", "https://a.example/cb", "https://a.example/cb/", "They differ in the slash at their end."},
    {"letters", "https://a.example/CB", "https://a.example/cb", "They differ in capital and small letters."},
    {"encoded twice", "https%3A%2F%2Fa.example%2Fcb", "https://a.example/cb",
     "What came is percent-encoded once too often."},
    {"scheme", "http://a.example/cb", "https://a.example/cb",
     "They differ in their scheme: http came, https was expected."},
    {"port", "http://127.0.0.1:9/cb", "http://127.0.0.1:8/cb", "They differ in their port: 9 came, 8 was expected."},
    {"host", "https://a.example/cb", "https://b.example/cb",
     "They differ in their host: a.example came, b.example was expected."},
    {"query", "https://a.example/cb?x=1", "https://a.example/cb", "They differ in their query."},
    {"a GPT that was saved again", "https://chat.openai.com/aip/g-new/oauth/callback",
     "https://chat.openai.com/aip/g-old/oauth/callback",
     "The GPT was saved again and its id changed from g-old to g-new: have the new address registered."},
    {"a GPT at its other host", "https://chatgpt.com/aip/g-1/oauth/callback",
     "https://chat.openai.com/aip/g-1/oauth/callback",
     "A GPT comes back to chat.openai.com or to chatgpt.com, as its user's browser has it: register both."},
    {"a segment of somebody else", "https://a.example/g-1/cb", "https://a.example/g-2/cb",
     "They differ in one part of their path: g-1 came, g-2 was expected."},
    {"two segments are no slip", "https://a.example/x/y", "https://a.example/v/w", ""},
    {"another site altogether is no slip", "https://evil.example/steal", "https://a.example/cb", ""},
    {"other schemes are compared as bytes alone", "com.example.app:/a", "com.example.app:/b", ""},
};

TEST(RedirectDifference, IsExplained) {
  for (const Row& row : kRows) EXPECT_EQ(explain_redirect_difference(row.came, row.expected), row.told) << row.sentence;
}

TEST(RedirectDifference, AnUnregisteredOneIsHeldAgainstTheNearest) {
  EXPECT_EQ(explain_unregistered("https://a.example/cb", {}),
            "The request came with redirect_uri https://a.example/cb, and the client has registered none.");
  const std::vector<RedirectUri> two{RedirectUri("https://other.example/far"), RedirectUri("https://a.example/cb")};
  EXPECT_EQ(explain_unregistered("https://a.example/cb/", two),
            "The request came with redirect_uri https://a.example/cb/, and the client has registered "
            "https://other.example/far, https://a.example/cb. They differ in the slash at their end.");
  const std::vector<RedirectUri> many(8, RedirectUri("https://a.example/cb"));
  EXPECT_NE(explain_unregistered("https://x.example/y", many).find("https://a.example/cb and 3 more."),
            std::string::npos);
}

}  // namespace
}  // namespace chatelaine::oauth
