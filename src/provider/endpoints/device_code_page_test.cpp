#include <gtest/gtest.h>

#include <functional>

#include "base/block_on.hpp"
#include "oauth/grants/device_code.hpp"
#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

/// A signed-in person, and a device that shows a code.
struct Visit {
  World world;
  std::string cookie = world.sign_in();
  TestResponse asked = ask_for_device_code(world);
  std::string user_code = asked.member("user_code");

  TestResponse type(const std::string& typed) { return type_user_code(world, cookie, typed); }
  TestResponse poll() { return testing::poll(world, asked.member("device_code")); }
};

/// The one page for whatever is wrong with a code.
Told leads_nowhere() {
  return {422, "",
          "Connect a device Type the code that your device shows. Code Eight letters, such as WDJB-MJHT. "
          "Small letters will do, and so will no dash. That code leads to no device. Look at the device: type the code "
          "that it shows now. Continue only if the device is in front of you. A code that came by mail, in a chat or "
          "on the "
          "telephone belongs to somebody else’s device, which would get into your account. Continue"};
}
const Told kForeign{
    403, "",
    "That form has grown old We could not see that the form came from this browser, so nothing was done. "
    "Perhaps you have signed in or out in another tab, or your browser keeps no cookies for this site. "
    "Allow cookies for this site, go back, load the page again and send the form once more."};
Told wait(const std::string& how_long) {
  return {429, "",
          "Too many attempts Too many wrong codes were typed with this account, or from your network. Nothing was "
          "checked this time. Wait " +
              how_long + ", go back and try again."};
}

/// RFC 8628 §3.3: the person types the code, sees who asks for what, and is sent back to the device.
// DEVIATION RFC 6749 §10.2: no word of how long.
TEST(DeviceCodePage, LeadsFromTheCodeToTheDevicesTokens) {
  Visit visit;
  const auto page = visit.type(visit.user_code);
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(
      visible_text(page.body),
      "Allow Todo TV? Todo TV wants to read your lists add to your lists It cannot see your password delete lists "
      "Allow this only if a device in front of you shows this code now: " +
          visit.user_code +
          " The device that shows it gets the access, wherever it is. If somebody sent you the code, press Deny. "
          "Deny Allow You can end this at any time on your account page. Signed in as Ada Lovelace "
          "ada@example.com Not you? Sign in as somebody else Technical details Client id tv-app Scope "
          "lists:read lists:write");
  EXPECT_EQ(page.header("Cache-Control"), "no-store");
  const auto policy = page.header("Content-Security-Policy").value_or("");
  EXPECT_NE(policy.find("form-action 'self';"), std::string::npos) << "no other origin has a part in it: " << policy;
  EXPECT_EQ(visit.poll().member("error"), "authorization_pending") << "looking allows nothing";

  const auto done = decide_device(visit.world, visit.cookie, page, "allow");
  EXPECT_EQ(tell(done),
            (Told{200, "",
                  "You can go back to your device Todo TV has access now and goes on by itself within a few "
                  "seconds. You can close this page."}));
  EXPECT_EQ(visit.poll().status, 200);
  const auto consents = block_on(visit.world.storage().consents().list_consents(visit.world.ada()));
  ASSERT_EQ(consents.size(), 1U);
  EXPECT_EQ(consents[0].client_id.value(), "tv-app");
  EXPECT_EQ(consents[0].scope.to_string(), "lists:read lists:write");
  EXPECT_EQ(visit.world.log().find(visit.user_code), std::string::npos);
}

TEST(DeviceCodePage, DenyIsToldToTheDeviceAndRemembersNothing) {
  Visit visit;
  const auto done = decide_device(visit.world, visit.cookie, visit.type(visit.user_code), "deny");
  EXPECT_EQ(tell(done),
            (Told{200, "",
                  "Nothing was allowed Todo TV gets no access, and the device is told so. You can close this "
                  "page."}));
  EXPECT_EQ(visit.poll().member("error"), "access_denied");
  EXPECT_TRUE(block_on(visit.world.storage().consents().list_consents(visit.world.ada())).empty());
}

/// RFC 8628 §3.3.1: verification_uri_complete fills the code in, through sign-in; the person still confirms it (§5.4).
TEST(DeviceCodePage, ACodeInTheAddressIsFilledInAndLookedUpNoSoonerThanConfirmed) {
  Visit visit;
  const auto complete = visit.asked.member("verification_uri_complete");
  const auto target = complete.substr(complete.find("/device"));
  const auto sent = visit.world.send(get(target));
  EXPECT_EQ(sent.status, 303);
  EXPECT_EQ(sent.location_parameter("return_to"), target);

  const auto page = visit.world.send(get(target).with("Cookie", visit.cookie));
  EXPECT_EQ(page.form_field("user_code"), visit.user_code);
  EXPECT_NE(visible_text(page.body).find("Does your device show exactly this code?"), std::string::npos);
  EXPECT_EQ(visible_text(page.body).find("Todo TV"), std::string::npos);
  EXPECT_EQ(visit.poll().member("error"), "authorization_pending");
}

