#include <gtest/gtest.h>

#include "oauth/handle.hpp"
#include "provider/testing/registering.hpp"
#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"
#include "storage/fault.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

void full_disk(std::string_view) { throw storage::StorageFault("disk full"); }
void bug(std::string_view) { throw std::logic_error("the secret reason"); }

const Told kUnavailable{503, "temporarily_unavailable",
                        "The server cannot do this at the moment; nothing was changed. Try again in a few seconds."};
const Told kBroken{500, "server_error", "Something went wrong here. The server's log knows more, by the request's id."};
const Told kUnavailablePage{503, "",
                            "Not possible at this moment This server cannot do what was asked right now. Nothing was "
                            "changed. Wait a few seconds, go back and try again."};
const Told kBrokenPage{
    500, "",
    "Something went wrong here This server made a mistake. It is its operator's turn, who finds more "
    "in the log. Go back and try again; if it happens again, tell the people who run this service."};

/// What storage does, and what is told of it.
struct Fault {
  StorageWatch watch;
  Told told;
};

/// As well formed as one that was given.
std::string some_handle(std::string_view prefix) {
  SystemRandomness randomness;
  return oauth::format_handle(prefix, oauth::make_handle(1, randomness));
}

std::vector<TestRequest> sent_by_programs() {
  const auto by_worker = [](TestRequest request) { return std::move(request).with("Authorization", basic("worker")); };
  return {by_worker(post_form("/oauth/token", {{"grant_type", "client_credentials"}})),
          by_worker(post_form("/oauth/par", {{"response_type", "code"}})),
          by_worker(post_form("/oauth/revoke", {{"token", "x"}})),
          by_worker(post_form("/oauth/introspect", {{"token", "x"}})),
          by_worker(post_form("/oauth/device_authorization", {})),
          post_json("/oauth/register", kNativeClient),
          get("/oauth/register/nobody").with("Authorization", "Bearer " + some_handle("ctl_ra_")),
          get("/oauth/userinfo").with("Authorization", "Bearer " + some_handle("ctl_at_")),
          get("/oauth/jwks"),
          get("/readyz")};
}

/// RFC 7009 §2.2.1, THREATS §1: token, revocation and introspection errors are JSON that nobody may store, faults among
/// them.
TEST(Faults, ProgramsGetJson) {
  for (const auto& request : sent_by_programs()) {
    for (const auto& [watch, told] : {Fault{full_disk, kUnavailable}, Fault{bug, kBroken}}) {
      SCOPED_TRACE(request.target);
      World world;
      world.watch_storage(watch);
      const auto answer = world.send(request);
      EXPECT_EQ(tell(answer), told);
      EXPECT_EQ(answer.header("Content-Type"), "application/json");
      EXPECT_EQ(answer.header("Cache-Control"), "no-store");
      EXPECT_EQ(answer.header("Retry-After").has_value(), told.status == 503);
      const bool is_for_any_origin = request.target != "/oauth/introspect" && request.target != "/readyz";
      EXPECT_EQ(answer.header("Access-Control-Allow-Origin").has_value(), is_for_any_origin);
      EXPECT_EQ(answer.body.find("secret reason"), std::string::npos);
      EXPECT_NE(world.log().find(told.status == 503 ? "disk full" : "the secret reason"), std::string::npos);
    }
  }
}

TEST(Faults, PeopleGetAPage) {
  const std::vector<TestRequest> requests{
      get("/oauth/authorize?client_id=todo-plugin"), post_form("/oauth/authorize", {{"client_id", "todo-plugin"}}),
      post_form("/consent", {{"request", "client_id=todo-plugin"}, {"decision", "allow"}})};
  for (const auto& request : requests) {
    for (const auto& [watch, told] : {Fault{full_disk, kUnavailablePage}, Fault{bug, kBrokenPage}}) {
      SCOPED_TRACE(request.target);
      World world;
      auto sent = request;
      sent.with("Cookie", world.sign_in());
      world.watch_storage(watch);
      const auto answer = world.send(sent);
      EXPECT_EQ(tell(answer), told);
      EXPECT_EQ(answer.header("Cache-Control"), "no-store");
      EXPECT_EQ(answer.header("Retry-After").has_value(), told.status == 503);
      EXPECT_EQ(answer.body.find("secret reason"), std::string::npos);
    }
  }
}

/// A path, the method that it takes, and who may read its answers.
struct Path {
  const char* path;
  std::string_view allow;
  const char* sent;
  bool any_origin;
};

/// RFC 9110 §15.5.6: 405 names what is allowed; as readable as every other error.
TEST(Faults, OtherMethodsAreJsonWithAllow) {
  constexpr std::string_view kPost = "POST, OPTIONS";
  constexpr std::string_view kGet = "GET, HEAD, OPTIONS";
  const std::vector<Path> rows{{"/oauth/token", kPost, "GET", true},
                               {"/oauth/token", kPost, "PUT", true},
                               {"/oauth/par", kPost, "GET", true},
                               {"/oauth/revoke", kPost, "GET", true},
                               {"/oauth/introspect", kPost, "GET", false},
                               {"/oauth/device_authorization", kPost, "GET", true},
                               {"/oauth/register", kPost, "GET", true},
                               {"/oauth/register", kPost, "PUT", true},
                               {"/oauth/jwks", kGet, "POST", true},
                               {"/.well-known/oauth-authorization-server", kGet, "POST", true},
                               {"/.well-known/ai-plugin.json", kGet, "POST", true},
                               {"/.well-known/openapi.yaml", kGet, "DELETE", true},
                               {"/healthz", kGet, "POST", false},
                               {"/readyz", kGet, "POST", false}};
  World world;
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.sent) + " " + row.path);
    const auto answer = world.send({.method = row.sent, .target = row.path, .headers = {}, .body = {}});
    const Told told{
        405, "invalid_request",
        std::string("This endpoint does not take ") + row.sent + ": send " + (row.allow == kPost ? "POST." : "GET.")};
    EXPECT_EQ(tell(answer), told);
    EXPECT_EQ(answer.header("Allow"), row.allow);
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin").has_value(), row.any_origin);
  }
}

}  // namespace
}  // namespace chatelaine::provider
