#include "app/cli/run_for_test.hpp"
#include "oauth/handle.hpp"

namespace chatelaine::app {
namespace {

TEST(RegistrationToken, IsMadeListedAndRemoved) {
  const Workplace place;
  place.write(kProviderFile);
  const Ran ran = place.run({"registration-token", "add", "Partner Ltd", "--uses", "5", "--lifetime", "30d", "--json"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  const json::object answer = ran.json().as_object();
  EXPECT_EQ(answer.size(), 2U);
  const std::string id(answer.at("id").as_string());
  EXPECT_TRUE(oauth::parse_handle(oauth::prefix::kInitialAccessToken,
                                  std::string(answer.at("initial_access_token").as_string())));

  const Ran listed = place.run({"registration-token", "list", "--json"});
  EXPECT_EQ(listed.out.find("ctl_it_"), std::string::npos) << "it is shown once";
  const json::value row = listed.json().at(0);
  EXPECT_EQ(row.at("id").as_string(), id);
  EXPECT_EQ(row.at("name").as_string(), "Partner Ltd");
  EXPECT_EQ(row.at("state").as_string(), "active");
  EXPECT_EQ(row.at("uses_left").as_int64(), 5);

  EXPECT_EQ(place.run({"registration-token", "remove", id, "--json"}).out, "{\"removed\":\"" + id + "\"}\n");
  EXPECT_EQ(place.run({"registration-token", "remove", id}).code, ExitCode::failed);
  EXPECT_EQ(place.run({"registration-token", "list", "--json"}).out, "[]\n");
}

TEST(RegistrationToken, WorksOnceAndForAWeekWhereNothingElseIsSaid) {
  const Workplace place;
  place.write(kProviderFile);
  const Ran ran = place.run({"registration-token", "add", "Partner Ltd"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  EXPECT_NE(ran.out.find("ctl_it_"), std::string::npos);
  EXPECT_NE(ran.out.find("It is not shown again."), std::string::npos);
  EXPECT_EQ(place.run({"registration-token", "list", "--json"}).json().at(0).at("uses_left").as_int64(), 1);
}

TEST(RegistrationToken, WhatCannotBeIsRefused) {
  struct Row {
    std::string_view name;
    std::vector<std::string> words;
    std::string_view err;
  };
  const Row rows[] = {
      {"no use", {"add", "X", "--uses", "0"}, "--uses takes a number from 1 on, not \"0\""},
      {"uses that are no number", {"add", "X", "--uses", "5x"}, "--uses takes a number from 1 on, not \"5x\""},
      {"more uses than anybody counts", {"add", "X", "--uses", "4294967296"}, "--uses takes a number from 1 on"},
      {"a lifetime without a unit", {"add", "X", "--lifetime", "5"}, "--lifetime"},
      {"no name", {"add", ""}, "NAME must not be empty"},
      {"an id that is none", {"remove", "x"}, "is not a token's id"},
  };
  const Workplace place;
  place.write(kProviderFile);
  for (const Row& row : rows) {
    std::vector<std::string> words{"registration-token"};
    words.insert(words.end(), row.words.begin(), row.words.end());
    const Ran ran = place.run(words);
    EXPECT_EQ(ran.code, ExitCode::wrong_usage) << row.name;
    EXPECT_NE(ran.err.find(row.err), std::string::npos) << row.name << ": " << ran.err;
  }
  EXPECT_EQ(place.run({"registration-token", "list", "--json"}).out, "[]\n");
}

}  // namespace
}  // namespace chatelaine::app