TEST(DeviceCodePage, WhatIsNoCodeInTheAddressIsNotShown) {
  Visit visit;
  for (const char* query : {"", "?user_code=", "?user_code=call+0900-123456", "?user_code=%zz", "?x=1&x=1"}) {
    const auto page = visit.world.send(get(std::string("/device") + query).with("Cookie", visit.cookie));
    EXPECT_EQ(page.status, 200) << query;
    EXPECT_EQ(page.form_field("user_code"), "") << query;
    const auto sent = visit.world.send(get(std::string("/device") + query));
    EXPECT_EQ(sent.location_parameter("return_to"), "/device") << query;
  }
}

/// RFC 8628 §6.1.
TEST(DeviceCodePage, TheCodeIsTakenHoweverItIsTyped) {
  Visit visit;
  std::string small = visit.user_code;
  for (char& c : small) c = c == '-' ? ' ' : static_cast<char>(c - 'A' + 'a');
  EXPECT_EQ(visit.type(" " + small + " ").status, 200);
}

/// RFC 8628 §5.4: a program that poses as somebody's television has chosen that name itself (RFC 7591 §5).
TEST(DeviceCodePage, AClientThatRegisteredItselfIsCalledSo) {
  Visit visit;
  auto client = *block_on(visit.world.storage().clients().find_client(oauth::ClientId("tv-app")));
  client.origin = oauth::ClientOrigin::registration;
  ASSERT_TRUE(block_on(visit.world.storage().clients().update_client(client, visit.world.now())));
  const auto page = visit.type(visit.user_code);
  EXPECT_NE(visible_text(page.body).find("Todo TV registered itself here: it chose that name"), std::string::npos);
}

TEST(DeviceCodePage, TheScopeIsThatWhichTheClientMayStillHave) {
  Visit visit;
  auto client = *block_on(visit.world.storage().clients().find_client(oauth::ClientId("tv-app")));
  client.scope = *oauth::Scope::parse("lists:read lists:delete");
  ASSERT_TRUE(block_on(visit.world.storage().clients().update_client(client, visit.world.now())));
  const auto page = visit.type(visit.user_code);
  EXPECT_NE(visible_text(page.body).find("Scope lists:read"), std::string::npos);
  EXPECT_EQ(visible_text(page.body).find("lists:read lists:write"), std::string::npos);
}

/// What was typed, and why it leads nowhere.
struct DeadCode {
  const char* sentence;
  std::function<TestResponse(Visit&)> type;
};

/// RFC 8628 §5.1: whoever tries codes learns no difference.
TEST(DeviceCodePage, WhateverIsWrongWithACodeReadsTheSame) {
  const DeadCode rows[] = {
      {"unknown", [](Visit& visit) { return visit.type("BBBB-BBBB"); }},
      {"no code at all", [](Visit& visit) { return visit.type("hello"); }},
      {"nothing", [](Visit& visit) { return visit.type(""); }},
      {"expired",
       [](Visit& visit) {
         visit.world.move_clock(std::chrono::minutes{10});
         return visit.type(visit.user_code);
       }},
      {"allowed before",
       [](Visit& visit) {
         static_cast<void>(decide_device(visit.world, visit.cookie, visit.type(visit.user_code), "allow"));
         return visit.type(visit.user_code);
       }},
      {"denied before",
       [](Visit& visit) {
         static_cast<void>(decide_device(visit.world, visit.cookie, visit.type(visit.user_code), "deny"));
         return visit.type(visit.user_code);
       }},
      {"allowed and fetched",
       [](Visit& visit) {
         static_cast<void>(decide_device(visit.world, visit.cookie, visit.type(visit.user_code), "allow"));
         EXPECT_EQ(visit.poll().status, 200);
         return visit.type(visit.user_code);
       }},
      {"its client is gone",
       [](Visit& visit) {
         block_on(visit.world.storage().clients().remove_client(oauth::ClientId("tv-app"), visit.world.now()));
         return visit.type(visit.user_code);
       }},
      {"its client may not use the grant any more",
       [](Visit& visit) {
         auto client = *block_on(visit.world.storage().clients().find_client(oauth::ClientId("tv-app")));
         client.grant_types = {oauth::GrantType::authorization_code};
         block_on(visit.world.storage().clients().update_client(client, visit.world.now()));
         return visit.type(visit.user_code);
       }},
      {"answered by somebody else while this person looked",
       [](Visit& visit) {
         const auto page = visit.type(visit.user_code);
         static_cast<void>(visit.world.add_user("eve@example.com"));
         const auto other = visit.world.sign_in("eve@example.com");
         const auto page_of_other = type_user_code(visit.world, other, visit.user_code);
         EXPECT_EQ(decide_device(visit.world, other, page_of_other, "allow").status, 200);
         return decide_device(visit.world, visit.cookie, page, "allow");
       }},
      {"expired while this person looked",
       [](Visit& visit) {
         const auto page = visit.type(visit.user_code);
         visit.world.move_clock(std::chrono::minutes{10});
         return decide_device(visit.world, visit.cookie, page, "allow");
       }},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.sentence);
    Visit visit;
    EXPECT_EQ(tell(row.type(visit)), leads_nowhere());
  }
}

