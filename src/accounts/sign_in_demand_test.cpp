#include "accounts/sign_in_demand.hpp"

#include <gtest/gtest.h>

namespace chatelaine::accounts {
namespace {

TEST(SignInDemand, TravelsInAUrl) {
  const struct {
    SignInDemand demand;
    const char* query;
  } rows[] = {
      {{}, ""},
      {{.mode = SignInMode::again}, "&again=yes"},
      {{.mode = SignInMode::choose_account}, "&choose=yes"},
      {{.max_age = seconds(60)}, "&max_age=60"},
      {{.mode = SignInMode::choose_account, .max_age = seconds(0)}, "&choose=yes&max_age=0"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(write_sign_in_demand(row.demand), row.query);
    const SignInDemand read = read_sign_in_demand(parse_form("a=b" + std::string(row.query)).value());
    EXPECT_EQ(read.mode, row.demand.mode) << row.query;
    EXPECT_EQ(read.max_age, row.demand.max_age) << row.query;
  }
}

TEST(SignInDemand, IsNotReadFromWhatIsNone) {
  for (const char* query : {"again=no&choose=1", "max_age=", "max_age=-1", "max_age=1s", "max_age=1e3",
                            "max_age=99999999999999999999", "max_age=9223372036854775807"}) {
    const SignInDemand read = read_sign_in_demand(parse_form(query).value());
    EXPECT_EQ(read.mode, SignInMode::once) << query;
    EXPECT_FALSE(read.max_age) << query;
  }
}

}  // namespace
}  // namespace chatelaine::accounts
