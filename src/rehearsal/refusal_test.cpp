#include "rehearsal/refusal.hpp"

#include <gtest/gtest.h>

#include "rehearsal/profile_for_test.hpp"

namespace chatelaine::rehearsal {
namespace {

using inspection::Visit;

Visit page(int status, std::string body, std::vector<net::Header> headers = {}) {
  net::FetchedDocument document;
  document.status = status;
  document.headers = std::move(headers);
  document.body = std::move(body);
  return {"GET", "https://a.example/authorize?x=1", std::move(document), {}};
}

Client known_by(oauth::RegistrationWay way, std::string id) {
  Client client;
  client.way = way;
  client.id = oauth::ClientId(std::move(id));
  return client;
}

Remark judge(const oauth::AssistantProfile& profile, const Client& client, const Visit& visit) {
  static const Server server;
  const UsedRedirect redirect{&profile.redirects.front(), oauth::RedirectUri("https://chat.example/cb")};
  return judge_refused_page(visit, {profile, server, client}, redirect);
}

TEST(RefusedPage, IsAboutWhatPeopleReadOnIt) {
  auto connector = connector_profile();
  connector.authorization_parameters.emplace_back("resource");
  const auto plugin = plugin_profile();
  const Client client = known_by(oauth::RegistrationWay::by_hand, "x");
  struct Row {
    std::string_view sentence;
    int status;
    std::string body;
    std::string_view by_plugin;
    std::string_view by_connector;
  };
  for (const Row& row : {
           Row{"a redirect URI", 400, "<p>The redirect_uri is not registered.</p>", "redirect_uri", "redirect_uri"},
           Row{"as Auth0 says it", 403, "<h1>Callback URL mismatch.</h1>", "redirect_uri", "redirect_uri"},
           Row{"PKCE", 400, "<p>code_challenge is required</p>", "pkce_optional", "sign_in"},
           Row{"a client", 400, "<p>Unknown client</p>", "client", "client"},
           Row{"as Entra says it", 400,
               "AADSTS9010010: The resource parameter provided in the request doesn't match with the requested scopes.",
               "scope_optional", "resource_indicator"},
           Row{"JSON", 400, R"({"error":"invalid_target"})", "sign_in", "resource_indicator"},
           Row{"nothing", 400, "<h1>400</h1>", "sign_in", "sign_in"},
           Row{"a script", 400, "<script src='/client.js'>redirect()</script><h1>No</h1>", "sign_in", "sign_in"},
           Row{"an attribute", 403, "<th scope=col>Blocked</th>", "sign_in", "sign_in"},
           Row{"a URL", 403, "<p>See https://a.example/client/scope</p>", "sign_in", "sign_in"},
           Row{"what proxies say", 400, "<p>Your client has issued a malformed request.</p>", "sign_in", "sign_in"},
           Row{"what is not found", 404, "<p>No such client</p>", "sign_in", "sign_in"},
           Row{"too often", 429, "<p>This client asks too often</p>", "sign_in", "sign_in"},
           Row{"trouble", 500, "<p>NullPointerException: client</p>", "sign_in", "sign_in"},
       }) {
    EXPECT_EQ(judge(plugin, client, page(row.status, row.body)).code, row.by_plugin) << row.sentence;
    EXPECT_EQ(judge(connector, client, page(row.status, row.body)).code, row.by_connector) << row.sentence;
  }
}

TEST(RefusedPage, IsQuotedAndSaysWhatToDo) {
  const auto plugin = plugin_profile();
  const Client client = known_by(oauth::RegistrationWay::by_hand, "x");
  EXPECT_EQ(judge(plugin, client, page(400, "redirect uri")).change,
            "Register https://chat.example/cb for this client, byte for byte.");
  const Remark disabled =
      judge(plugin, client, page(401, "<p>The application is disabled.</p>", {{"X-Request-Id", "r-1"}}));
  EXPECT_EQ(disabled.seen,
            "the authorization endpoint answers with status 401 where it should show its sign-in. It says: \"The "
            "application is disabled.\" Its X-Request-Id is \"r-1\".");
  EXPECT_EQ(disabled.change,
            "Mend what the page says. Open it in a browser to see the whole page: https://a.example/authorize?x=1");
  EXPECT_EQ(judge(plugin, client, page(500, "")).change,
            "See in the server's log why it fails. Open it in a browser to see the whole page: "
            "https://a.example/authorize?x=1");
}

/// Nobody can add a client that is known by its document.
TEST(RefusedPage, OfAClientSaysHowThatOneComesToBeKnown) {
  const auto connector = connector_profile();
  const std::string id = "https://helper.example/client.json";
  const Client of_document = known_by(oauth::RegistrationWay::metadata_document, id);
  const Remark unread = judge(connector, of_document, page(502, "<p>The host of " + id + " was not found.</p>"));
  EXPECT_EQ(unread.code, "client");
  EXPECT_NE(unread.change.find("the server reads " + id + " by itself"), std::string::npos) << unread.change;
  EXPECT_NE(unread.change.find("--client-id-document"), std::string::npos) << unread.change;
  const auto change = [&](oauth::RegistrationWay way) {
    return judge(connector, known_by(way, "x"), page(400, "Unknown client")).change;
  };
  EXPECT_EQ(change(oauth::RegistrationWay::by_hand),
            "Add the client \"x\" at the server, or see in its log why it does not take this one.");
  EXPECT_EQ(change(oauth::RegistrationWay::dynamic),
            "Take \"x\" at the authorization endpoint, which the registration endpoint has just given.");
}

/// RFC 6749 §3.3
TEST(GivenScope, IsTheOperatorsToChange) {
  Remarks remarks{find_fault(Point::scope_optional, "invalid_scope"), find_fault(Point::client, "unknown")};
  const std::string usual = remarks[0].change;
  Given given;
  blame_given_scope(remarks, given);
  EXPECT_EQ(remarks[0].change, usual);
  given.scope = "todos.rede";
  blame_given_scope(remarks, given);
  EXPECT_NE(remarks[0].change.find("Give another --scope"), std::string::npos) << remarks[0].change;
  EXPECT_EQ(remarks[1].change.find("--scope"), std::string::npos);
}

/// RFC 8707 §2
TEST(RefusedPart, IsResourceWhereThatIsSent) {
  auto connector = connector_profile();
  connector.token_parameters.emplace_back("resource");
  auto plugin = plugin_profile();
  std::erase(plugin.authorization_parameters, "resource");
  std::erase(plugin.token_parameters, "resource");
  const auto find = [](std::string_view error, std::string_view words, const oauth::AssistantProfile& profile) {
    return find_refused_part(error, words, profile, Point::token_answer);
  };
  EXPECT_EQ(find("invalid_target", "", connector), Point::resource_indicator);
  EXPECT_EQ(find("invalid_target", "", plugin), Point::token_answer);
  EXPECT_EQ(find("invalid_request", "AADSTS901002: The 'resource' request parameter is not supported.", connector),
            Point::resource_indicator);
  EXPECT_EQ(find("invalid_request", "The resource owner is gone.", connector), Point::token_answer);
  EXPECT_EQ(find("unauthorized_client", "resource", connector), Point::token_answer);
}

TEST(Words, AreQuotedWithOneFullStop) {
  EXPECT_EQ(quote_words("No."), " It says: \"No.\"");
  EXPECT_EQ(quote_words("no"), " It says: \"no\".");
  EXPECT_EQ(quote_words(""), "");
}

}  // namespace
}  // namespace chatelaine::rehearsal