TEST(DeviceCodePage, WhatWasMistypedStaysInTheField) {
  Visit visit;
  EXPECT_EQ(visit.type("wdjb-mjh?").form_field("user_code"), "wdjb-mjh?");
}

/// Storage decides: another answer may come in between.
TEST(DeviceCodePage, ARivalMayHaveAnsweredInBetween) {
  for (const char* decision : {"allow", "deny"}) {
    SCOPED_TRACE(decision);
    Visit visit;
    const auto page = visit.type(visit.user_code);
    int uses = 0;
    visit.world.watch_storage([&](std::string_view noun) {
      // The second use is the one that decides.
      if (noun != "device_codes" || ++uses != 2) return;
      visit.world.watch_storage({});
      EXPECT_EQ(decide_device(visit.world, visit.cookie, page, "deny").status, 200);
    });
    EXPECT_EQ(tell(decide_device(visit.world, visit.cookie, page, decision)), leads_nowhere());
    EXPECT_EQ(visit.poll().member("error"), "access_denied");
  }
}

/// What is sent to one of the two forms' targets, and what comes of it.
struct WrongForm {
  const char* sentence;
  std::function<TestResponse(Visit&)> post;
  Told told;
};

TestResponse post(Visit& visit, const std::string& target, const std::vector<Form::Field>& fields) {
  return visit.world.send(post_form(target, fields).with("Cookie", visit.cookie));
}
std::string token_of(Visit& visit) {
  return visit.world.send(get("/device").with("Cookie", visit.cookie)).form_field("form_token");
}

TEST(DeviceCodePage, FormsOfOthersDoNothing) {
  const WrongForm rows[] = {
      {"a code without form token",
       [](Visit& visit) { return post(visit, "/device", {{"user_code", visit.user_code}}); }, kForeign},
      {"a code with another session's form token",
       [](Visit& visit) {
         const auto token = token_of(visit);
         visit.cookie = visit.world.sign_in();
         return post(visit, "/device", {{"form_token", token}, {"user_code", visit.user_code}});
       },
       kForeign},
      {"a code that another site posted",
       [](Visit& visit) {
         auto form = post_form("/device", {{"form_token", token_of(visit)}, {"user_code", visit.user_code}});
         form.with("Cookie", visit.cookie).with("Origin", "https://evil.example");
         return visit.world.send(form);
       },
       kForeign},
      {"a decision without form token",
       [](Visit& visit) {
         return post(visit, "/device/consent", {{"user_code", visit.user_code}, {"decision", "allow"}});
       },
       kForeign},
      {"a decision with the form token of the page before it: the person has not seen what for",
       [](Visit& visit) {
         return post(visit, "/device/consent",
                     {{"form_token", token_of(visit)}, {"user_code", visit.user_code}, {"decision", "allow"}});
       },
       kForeign},
      {"a decision with the form token of another code",
       [](Visit& visit) {
         const auto page = visit.type(visit.user_code);
         const auto second = ask_for_device_code(visit.world).member("user_code");
         return post(visit, "/device/consent",
                     {{"form_token", page.form_field("form_token")}, {"user_code", second}, {"decision", "allow"}});
       },
       kForeign},
      {"a decision about no code",
       [](Visit& visit) {
         const auto page = visit.type(visit.user_code);
         return post(visit, "/device/consent", {{"form_token", page.form_field("form_token")}, {"decision", "allow"}});
       },
       kForeign},
      {"a decision that is none",
       [](Visit& visit) { return decide_device(visit.world, visit.cookie, visit.type(visit.user_code), "maybe"); },
       {400, "",
        "Nothing was decided What your browser sent says neither Allow nor Deny. Go back, load the page again and "
        "press "
        "one of its two buttons. Technical details Missing or unknown parameter: decision"}},
      {"a repeated field",
       [](Visit& visit) {
         return visit.world.send(post_raw("/device", "application/x-www-form-urlencoded", "user_code=x&user_code=y")
                                     .with("Cookie", visit.cookie));
       },
       {400, "",
        "That form could not be read The form is not written as a browser writes it. Go back, load the page again and "
        "send the form once more. Technical details The field user_code is there twice."}},
      {"GET of the form's target",
       [](Visit& visit) { return visit.world.send(get("/device/consent").with("Cookie", visit.cookie)); },
       {405, "",
        "Nothing to see here This address is one step of a sign-in and shows nothing by itself. Go back to the "
        "assistant "
        "and begin the sign-in there."}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.sentence);
    Visit visit;
    EXPECT_EQ(tell(row.post(visit)), row.told);
    EXPECT_EQ(visit.poll().member("error"), "authorization_pending");
    EXPECT_TRUE(block_on(visit.world.storage().consents().list_consents(visit.world.ada())).empty());
  }
}

