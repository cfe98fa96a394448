#include <gtest/gtest.h>

#include "pages/page.hpp"
#include "pages/request_for_test.hpp"

namespace chatelaine::pages {
namespace {

std::string policy_for(const std::vector<std::string>& targets) {
  net::Response response;
  add_page_headers(response, {.form_targets = targets});
  return test::header_of(response, "Content-Security-Policy");
}

/// RFC 9700 §4.2.4, §4.16, RFC 6749 §10.13: it is not framed, and tells nobody its address.
// DEVIATION RFC 9700 §4.16: whatever an operator says.
TEST(PageHeaders, APageMayOnlyBeWhatItIs) {
  net::Response response;
  add_page_headers(response, {});
  const std::pair<const char*, const char*> expected[] = {
      {"Content-Security-Policy",
       "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri "
       "'none'"},
      {"X-Frame-Options", "DENY"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "strict-origin"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cache-Control", "no-store"},
  };
  for (const auto& [name, value] : expected) EXPECT_EQ(test::header_of(response, name), value) << name;
  EXPECT_FALSE(test::header_of(response, "Permissions-Policy").empty());
}

TEST(PageHeaders, ScriptsAreOurOwnFilesAndOnlyWhereAPageAsksForThem) {
  EXPECT_EQ(policy_for({}).find("script-src"), std::string::npos);
  net::Response response;
  add_page_headers(response, {.scripts = Scripts::own});
  EXPECT_NE(test::header_of(response, "Content-Security-Policy").find("; script-src 'self';"), std::string::npos);
}

TEST(PageHeaders, FormActionNamesWhereTheAnswerMayRedirect) {
  struct Row {
    const char* sentence;
    std::string target;
    std::string form_action;
  };
  const Row rows[] = {
      {"an origin", "https://chat.openai.com", "form-action 'self' https://chat.openai.com;"},
      {"a loopback port", "http://127.0.0.1:8300", "form-action 'self' http://127.0.0.1:8300;"},
      {"a custom scheme", "com.example.app:", "form-action 'self' com.example.app:;"},
      {"CSP 3 §2.3.1 has no IPv6 host: its scheme", "http://[::1]:8300", "form-action 'self' http:;"},
      {"a directive that somebody smuggles in", "https://a.example; script-src *", "form-action 'self';"},
      {"a second source", "https://a.example https://b.example", "form-action 'self';"},
      {"a keyword", "'unsafe-inline'", "form-action 'self';"},
      {"a wildcard", "*", "form-action 'self';"},
      {"a line break", "https://a.example\r\nX: y", "form-action 'self';"},
      {"nothing", "", "form-action 'self';"},
  };
  for (const Row& row : rows) {
    EXPECT_NE(policy_for({row.target}).find(row.form_action), std::string::npos) << row.sentence;
  }
}

}  // namespace
}  // namespace chatelaine::pages
