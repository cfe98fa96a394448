#include "oauth/openid/claims.hpp"

#include <gtest/gtest.h>

namespace chatelaine::oauth {
namespace {

struct Row {
  const char* sentence;
  const char* scope;
  Person person;
  const char* expected;
};

/// OpenID Connect Core §5.1, §5.3.2, §5.4: what was asked for and is known.
TEST(UserInfo, ClaimsFollowTheScope) {
  const Person ada{Subject("user-1815"), "Ada \"Lovelace\"", "ada@example.com"};
  const Person nameless{Subject("user-1815"), "", "ada@example.com"};
  const Row rows[] = {
      {"§5.3.2: sub is always there", "openid", ada, R"({"sub":"user-1815"})"},
      {"§5.4: profile", "openid profile", ada, R"({"sub":"user-1815","name":"Ada \"Lovelace\""})"},
      {"§5.4: email", "email openid", ada, R"({"sub":"user-1815","email":"ada@example.com"})"},
      {"§5.3.2: what has no value is left out", "openid profile email", nameless,
       R"({"sub":"user-1815","email":"ada@example.com"})"},
      {"a scope of the API adds nothing", "openid lists:read", ada, R"({"sub":"user-1815"})"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(write_userinfo(row.person, *Scope::parse(row.scope)), row.expected) << row.sentence;
  }
}

}  // namespace
}  // namespace chatelaine::oauth
