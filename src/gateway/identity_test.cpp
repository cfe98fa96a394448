#include "gateway/identity.hpp"

#include <gtest/gtest.h>

#include "base/id.hpp"
#include "gateway/testing.hpp"

namespace chatelaine::gateway {
namespace {

using namespace testing_parts;

TEST(Identity, IsWhatTheTokenSays) {
  const Identity identity = make_identity(make_token({"read", "write"}), "a.b.c");
  EXPECT_EQ(identity.subject, "user-1");
  EXPECT_EQ(identity.client, "client-1");
  EXPECT_EQ(identity.scope, "read write");
  EXPECT_EQ(identity.grant, format_id(42));
  EXPECT_EQ(identity.assertion, "a.b.c");
}

TEST(Identity, IsEncodedSoThatNoValueBreaksALine) {
  oauth::AccessToken token = make_token({"read"});
  token.subject = oauth::Subject("a b\r\nX-Admin: 1%\xC3\xA9");
  EXPECT_EQ(make_identity(token, "").subject, "a%20b%0D%0AX-Admin:%201%25%C3%A9");
}

/// RFC 9700 §4.15.1: the API can tell a client from a person.
TEST(Identity, AClientsOwnTokenHasNoGrant) {
  oauth::AccessToken token = make_token({});
  token.grant_id.reset();
  EXPECT_EQ(make_identity(token, "").grant, "");
}

std::shared_ptr<const Identity> named(std::string name) {
  return std::make_shared<const Identity>(Identity{.subject = std::move(name)});
}
std::string name_of(const std::shared_ptr<const Identity>& identity) { return identity ? identity->subject : ""; }

oauth::AccessToken token(std::int64_t id, std::vector<std::string> scope = {"read"}) {
  oauth::AccessToken token = make_token(std::move(scope));
  token.id = {id};
  return token;
}

TEST(IdentityCache, KeepsOneForThirtySeconds) {
  IdentityCache cache;
  const Instant start = from_numeric_date(1'700'000'000);
  EXPECT_EQ(name_of(cache.find(token(1), start)), "");
  cache.keep(token(1), named("one"), start);
  EXPECT_EQ(name_of(cache.find(token(1), start + seconds(29))), "one");
  EXPECT_EQ(name_of(cache.find(token(2), start)), "");
  EXPECT_EQ(name_of(cache.find(token(1), start + seconds(30))), "");
  EXPECT_EQ(name_of(cache.find(token(1), start - seconds(1))), "");
}

/// The operator may say anew what of a token's scope counts here.
TEST(IdentityCache, TellsNoOtherScopeThanThatOfTheCall) {
  IdentityCache cache;
  const Instant start = from_numeric_date(1'700'000'000);
  cache.keep(token(1, {"read", "write"}), named("wide"), start);
  EXPECT_EQ(name_of(cache.find(token(1, {"read"}), start)), "");
  cache.keep(token(1, {"read"}), named("narrow"), start);
  EXPECT_EQ(name_of(cache.find(token(1, {"read"}), start)), "narrow");
}

TEST(IdentityCache, IsBounded) {
  IdentityCache cache(2);
  const Instant start = from_numeric_date(1'700'000'000);
  cache.keep(token(1), named("one"), start);
  cache.keep(token(2), named("two"), start + seconds(25));
  cache.keep(token(3), named("three"), start + seconds(31));
  EXPECT_EQ(name_of(cache.find(token(2), start + seconds(31))), "two");
  EXPECT_EQ(name_of(cache.find(token(3), start + seconds(31))), "three");
  cache.keep(token(4), named("four"), start + seconds(32));
  EXPECT_EQ(name_of(cache.find(token(3), start + seconds(32))), "");
  EXPECT_EQ(name_of(cache.find(token(4), start + seconds(32))), "four");
}

}  // namespace
}  // namespace chatelaine::gateway
