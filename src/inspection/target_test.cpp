#include "inspection/target.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace chatelaine::inspection {
namespace {

TEST(Target, is_a_url_or_a_domain_as_people_write_it) {
  struct Row {
    std::string_view text;
    std::string_view url;
    net::AddressPolicy addresses;
  };
  using enum net::AddressPolicy;
  const Row rows[] = {
      {"https://todo.example/mcp", "https://todo.example/mcp", public_only},
      {" todo.example ", "https://todo.example", public_only},
      {"todo.example:8443/tenant/", "https://todo.example:8443/tenant/", public_only},
      {"http://todo.example", "http://todo.example", public_only},
      {"127.0.0.1:8080", "http://127.0.0.1:8080", public_and_loopback},
      {"localhost", "http://localhost", public_and_loopback},
      {"https://localhost:8443", "https://localhost:8443", public_and_loopback},
      {"https://todo.example/.well-known/ai-plugin.json", "https://todo.example", public_only},
      {"https://todo.example/.well-known/oauth-protected-resource/mcp", "https://todo.example/mcp", public_only},
      {"https://todo.example/.well-known/oauth-authorization-server/tenant", "https://todo.example/tenant",
       public_only},
      {"https://todo.example/.well-known/openid-configuration", "https://todo.example", public_only},
      {"HTTPS://Todo.Example:443/MCP?a=B", "https://todo.example/MCP?a=B", public_only},
      {"https://todo.example/tenant/.well-known/openid-configuration", "https://todo.example/tenant", public_only},
  };
  for (const Row& row : rows) {
    const auto target = parse_target(row.text);
    ASSERT_TRUE(target) << row.text << ": " << target.error();
    EXPECT_EQ(target->url.text, row.url);
    EXPECT_EQ(target->addresses, row.addresses) << row.text;
  }
}

TEST(Target, is_refused_with_a_sentence) {
  for (const std::string_view text : {"", "ftp://todo.example", "https://", "https://a:b@todo.example",
                                      "https://todo.example/#top", "https://to do.example"}) {
    const auto target = parse_target(text);
    ASSERT_FALSE(target) << text;
    EXPECT_FALSE(target.error().empty()) << text;
  }
}

TEST(Target, is_asked_by_https_beyond_loopback) {
  const Target target = parse_target("http://todo.example:8080/mcp").value();
  EXPECT_EQ(judge_scheme(target.url).verdict, Verdict::fault);
  EXPECT_EQ(make_secure(target).url.text, "https://todo.example:8080/mcp");
  const Target local = parse_target("http://localhost:8080").value();
  EXPECT_EQ(judge_scheme(local.url).verdict, Verdict::ok);
  EXPECT_EQ(make_secure(local).url.scheme, "http");
}

TEST(Target, decides_which_urls_assistants_can_use) {
  struct Row {
    std::string_view url;
    std::string_view on_the_internet;
    std::string_view on_loopback;
  };
  const Row rows[] = {{"https://todo.example/token", "", ""},
                      {"http://todo.example/token", "is http", "is http"},
                      {"http://127.0.0.1:8080/token", "loopback", ""},
                      {"https://localhost/token", "loopback", ""},
                      {"https://10.0.0.1/token", "private network", "private network"}};
  for (const auto& [text, on_the_internet, on_loopback] : rows) {
    for (const auto& [addresses, flaw] : {std::pair{net::AddressPolicy::public_only, on_the_internet},
                                          std::pair{net::AddressPolicy::public_and_loopback, on_loopback}}) {
      const std::string_view found = find_flaw(parse_http_url(text).value(), addresses);
      EXPECT_EQ(found.empty(), flaw.empty()) << text << ' ' << found;
      EXPECT_TRUE(found.contains(flaw)) << text << ' ' << found;
    }
  }
}

TEST(RootDomain, is_what_an_owner_has_registered) {
  struct Row {
    std::string_view host;
    std::string_view root;
  };
  const Row rows[] = {{"api.todo.example", "todo.example"},
                      {"todo.example", "todo.example"},
                      {"a.b.c.todo.example", "todo.example"},
                      {"api.todo.co.uk", "todo.co.uk"},
                      {"todo.co.uk", "todo.co.uk"},
                      {"co.uk", "co.uk"},
                      {"todo.de", "todo.de"},
                      {"www.todo.de", "todo.de"},
                      {"localhost", "localhost"},
                      {"192.0.2.1", "192.0.2.1"},
                      {"2001:db8::1", "2001:db8::1"},
                      {".com", ".com"}};
  for (const Row& row : rows) EXPECT_EQ(find_root_domain(row.host), row.root) << row.host;
}

}  // namespace
}  // namespace chatelaine::inspection
