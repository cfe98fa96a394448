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
    {"a GPT that was saved again, from its other host", "https://chatgpt.com/aip/g-bbbb2222/oauth/callback",
     "https://chat.openai.com/aip/g-aaaa1111/oauth/callback",
     "The GPT was saved again and its id changed from g-aaaa1111 to g-bbbb2222: have the new address registered. A GPT "
     "comes back to chat.openai.com or to chatgpt.com, as its user's browser has it: register both."},
    {"a GPT's scheme, whose host is the same", "http://chat.openai.com/aip/g-1/oauth/callback",
     "https://chat.openai.com/aip/g-1/oauth/callback", "They differ in their scheme: http came, https was expected."},
    {"and whose host is the other one", "http://chatgpt.com/aip/g-1/oauth/callback",
     "https://chat.openai.com/aip/g-1/oauth/callback",
     "They differ in their scheme: http came, https was expected. A GPT comes back to chat.openai.com or to "
     "chatgpt.com, as its user's browser has it: register both."},
    {"a GPT's port", "https://chat.openai.com:8443/aip/g-1/oauth/callback",
     "https://chat.openai.com/aip/g-1/oauth/callback", "They differ in their port: 8443 came, 443 was expected."},
    {"scheme and host", "http://a.example/cb", "https://b.example/cb",
     "They differ in their host: http://a.example came, https://b.example was expected."},
    {"a GPT's address that has more of a path is no slip", "https://chatgpt.com/aip/g-1/oauth/callback/more",
     "https://chat.openai.com/aip/g-1/oauth/callback", ""},
    {"THREATS N47: a token in a path", "https://a.example/ctl_at_0123456789", "https://a.example/callback",
     "They differ in one part of their path: (17 characters) came, callback was expected."},
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
  struct Nearer {
    const char* sentence;
    const char* came;
    std::vector<RedirectUri> registered;
    const char* told;
  };
  const RedirectUri far("https://b.example/cb");
  const Nearer rows[] = {
      {"a slash before a host",
       "https://a.example/cb/",
       {RedirectUri("https://b.example/cb/"), RedirectUri("https://a.example/cb")},
       "They differ in the slash at their end."},
      {"a part of the path before a host",
       "https://a.example/cb",
       {far, RedirectUri("https://a.example/back")},
       "They differ in one part of their path: cb came, back was expected."},
      {"a scheme before a part of the path",
       "http://a.example/cb",
       {RedirectUri("http://a.example/back"), RedirectUri("https://a.example/cb")},
       "They differ in their scheme: http came, https was expected."},
      {"a GPT's other host before another GPT",
       "https://chatgpt.com/aip/g-2/oauth/callback",
       {RedirectUri("https://chat.openai.com/aip/g-1/oauth/callback"),
        RedirectUri("https://chat.openai.com/aip/g-2/oauth/callback")},
       "A GPT comes back to chat.openai.com or to chatgpt.com, as its user's browser has it: register both."},
      {"of two of a kind the one with more in common",
       "https://a.example/callback1",
       {RedirectUri("https://a.example/other"), RedirectUri("https://a.example/callback2")},
       "They differ in one part of their path: callback1 came, callback2 was expected."},
      {"and the first of equals",
       "https://a.example/x",
       {RedirectUri("https://a.example/y"), RedirectUri("https://a.example/z")},
       "They differ in one part of their path: x came, y was expected."},
  };
  for (const Nearer& row : rows)
    EXPECT_TRUE(explain_unregistered(row.came, row.registered).ends_with(std::string(". ") + row.told))
        << row.sentence << ": " << explain_unregistered(row.came, row.registered);
  const std::vector<RedirectUri> many(8, RedirectUri("https://a.example/cb"));
  EXPECT_NE(explain_unregistered("https://x.example/y", many).find("https://a.example/cb and 3 more."),
            std::string::npos);
}

}  // namespace
}  // namespace chatelaine::oauth
