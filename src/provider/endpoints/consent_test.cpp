#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

const std::string kQuery =
    "response_type=code&client_id=todo-plugin&scope=&state=a%2Bb"
    "&redirect_uri=https%3A%2F%2Fchat.openai.com%2Faip%2Fplugin-0123456789abcdef0123456789abcdef%2Foauth%2Fcallback";

/// A signed-in browser that looks at the consent page.
struct Visit {
  World world;
  std::string cookie = world.sign_in();
  TestResponse page = world.send(get("/oauth/authorize?" + kQuery).with("Cookie", cookie));

  TestResponse decide(const std::string& decision) { return post(decision, kQuery, page.form_field("form_token")); }
  TestResponse post(const std::string& decision, const std::string& query, const std::string& form_token) {
    auto request = post_form("/consent", {{"form_token", form_token}, {"request", query}, {"decision", decision}});
    return world.send(request.with("Cookie", cookie));
  }
};

/// What the page lists between two of its texts.
std::string text_between(const TestResponse& page, std::string_view begin, std::string_view end) {
  const std::string text = visible_text(page.body);
  const auto from = text.find(begin);
  const auto to = text.find(end, from);
  return from == std::string::npos || to == std::string::npos ? "not in: " + text : text.substr(from, to - from);
}

/// What a scope opens since the user allowed it is asked about, and stands first; later it is remembered.
TEST(Consent, SaysWhatIsNewSinceTheLastTime) {
  using enum openapi::Effect;
  World world;
  const std::string cookie = world.sign_in();
  const auto open = [&](Instant since) {
    world.change_settings([since](ProviderSettings& settings) {
      settings.scopes = {{"lists:read", "see your lists", {{read, "Show a list", "GET /list", {"lists:read"}}}},
                         {"lists:write",
                          "",
                          {{change, "Add a list", "POST /list", {"lists:write"}},
                           {change, "Share a list", "POST /shares", {"lists:write"}, since},
                           {remove, "Delete a list", "DELETE /list", {"lists:write"}, since}}}};
    });
  };
  const auto ask = [&] { return world.send(get("/oauth/authorize?" + kQuery).with("Cookie", cookie)); };
  open(Instant());
  const auto first = ask();
  EXPECT_EQ(first.body.find("New since"), std::string::npos);
  const auto allow = [&](const TestResponse& page) {
    return world.send(
        post_form("/consent",
                  {{"form_token", page.form_field("form_token")}, {"request", kQuery}, {"decision", "allow"}})
            .with("Cookie", cookie));
  };
  EXPECT_EQ(allow(first).status, 303);
  EXPECT_EQ(ask().status, 303);
  world.move_clock(seconds(1));
  open(world.now());
  const auto grown = ask();
  EXPECT_EQ(grown.status, 200);
  EXPECT_EQ(text_between(grown, "New since", "Todo Helper wants to"),
            "New since you allowed Todo Helper this: Delete a list deletes Share a list changes ");
  EXPECT_EQ(allow(grown).status, 303);
  EXPECT_EQ(ask().status, 303);
}

TEST(Consent, IsWrittenFromTheOperationsThatAScopeOpens) {
  using enum openapi::Effect;
  World world;
  const std::string cookie = world.sign_in();
  world.change_settings([](ProviderSettings& settings) {
    settings.scopes = {
        // In the operator's words, with what is gravest among the operations.
        {"lists:read", "clear lists", {{read, "Show a list", "GET /list"}, {remove, "Delete a list", "DELETE /list"}}},
        // In the operations' own words, each once.
        {"lists:write",
         "",
         {{change, "Add a list", "POST /list"},
          {change, "Add a list", "POST /lists"},
          {read, "Count lists", "GET /count"}}},
        {"admin", "", {{remove, "Delete everything", "DELETE /all"}}},
        {"plain", "do something else"}};
  });
  const auto page = world.send(get("/oauth/authorize?" + kQuery).with("Cookie", cookie));
  EXPECT_EQ(text_between(page, "Todo Helper wants to", "You will be taken"),
            "Todo Helper wants to Count lists Add a list changes clear lists deletes "
            "It cannot see your password do something else Delete everything deletes ");
  EXPECT_EQ(text_between(page, "What it could call", "Redirect URI"),
            "What it could call Show a list GET /list Delete a list DELETE /list "
            "Add a list POST /list Add a list POST /lists Count lists GET /count ");
}

