#include "rehearsal/discovery.hpp"

#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "rehearsal/internet_for_test.hpp"
#include "rehearsal/profile_for_test.hpp"

namespace chatelaine::rehearsal {
namespace {

using oauth::DiscoveryStep;

std::string join(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

/// RFC 8414 §3.1, §5; OpenID Connect Discovery §4.1
TEST(ServerPlaces, AreThoseOfTheProfileInItsOrder) {
  const auto places_of = [](std::vector<DiscoveryStep> steps, std::string_view issuer) {
    auto profile = connector_profile();
    profile.discovery = std::move(steps);
    std::vector<std::string> urls;
    for (const auto& place : list_server_places(profile, *parse_http_url(issuer))) urls.push_back(place.url);
    return join(urls);
  };
  EXPECT_EQ(places_of({DiscoveryStep::openid_appended, DiscoveryStep::server_path, DiscoveryStep::server_root},
                      "https://a.example/t/"),
            "https://a.example/t/.well-known/openid-configuration\n"
            "https://a.example/.well-known/oauth-authorization-server/t\n"
            "https://a.example/.well-known/oauth-authorization-server\n");
  EXPECT_EQ(places_of({DiscoveryStep::server_path, DiscoveryStep::server_root, DiscoveryStep::openid_path,
                       DiscoveryStep::openid_appended},
                      "https://a.example"),
            "https://a.example/.well-known/oauth-authorization-server\n"
            "https://a.example/.well-known/openid-configuration\n")
      << "none twice";
}

TEST(McpUrl, IsWhatWasTypedOrMcpOnABareOrigin) {
  const auto find = [](std::string_view typed) { return find_mcp_url(*parse_http_url(typed)).text; };
  EXPECT_EQ(find("https://a.example"), "https://a.example/mcp");
  EXPECT_EQ(find("https://a.example/"), "https://a.example/mcp");
  EXPECT_EQ(find("https://a.example/api/mcp"), "https://a.example/api/mcp");
}

/// RFC 9728 §3, §5.1: the challenge leads, and nothing is asked that was answered already.
TEST(Discovery, OfAConnectorAsksNoMoreThanItNeeds) {
  Internet internet([](const inspection::Question& question) {
    const std::vector<net::Header> as_json{{"Content-Type", "application/json"}};
    if (question.url == "https://a.example/mcp")
      return answer_with(
          401, {{"WWW-Authenticate", "Bearer resource_metadata=\"https://a.example/meta\", scope=\"read\""}}, "");
    if (question.url == "https://a.example/meta")
      return answer_with(200, as_json,
                         R"({"resource":"https://a.example/mcp","authorization_servers":["https://b.example"]})");
    if (question.url == "https://b.example/.well-known/openid-configuration")
      return answer_with(200, as_json,
                         R"({"issuer":"https://b.example","authorization_endpoint":"https://b.example/a",)"
                         R"("token_endpoint":"https://b.example/t","code_challenge_methods_supported":["S256"],)"
                         R"("authorization_response_iss_parameter_supported":true})");
    return answer_with(404, {}, "");
  });
  Given given;
  given.target = inspection::parse_target("https://a.example/mcp").value();
  const auto profile = connector_profile();
  const Discovered discovered = block_on(discover(internet, profile, given));
  ASSERT_TRUE(discovered.server);
  EXPECT_EQ(discovered.server->resource, "https://a.example/mcp");
  EXPECT_EQ(discovered.server->challenge_scope, "read");
  EXPECT_EQ(discovered.server->token_endpoint, "https://b.example/t");
  EXPECT_FALSE(has_fault(discovered.remarks));
  EXPECT_EQ(join(internet.asked),
            "POST https://a.example/mcp\nGET https://a.example/meta\n"
            "GET https://b.example/.well-known/oauth-authorization-server\n"
            "GET https://b.example/.well-known/openid-configuration\n");
}

TEST(Discovery, OfAnActionTakesWhatIsTypedIn) {
  Internet internet([](const inspection::Question&) { return answer_with(404, {}, ""); });
  Given given;
  given.target = inspection::parse_target("https://a.example").value();
  given.authorization_url = "https://a.example/a";
  given.token_url = "https://a.example/t";
  const auto profile = action_profile();
  EXPECT_TRUE(block_on(discover(internet, profile, given)).server);
  EXPECT_TRUE(internet.asked.empty());
  given.token_url.clear();
  const Discovered nowhere = block_on(discover(internet, profile, given));
  EXPECT_FALSE(nowhere.server);
  EXPECT_EQ(nowhere.remarks.back().code, "endpoints");
}

}  // namespace
}  // namespace chatelaine::rehearsal
