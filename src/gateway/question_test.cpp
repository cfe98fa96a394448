#include <gmock/gmock.h>

#include "gateway/confirmation.hpp"
#include "gateway/gateway_for_test.hpp"

namespace chatelaine::gateway {
namespace {

using namespace testing_parts;

openapi::Operation make_operation(openapi::Effect effect, std::optional<bool> is_consequential) {
  openapi::Operation operation;
  operation.id = "act";
  operation.effect = effect;
  operation.is_consequential = is_consequential;
  return operation;
}

TEST(NeedsConfirmation, IsAMatterOfEffectAndOfWhatTheAuthorSays) {
  using enum ConfirmedCalls;
  using enum openapi::Effect;
  const struct {
    openapi::Effect effect;
    std::optional<bool> is_consequential;
    std::vector<ConfirmedCalls> confirmed;
  } rows[] = {
      {read, std::nullopt, {}},
      {read, false, {}},
      {read, true, {consequential, deleting, changing}},
      {change, std::nullopt, {changing}},
      {change, false, {}},
      {change, true, {consequential, deleting, changing}},
      {remove, std::nullopt, {deleting, changing}},
      {remove, false, {deleting, changing}},
      {remove, true, {consequential, deleting, changing}},
  };
  for (const auto& row : rows) {
    const openapi::Operation operation = make_operation(row.effect, row.is_consequential);
    std::vector<ConfirmedCalls> confirmed;
    for (const ConfirmedCalls calls : {none, consequential, deleting, changing})
      if (needs_confirmation({.calls = calls}, operation)) confirmed.push_back(calls);
    EXPECT_EQ(confirmed, row.confirmed) << static_cast<int>(row.effect);
  }
  EXPECT_TRUE(needs_confirmation({.operations = {"act"}}, make_operation(read, false)));
  EXPECT_FALSE(needs_confirmation({.operations = {"other"}}, make_operation(remove, true)));
}

TEST(NeedsConfirmation, OfAnUnlistedCallIsAMatterOfItsMethod) {
  const ConfirmationPolicy deleting{.calls = ConfirmedCalls::deleting};
  const ConfirmationPolicy changing{.calls = ConfirmedCalls::changing};
  EXPECT_TRUE(needs_confirmation(deleting, "delete"));
  EXPECT_FALSE(needs_confirmation(deleting, "POST"));
  EXPECT_TRUE(needs_confirmation(changing, "POST"));
  EXPECT_TRUE(needs_confirmation(changing, "PURGE"));
  EXPECT_FALSE(needs_confirmation(changing, "GET"));
  EXPECT_FALSE(needs_confirmation({.calls = ConfirmedCalls::consequential}, "DELETE"));
}

crypto::Sha256 hash_of(const FakeRequest& call, std::string_view body, const openapi::Operation* operation = nullptr) {
  return make_question(call.get(), body, operation, "act").call_hash;
}

TEST(Question, IsAboutAllThatTheApiReads) {
  const FakeRequest call("POST", "/pay?to=a");
  const crypto::Sha256 hash = hash_of(call, "{}");
  EXPECT_EQ(hash_of(FakeRequest("POST", "/pay?to=a"), "{}"), hash);
  EXPECT_NE(hash_of(FakeRequest("PUT", "/pay?to=a"), "{}"), hash);
  EXPECT_NE(hash_of(FakeRequest("POST", "/pay?to=b"), "{}"), hash);
  EXPECT_NE(hash_of(FakeRequest("POST", "/pay"), "{}"), hash);
  EXPECT_NE(hash_of(call, "{ }"), hash);
  // Parts do not run into each other.
  EXPECT_NE(hash_of(FakeRequest("POST", "/a"), "b"), hash_of(FakeRequest("POST", "/ab"), ""));
  FakeRequest typed("POST", "/pay?to=a");
  typed.header("content-type", "text/plain");
  EXPECT_NE(hash_of(typed, "{}"), hash);
}

TEST(Question, LeavesOutHeadersThatNoParameterNames) {
  openapi::Operation operation = make_operation(openapi::Effect::change, true);
  operation.parameters = {{.name = "X-Account", .place = openapi::ParameterPlace::header},
                          {.name = "unit", .place = openapi::ParameterPlace::cookie}};
  const auto hash_with = [&](const char* name, const char* value) {
    FakeRequest call("POST", "/pay");
    call.header(name, value);
    return hash_of(call, "", &operation);
  };
  const crypto::Sha256 plain = hash_of(FakeRequest("POST", "/pay"), "", &operation);
  EXPECT_EQ(hash_with("Traceparent", "00-1"), plain);
  EXPECT_NE(hash_with("x-account", "7"), plain);
  EXPECT_NE(hash_with("x-account", "7"), hash_with("x-account", "8"));
  EXPECT_NE(hash_with("Cookie", "unit=7"), plain);
  // RFC 3875 §4.1.18, N04: many a server takes the one name for the other.
  EXPECT_NE(hash_with("X_Account", "7"), plain);
  EXPECT_NE(hash_with("X_Account", "7"), hash_with("X-Account", "7"));
}

TEST(Question, ShowsAHeaderThatMayBeTakenForAParameter) {
  openapi::Operation operation = make_operation(openapi::Effect::change, true);
  operation.parameters = {{.name = "X-Amount", .place = openapi::ParameterPlace::header}};
  FakeRequest call("POST", "/pay");
  call.header("X-Amount", "1").header("x_amount", "100000");
  EXPECT_EQ(make_question(call.get(), "", &operation, "act").call, "POST /pay\nX-Amount: 1\nx_amount: 100000");
}

TEST(Question, SaysTheCallAndItsBodyWherePeopleCanReadThem) {
  FakeRequest call("POST", "/pay?to=a");
  call.header("Content-Type", "image/png");
  const auto ask = [&](std::string_view body) { return make_question(call.get(), body, nullptr, "act"); };
  EXPECT_EQ(ask("").call, "POST /pay?to=a");
  EXPECT_EQ(ask("").body, "");
  EXPECT_EQ(ask("{\"sum\": \"5 €\"}\n").body, "{\"sum\": \"5 €\"}\n");
  EXPECT_EQ(ask(std::string_view("a\0b", 3)).body, "3 bytes of image/png");
  EXPECT_EQ(ask("\x1b[2J").body, "4 bytes of image/png");
  EXPECT_EQ(ask("\xff").body, "1 bytes of image/png");
}

/// The page is there because a model may have been talked over: what it sends must not hide.
TEST(Question, ShowsWhatHides) {
  const auto ask = [](const char* type, std::string_view body) {
    FakeRequest call("POST",
                     "/pay?to=\xe2\x80\xae"
                     "a");
    if (type != nullptr) call.header("Content-Type", type);
    return make_question(call.get(), body, nullptr, "act");
  };
  EXPECT_EQ(ask(nullptr, "").call, "POST /pay?to=\\u202ea");
  EXPECT_EQ(ask(nullptr,
                "a\xe2\x80\x8b"
                "b")
                .body,
            "a\\u200bb");
  EXPECT_EQ(ask("image/png",
                "a\xe2\x80\x8b"
                "b")
                .body,
            "a\\u200bb");
  // What says that it is text is shown, so that one odd byte does not hide the rest.
  for (const char* type : {"application/json", "application/merge-patch+json; charset=utf-8", "text/plain",
                           "application/x-www-form-urlencoded", "Application/XML"})
    EXPECT_EQ(ask(type, std::string_view("{\"a\":\xff\x1b\0}", 9)).body, "{\"a\":\\xff\\u001b\\u0000}") << type;
  // Many an API reads JSON by whatever type it comes.
  EXPECT_EQ(ask("application/octet-stream", " {\"a\":\"\x7f\"}").body, " {\"a\":\"\\u007f\"}");
  // The hash is of what came.
  EXPECT_NE(ask(nullptr, "\\u200b").call_hash, ask(nullptr, "\xe2\x80\x8b").call_hash);
}

TEST(Question, ShowsTheParametersThatStandInHeadersAndCookies) {
  openapi::Operation operation = make_operation(openapi::Effect::change, true);
  operation.parameters = {{.name = "X-Target", .place = openapi::ParameterPlace::header},
                          {.name = "acct", .place = openapi::ParameterPlace::cookie},
                          {.name = "q", .place = openapi::ParameterPlace::query}};
  FakeRequest call("DELETE", "/city?q=1");
  call.header("x-target", "capital city")
      .header("Authorization", "Bearer secret")
      .header("Cookie", "session=secret; acct=alice;acct=bob; acct2=x; acct =carol")
      .header("X-Target",
              "\xe2\x80\xae"
              "2")
      .header("X-Other", "y");
  EXPECT_EQ(make_question(call.get(), "", &operation, "act").call,
            "DELETE /city?q=1\nx-target: capital city\nX-Target: \\u202e2\nCookie: acct=alice\nCookie: acct=bob\n"
            "Cookie: acct =carol");
  EXPECT_EQ(make_question(call.get(), "", nullptr, "act").call, "DELETE /city?q=1");
}

TEST(Question, IsAskedWhereAllOfItCanBeShown) {
  FakeRequest call("POST", "/pay");
  const auto is_asked = [&](std::string_view body) {
    return is_showable(make_question(call.get(), body, nullptr, "act"));
  };
  const std::size_t most = kMostShown - std::string_view("POST /pay").size();
  EXPECT_TRUE(is_asked(std::string(most, 'x')));
  EXPECT_FALSE(is_asked(std::string(most + 1, 'x')));
  std::string hidden;
  for (int i = 0; i < 6'000; ++i) hidden += "\xe2\x80\x8b";
  EXPECT_FALSE(is_asked(hidden)) << "as it is shown, not as it came";
  EXPECT_TRUE(is_asked(std::string(100'000, '\x01'))) << "what is no text is told in a line";
}

}  // namespace
}  // namespace chatelaine::gateway
