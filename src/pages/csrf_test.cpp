#include "pages/csrf.hpp"

#include <gtest/gtest.h>

#include "pages/request_for_test.hpp"

namespace chatelaine::pages {
namespace {

struct Row {
  const char* sentence;
  const char* origin;
  const char* fetch_site;
  const char* purpose;
  const char* binding;
  bool is_own;
};

// The token was made for the purpose "consent" and the binding "session-1".
constexpr Row kRows[] = {
    {"no browser headers: the token decides", nullptr, nullptr, "consent", "session-1", true},
    {"our own origin and same-origin", "https://todo.example", "same-origin", "consent", "session-1", true},
    {"another origin", "https://evil.example", nullptr, "consent", "session-1", false},
    {"our host with another scheme", "http://todo.example", nullptr, "consent", "session-1", false},
    {"our host with another port", "https://todo.example:8443", nullptr, "consent", "session-1", false},
    {"Origin null, as a sandboxed frame sends it", "null", nullptr, "consent", "session-1", false},
    {"another site", nullptr, "cross-site", "consent", "session-1", false},
    {"a sibling of our site", nullptr, "same-site", "consent", "session-1", false},
    {"no page sent it", nullptr, "none", "consent", "session-1", false},
    {"the token of another purpose", nullptr, nullptr, "sign-out", "session-1", false},
    {"the token of another browser", nullptr, nullptr, "consent", "session-2", false},
    {"no browser at all", nullptr, nullptr, "consent", "", false},
    {"purpose and binding do not run together", nullptr, nullptr, "consents", "ession-1", false},
};

TEST(Csrf, OnlyOurOwnFormPasses) {
  const Csrf csrf(SecretBytes("a key of thirty-two bytes, really"), "https://todo.example");
  const std::string token = csrf.mint_token("consent", "session-1");
  for (const Row& row : kRows) {
    test::MadeRequest request(net::Method::post, "/consent");
    if (row.origin != nullptr) request.add_header("Origin", row.origin);
    if (row.fetch_site != nullptr) request.add_header("Sec-Fetch-Site", row.fetch_site);
    EXPECT_EQ(csrf.is_own_form(request.get(), token, row.purpose, row.binding), row.is_own) << row.sentence;
  }
}

TEST(Csrf, AnAlteredOrMissingTokenIsRefused) {
  const Csrf csrf(SecretBytes("a key of thirty-two bytes, really"), "https://todo.example");
  const Csrf other(SecretBytes("another key"), "https://todo.example");
  const test::MadeRequest request(net::Method::post, "/consent");
  const std::string token = csrf.mint_token("consent", "session-1");
  for (const std::string& wrong :
       {std::string(), token.substr(1), token + "A", "A" + token.substr(1), other.mint_token("consent", "session-1")}) {
    if (wrong == token) continue;
    EXPECT_FALSE(csrf.is_own_form(request.get(), wrong, "consent", "session-1")) << wrong;
  }
  EXPECT_EQ(token.find("session-1"), std::string::npos);
}

}  // namespace
}  // namespace chatelaine::pages