/// As many an API's file has it: every operation asks for several scopes, and a token of one opens nothing.
TEST(Consent, SaysNothingOfWhatNeedsAScopeThatIsNotGranted) {
  using enum openapi::Effect;
  World world;
  const std::string cookie = world.sign_in();
  const std::vector<OpenedOperation> operations{
      {read, "Show a list", "GET /list", {"lists:read", "lists:write"}},
      {remove, "Delete a list", "DELETE /list", {"lists:read", "admin"}},
  };
  const auto ask = [&](std::string sentence) {
    world.change_settings([&](ProviderSettings& settings) {
      settings.scopes = {{"lists:read", std::move(sentence), operations},
                         {"lists:write", "", {operations[0]}},
                         {"admin", "be an administrator", {operations[1]}}};
    });
    return world.send(get("/oauth/authorize?" + kQuery).with("Cookie", cookie));
  };
  const auto described = ask("read your lists");
  EXPECT_EQ(text_between(described, "Todo Helper wants to", "You will be taken"),
            "Todo Helper wants to read your lists Show a list "
            "It cannot see your password be an administrator deletes ");
  const auto listed = ask("");
  EXPECT_EQ(text_between(listed, "Todo Helper wants to", "You will be taken"),
            "Todo Helper wants to Show a list It cannot see your password be an administrator deletes ");
  EXPECT_EQ(text_between(listed, "What it could call", "Redirect URI"), "What it could call Show a list GET /list ");
}

/// Scopes that are allowed one after the other are never asked about together: each page counts those before it.
TEST(Consent, CountsWhatWasAllowedBeforeWithWhatIsAskedFor) {
  using enum openapi::Effect;
  World world;
  const std::string cookie = world.sign_in();
  world.change_settings([](ProviderSettings& settings) {
    const OpenedOperation purge{remove, "Purge all lists", "DELETE /lists", {"lists:read", "lists:write"}};
    settings.scopes = {{"lists:read", "", {purge}}, {"lists:write", "", {purge}}};
  });
  const auto query_of = [](const std::string& scope) {
    std::string query = kQuery;
    const auto begin = query.find("scope=") + 6;
    return query.replace(begin, query.find('&', begin) - begin, scope);
  };
  const auto ask = [&](const std::string& scope) {
    return world.send(get("/oauth/authorize?" + query_of(scope)).with("Cookie", cookie));
  };
  const auto allow = [&](const std::string& scope) {
    const auto page = ask(scope);
    return world.send(
        post_form("/consent",
                  {{"form_token", page.form_field("form_token")}, {"request", query_of(scope)}, {"decision", "allow"}})
            .with("Cookie", cookie));
  };
  EXPECT_EQ(text_between(ask("lists%3Aread"), "It cannot", "You will be taken"),
            "It cannot see your password Purge all lists deletes ");
  EXPECT_EQ(allow("lists%3Aread").status, 303);
  EXPECT_EQ(text_between(ask("lists%3Awrite"), "Todo Helper wants to", "You will be taken"),
            "Todo Helper wants to Purge all lists deletes It cannot see your password ");
  EXPECT_EQ(text_between(ask("lists%3Awrite"), "What it could call", "Redirect URI"),
            "What it could call Purge all lists DELETE /lists ");
  EXPECT_EQ(allow("lists%3Awrite").status, 303);
  EXPECT_EQ(ask("lists%3Aread%20lists%3Awrite").status, 303) << "remembered";
}

/// What opens nothing by itself is still what was asked for.
TEST(Consent, NamesAScopeThatOpensNothingByItself) {
  using enum openapi::Effect;
  World world;
  const std::string cookie = world.sign_in();
  world.change_settings([](ProviderSettings& settings) {
    settings.scopes = {{"lists:read", "", {{remove, "Delete a list", "DELETE /list", {"lists:read", "admin"}}}},
                       {"lists:write", "write lists", {{remove, "Delete it", "DELETE /it", {"lists:write", "admin"}}}}};
  });
  const auto page = world.send(get("/oauth/authorize?" + kQuery).with("Cookie", cookie));
  EXPECT_EQ(text_between(page, "Todo Helper wants to", "You will be taken"),
            "Todo Helper wants to lists:read write lists It cannot see your password ");
}