TEST(DeviceCodePage, ABrowserThatWasSignedOutMeanwhileKeepsItsCode) {
  Visit visit;
  const auto page = visit.type(visit.user_code);
  visit.cookie = "other=1";
  const auto typed = post(visit, "/device", {{"user_code", visit.user_code}});
  EXPECT_EQ(typed.location_parameter("return_to"), "/device?user_code=" + visit.user_code);
  const auto decided = decide_device(visit.world, visit.cookie, page, "allow");
  EXPECT_EQ(decided.location_parameter("return_to"), "/device?user_code=" + visit.user_code);
  EXPECT_EQ(visit.poll().member("error"), "authorization_pending");
}

/// RFC 8628 §5.1: guesses are few; and a guesser locks nobody else out.
TEST(DeviceCodePage, AGuesserWaitsAndNobodyElseDoes) {
  Visit visit;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(visit.type("BBBB-BBBB").status, 422) << i;
  const auto locked = visit.type("BBBB-BBBB");
  EXPECT_EQ(tell(locked), wait("30 seconds"));
  EXPECT_EQ(locked.header("Retry-After"), "30");
  EXPECT_EQ(tell(visit.type(visit.user_code)), wait("30 seconds")) << "or it would say which guess is right";

  static_cast<void>(visit.world.add_user("grace@example.com"));
  const auto other = visit.world.sign_in("grace@example.com");
  EXPECT_EQ(type_user_code(visit.world, other, visit.user_code).status, 200) << "whose device it is";

  visit.world.move_clock(seconds{30});
  EXPECT_EQ(visit.type(visit.user_code).status, 200);
}

TEST(DeviceCodePage, ARightCodeClearsNoFailuresAndASlipIsNone) {
  Visit visit;
  for (int i = 0; i < 9; ++i) EXPECT_EQ(visit.type("BBBB-BBBB").status, 422) << i;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(visit.type("hello").status, 422) << "what no code looks like is no guess";
    EXPECT_EQ(visit.type(visit.user_code).status, 200) << "a guesser's own device, perhaps";
  }
  EXPECT_EQ(visit.type("BBBB-BBBB").status, 422);
  EXPECT_EQ(visit.type("BBBB-BBBB").status, 429);
}

/// A network is counted whatever the accounts: a hundred failures are free.
TEST(DeviceCodePage, GuessesOfManyAccountsCountAgainstTheirNetwork) {
  Visit visit;
  for (int account = 0; account < 10; ++account) {
    const auto email = "guesser" + std::to_string(account) + "@example.com";
    static_cast<void>(visit.world.add_user(email));
    const auto cookie = visit.world.sign_in(email);
    for (int i = 0; i < 10; ++i) {
      EXPECT_EQ(type_user_code(visit.world, cookie, "BBBB-BBBB").status, 422) << email << i;
    }
  }
  EXPECT_EQ(tell(visit.type("BBBB-BBBB")), wait("30 seconds"));
}

/// RFC 9110 §9.2.1.
TEST(DeviceCodePage, LookingChangesNothing) {
  Visit visit;
  const auto complete = visit.asked.member("verification_uri_complete");
  auto head = get(complete.substr(complete.find("/device"))).with("Cookie", visit.cookie);
  head.method = "HEAD";
  EXPECT_EQ(visit.world.send(head).status, 200);
  EXPECT_EQ(visit.poll().member("error"), "authorization_pending");
}

}  // namespace
}  // namespace chatelaine::provider
