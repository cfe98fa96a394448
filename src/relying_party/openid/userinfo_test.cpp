#include "relying_party/openid/userinfo.hpp"

#include <gtest/gtest.h>

namespace chatelaine::relying_party {
namespace {

const oauth::Subject kSubject("s1");

TEST(UserInfo, IsTakenOfTheSamePersonAlone) {
  const struct {
    const char* sentence;
    int status;
    const char* body;
    bool is_taken;
  } rows[] = {
      {"OpenID Connect Core §5.3.2: claims of the ID token's sub", 200, R"({"sub":"s1","email":"a@b.example"})", true},
      {"OpenID Connect Core §5.3.2: another person's (token substitution)", 200, R"({"sub":"s2"})", false},
      {"OpenID Connect Core §5.3.2: no sub", 200, R"({"email":"a@b.example"})", false},
      {"OpenID Connect Core §5.3.2: a sub that is no text", 200, R"({"sub":7})", false},
      {"a sub twice", 200, R"({"sub":"s1","sub":"s2"})", false},
      {"OpenID Connect Core §5.3.3: an error", 401, R"({"sub":"s1"})", false},
      {"a signed answer, which nobody asked for", 200, "eyJhbGciOiJub25lIn0.e30.", false},
      {"a list", 200, "[]", false},
  };
  for (const auto& row : rows) {
    const auto claims = judge_userinfo({row.status, {}, row.body}, kSubject);
    EXPECT_EQ(claims.has_value(), row.is_taken) << row.sentence;
  }
}

}  // namespace
}  // namespace chatelaine::relying_party