TEST(Consent, CountsTheRestOfManyOperationsByWhatTheyDo) {
  using enum openapi::Effect;
  World world;
  const std::string cookie = world.sign_in();
  world.change_settings([](ProviderSettings& settings) {
    ScopeDescription scope{.name = "lists:read"};
    for (int i = 0; i < 8; ++i)
      scope.operations.push_back({read, "Show " + std::to_string(i), "GET /" + std::to_string(i)});
    for (int i = 0; i < 7; ++i)
      scope.operations.push_back({remove, "Delete " + std::to_string(i), "DELETE /" + std::to_string(i)});
    settings.scopes = {scope};
  });
  const auto page = world.send(get("/oauth/authorize?" + kQuery).with("Cookie", cookie));
  EXPECT_EQ(text_between(page, "Todo Helper wants to", "It cannot"),
            "Todo Helper wants to Show 0 Show 1 Show 2 Show 3 Show 4 Show 5 2 more, see the technical details below "
            "lists:write "
            "Delete 0 deletes Delete 1 deletes Delete 2 deletes Delete 3 deletes Delete 4 deletes Delete 5 deletes "
            "1 more, see the technical details below deletes ");
}

TEST(Consent, StaysShortWhereAScopeOpensHundredsOfOperations) {
  World world;
  const std::string cookie = world.sign_in();
  world.change_settings([](ProviderSettings& settings) {
    ScopeDescription scope{.name = "lists:read", .sentence = "read your lists"};
    for (int i = 0; i < 500; ++i)
      scope.operations.push_back(
          {openapi::Effect::read, "Show list " + std::to_string(i), "GET /lists/" + std::to_string(i)});
    settings.scopes = {scope};
  });
  const auto page = world.send(get("/oauth/authorize?" + kQuery).with("Cookie", cookie));
  EXPECT_LT(page.body.size(), 30'000U);
  EXPECT_NE(visible_text(page.body).find("Show list 99 GET /lists/99 and 400 more"), std::string::npos);
}

TEST(Consent, AllowGivesACodeWithStateAndIssuer) {
  Visit visit;
  const auto answer = visit.decide("allow");
  EXPECT_EQ(answer.status, 303);
  EXPECT_TRUE(answer.location_parameter("code").starts_with("ctl_ac_"));
  EXPECT_EQ(answer.location_parameter("state"), "a+b");
  EXPECT_EQ(answer.location_parameter("iss"), "https://todo.example.com");
}

TEST(Consent, DenyIsAccessDeniedAndRemembersNothing) {
  Visit visit;
  const auto answer = visit.decide("deny");
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(answer.location_parameter("error"), "access_denied");
  EXPECT_EQ(answer.location_parameter("state"), "a+b");
  EXPECT_EQ(answer.location_parameter("code"), "");
  EXPECT_TRUE(block_on(visit.world.storage().consents().list_consents(visit.world.ada())).empty());
}

/// What is sent from the consent page, and the page that answers it.
struct WrongForm {
  const char* sentence;
  std::function<TestResponse(Visit&)> post;
  Told told;
};

const Told kForeign{
    403, "",
    "That form has grown old We could not see that the form came from this browser, so nothing was done. "
    "Perhaps you have signed in or out in another tab, or your browser keeps no cookies for this site. "
    "Allow cookies for this site, go back, load the page again and send the form once more."};
const Told kUndecided{
    400, "",
    "Nothing was decided What your browser sent says neither Allow nor Deny. Go back, load the page "
    "again and press one of its two buttons. Technical details Missing or unknown parameter: decision"};
Told unreadable(int status, const std::string& happened, const std::string& detail = "") {
  return {status, "",
          "That form could not be read " + happened + " Go back, load the page again and send the form once more." +
              (detail.empty() ? "" : " Technical details " + detail)};
}

/// The form that Allow sends.
TestRequest allow_form(const Visit& visit) {
  auto request = post_form("/consent", {{"form_token", visit.page.form_field("form_token")},
                                        {"request", visit.page.form_field("request")},
                                        {"decision", "allow"}});
  return std::move(request).with("Cookie", visit.cookie);
}

std::vector<WrongForm> forms_of_others() {
  return {
      {"no form token", [](Visit& visit) { return visit.post("allow", kQuery, ""); }, kForeign},
      {"a form token of another request",
       [](Visit& visit) { return visit.post("allow", kQuery + "&scope2=x", visit.page.form_field("form_token")); },
       kForeign},
      {"another session's form token",
       [](Visit& visit) {
         visit.cookie = visit.world.sign_in();
         return visit.decide("allow");
       },
       kForeign},
      {"a form that another site posted, by Origin",
       [](Visit& visit) { return visit.world.send(allow_form(visit).with("Origin", "https://evil.example")); },
       kForeign},
      {"a form that another site posted, by Sec-Fetch-Site",
       [](Visit& visit) { return visit.world.send(allow_form(visit).with("Sec-Fetch-Site", "cross-site")); }, kForeign},
  };
}

std::vector<WrongForm> forms_that_say_nothing() {
  constexpr const char* kForm = "application/x-www-form-urlencoded";
  const auto raw = [](const char* type, std::string body) {
    return [type, body](Visit& visit) {
      return visit.world.send(post_raw("/consent", type, body).with("Cookie", visit.cookie));
    };
  };
  constexpr const char* kNotAsWritten = "The form is not written as a browser writes it.";
  constexpr const char* kNoForm = "What was sent is not a form.";
  constexpr const char* kFormType = "The content type must be application/x-www-form-urlencoded.";
  return {
      {"no decision", [](Visit& visit) { return visit.decide(""); }, kUndecided},
      {"an unknown decision", [](Visit& visit) { return visit.decide("maybe"); }, kUndecided},
      {"a repeated field", raw(kForm, "decision=allow&decision=deny"),
       unreadable(400, kNotAsWritten, "The field decision is there twice.")},
      {"a stray percent sign", raw(kForm, "decision=%zz"),
       unreadable(400, kNotAsWritten, "A percent sign is not followed by two hexadecimal digits.")},
      {"a JSON body", raw("application/json", "{}"), unreadable(415, kNoForm, kFormType)},
      {"no content type",
       [](Visit& visit) {
         TestRequest request{.method = "POST", .target = "/consent", .headers = {}, .body = "decision=allow"};
         return visit.world.send(request.with("Cookie", visit.cookie));
       },
       unreadable(415, kNoForm, kFormType)},
      {"more than 16 KiB", raw(kForm, "decision=" + std::string(16 * 1024, 'x')),
       unreadable(413, "What was sent is longer than any form here.")},
      {"GET",
       [](Visit& visit) { return visit.world.send(get("/consent").with("Cookie", visit.cookie)); },
       {405, "",
        "Nothing to see here This address is one step of a sign-in and shows nothing by itself. Go back to the "
        "assistant "
        "and begin the sign-in there."}},
      {"a client that was removed meanwhile",
       [](Visit& visit) {
         const oauth::ClientId id("todo-plugin");
         block_on(visit.world.storage().clients().remove_client(id, visit.world.now()));
         return visit.decide("allow");
       },
       {400, "",
        "This plugin cannot sign you in yet The plugin's client ID is not registered here. It is the plugin author's "
        "turn: enter the client ID that `chatelaine client add` printed on this server. `chatelaine client list` shows "
        "those that exist. Technical details Received client_id: todo-plugin"}},
  };
}

void expect_nothing_decided(const std::vector<WrongForm>& rows) {
  for (const auto& row : rows) {
    SCOPED_TRACE(row.sentence);
    Visit visit;
    const auto answer = row.post(visit);
    EXPECT_EQ(tell(answer), row.told);
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_TRUE(block_on(visit.world.storage().consents().list_consents(visit.world.ada())).empty());
  }
}

/// RFC 6749 §10.12: a form counts in the browser that was given it.
TEST(Consent, FormsOfOthersDecideNothing) { expect_nothing_decided(forms_of_others()); }
TEST(Consent, FormsThatSayNothingDecideNothing) { expect_nothing_decided(forms_that_say_nothing()); }

TEST(Consent, ASignedOutBrowserIsLedToSignInAndBackToTheRequest) {
  Visit visit;
  visit.cookie = "other=1";
  const auto answer = visit.decide("allow");
  EXPECT_EQ(answer.status, 303);
  EXPECT_TRUE(answer.location_parameter("return_to").starts_with("/oauth/authorize?response_type=code&"));
}

TEST(Consent, ADisabledUsersSessionDecidesNothing) {
  Visit visit;
  block_on(visit.world.storage().users().set_enabled(visit.world.ada(), false, visit.world.now()));
  const auto answer = visit.decide("allow");
  EXPECT_EQ(answer.status, 303);
  EXPECT_TRUE(answer.header("Location").value_or("").starts_with("/sign-in?return_to=")) << *answer.header("Location");
}

}  // namespace
}  // namespace chatelaine::provider
