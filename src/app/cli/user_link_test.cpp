#include "app/cli/run_for_test.hpp"

namespace chatelaine::app {
namespace {

const std::string kFile = std::string(kProviderFile) + R"(
[[user_source]]
name = "contoso"
issuer = "https://id.contoso.example"
client_id = "chatelaine"
allowed_email_domains = ["*"]

[[user_source]]
name = "tenants"
issuer = "https://login.example/{tenantid}/v2.0"
tenants = ["a", "b"]
client_id = "chatelaine"
)";

/// A workplace with the account ada@example.com.
void furnish(const Workplace& place) {
  place.write(kFile);
  ASSERT_EQ(place.run({"user", "add", "ada@example.com", "--invite"}).code, ExitCode::done);
}

TEST(UserLink, SaysAtWhichSourceAnAccountSignsIn) {
  const Workplace place;
  furnish(place);
  const Ran linked =
      place.run({"user", "link", "ada@example.com", "--source", "contoso", "--subject", "00u1", "--json"});
  ASSERT_EQ(linked.code, ExitCode::done) << linked.err;
  const json::array sources = linked.json().at("user").at("sources").as_array();
  ASSERT_EQ(sources.size(), 1U);
  EXPECT_EQ(sources[0].at("source").as_string(), "contoso");
  EXPECT_EQ(sources[0].at("issuer").as_string(), "https://id.contoso.example");
  EXPECT_EQ(sources[0].at("subject").as_string(), "00u1");
  EXPECT_NE(place.run({"user", "show", "ada@example.com"}).out.find("contoso as 00u1 of https://id.contoso.example"),
            std::string::npos);
  EXPECT_NE(place.run({"user", "list"}).out.find("enabled"), std::string::npos);
  EXPECT_EQ(place.run({"user", "list", "--json"}).json().as_array()[0].at("sources").as_array().size(), 1U);

  EXPECT_EQ(place.run({"user", "unlink", "ada@example.com", "--source", "contoso"}).code, ExitCode::done);
  EXPECT_EQ(place.run({"user", "unlink", "ada@example.com", "--source", "contoso"}).code, ExitCode::failed);
  EXPECT_NE(place.run({"user", "list"}).out.find("invited"), std::string::npos);
}

TEST(UserLink, ASecondTimeChangesNothing) {
  const Workplace place;
  furnish(place);
  for (int i = 0; i < 2; ++i) {
    const Ran linked = place.run({"user", "link", "ada@example.com", "--source", "contoso", "--subject", "00u1"});
    EXPECT_EQ(linked.code, ExitCode::done) << linked.err;
  }
}

TEST(UserLink, SaysThatWhoeverIsRemovedCanComeBack) {
  const Workplace place;
  furnish(place);
  ASSERT_EQ(place.run({"user", "link", "ada@example.com", "--source", "contoso", "--subject", "00u1"}).code,
            ExitCode::done);
  const Ran removed = place.run({"user", "remove", "ada@example.com"});
  EXPECT_NE(removed.out.find("gets a new account when they sign in at contoso again"), std::string::npos)
      << removed.out;
  ASSERT_EQ(place.run({"user", "add", "eve@example.com", "--invite"}).code, ExitCode::done);
  EXPECT_EQ(place.run({"user", "remove", "eve@example.com"}).out, "Removed eve@example.com.\n");
}

TEST(UserLink, APasswordIsSaidToBeOfNoUseWhereAdministratorsAloneHaveOne) {
  const Workplace place;
  place.write(kFile + "\n[accounts]\npasswords = false\n");
  const auto says = [](const Ran& ran) { return ran.err.find("passwords = false") != std::string::npos; };
  const Ran added = place.run({"user", "add", "ada@example.com", "--invite"});
  EXPECT_EQ(added.code, ExitCode::done);
  EXPECT_TRUE(says(added)) << added.err;
  EXPECT_TRUE(says(place.run({"user", "reset", "ada@example.com"})));
  EXPECT_FALSE(says(place.run({"user", "add", "root@example.com", "--invite", "--role", "administrator"})));
  EXPECT_FALSE(says(place.run({"user", "reset", "root@example.com"})));
}

TEST(UserLink, RefusesWhatCannotBe) {
  const Workplace place;
  furnish(place);
  ASSERT_EQ(place.run({"user", "add", "eve@example.com", "--invite"}).code, ExitCode::done);
  const std::string ada = "ada@example.com";
  ASSERT_EQ(place.run({"user", "link", ada, "--source", "contoso", "--subject", "1"}).code, ExitCode::done);
  struct Row {
    std::string_view name;
    std::vector<std::string> words;
    ExitCode code;
    std::string_view err;
  };
  const Row rows[] = {
      {"a source has a name", {ada, "--subject", "2"}, ExitCode::wrong_usage, "--source is needed"},
      {"a person has a subject", {ada, "--source", "contoso"}, ExitCode::wrong_usage, "--subject is needed"},
      {"the source is configured",
       {ada, "--source", "x", "--subject", "2"},
       ExitCode::wrong_usage,
       "no [[user_source]]"},
      {"a tenant is named",
       {ada, "--source", "tenants", "--subject", "2"},
       ExitCode::wrong_usage,
       "--issuer is needed"},
      {"it is one of the source's",
       {ada, "--source", "tenants", "--subject", "2", "--issuer", "https://login.example/c/v2.0"},
       ExitCode::wrong_usage,
       "none of the source's"},
      {"an account has one person of a source",
       {ada, "--source", "contoso", "--subject", "2"},
       ExitCode::failed,
       "as somebody else already"},
      {"a person has one account",
       {"eve@example.com", "--source", "contoso", "--subject", "1"},
       ExitCode::failed,
       "has an account already"},
      {"there is an account",
       {"nobody@example.com", "--source", "contoso", "--subject", "2"},
       ExitCode::failed,
       "no user"},
  };
  for (const Row& row : rows) {
    std::vector<std::string> words{"user", "link"};
    words.insert(words.end(), row.words.begin(), row.words.end());
    const Ran ran = place.run(words);
    EXPECT_EQ(ran.code, row.code) << row.name;
    EXPECT_NE(ran.err.find(row.err), std::string::npos) << row.name << ": " << ran.err;
  }
  EXPECT_EQ(place
                .run({"user", "link", ada, "--source", "tenants", "--subject", "2", "--issuer",
                      "https://login.example/b/v2.0"})
                .code,
            ExitCode::done);
}

}  // namespace
}  // namespace chatelaine::app
