#include "app/cli/run_for_test.hpp"

namespace chatelaine::app {
namespace {

TEST(UserAdd, TakesThePasswordFromStdin) {
  const Workplace place;
  place.write(kProviderFile);
  const Ran ran =
      place.run({"user", "add", "ada@example.com", "--name", "Ada", "--subject", "u-7", "--password-stdin", "--json"},
                "correct horse\n");
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  const json::value user = ran.json().at("user");
  EXPECT_EQ(user.at("email").as_string(), "ada@example.com");
  EXPECT_EQ(user.at("subject").as_string(), "u-7");
  EXPECT_EQ(user.at("role").as_string(), "user");
  EXPECT_TRUE(user.at("has_password").as_bool());
  EXPECT_EQ(ran.out.find("correct"), std::string::npos);
  EXPECT_EQ(ran.out.find("argon2"), std::string::npos);
}

TEST(UserAdd, InvitesWithALinkOnOurOrigin) {
  const Workplace place;
  place.write(std::string(kProviderFile) + "[paths]\nprefix = \"/auth\"\n");
  const Ran ran = place.run({"user", "add", "ada@example.com", "--invite", "--json"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  const std::string url(ran.json().at("invitation_url").as_string());
  EXPECT_TRUE(url.starts_with("http://127.0.0.1:8080/auth/set-password?link=ctl_ol_")) << url;
  EXPECT_FALSE(ran.json().at("user").at("has_password").as_bool());
}

TEST(UserAdd, RefusesWhatCannotBe) {
  struct Row {
    std::string_view name;
    std::vector<std::string> words;
    std::string in;
    ExitCode code;
    std::string_view err;
  };
  const Row rows[] = {
      {"an account needs a way in", {"new@example.com"}, "", ExitCode::wrong_usage, "--password-stdin, or a link"},
      {"one way in is enough",
       {"new@example.com", "--invite", "--password-stdin"},
       "",
       ExitCode::wrong_usage,
       "--password-stdin, or a link"},
      {"an address has an @", {"new", "--invite"}, "", ExitCode::wrong_usage, "new: "},
      {"a short password", {"new@example.com", "--password-stdin"}, "short\n", ExitCode::wrong_usage, "8"},
      {"no password", {"new@example.com", "--password-stdin"}, "", ExitCode::wrong_usage, "stdin ended"},
      {"an unknown role", {"new@example.com", "--invite", "--role", "god"}, "", ExitCode::wrong_usage, "--role takes"},
      {"a subject that a header could not carry",
       {"new@example.com", "--invite", "--subject", "a\nb"},
       "",
       ExitCode::wrong_usage,
       "a subject is"},
      {"OpenID Connect Core §2: a subject of 256 characters",
       {"new@example.com", "--invite", "--subject", std::string(256, 's')},
       "",
       ExitCode::wrong_usage,
       "a subject is"},
      {"an address that is taken, in another case",
       {"ADA@example.com", "--invite"},
       "",
       ExitCode::failed,
       "there is a user ADA@example.com already"},
      {"a subject that is taken",
       {"new@example.com", "--invite", "--subject", "u-1"},
       "",
       ExitCode::failed,
       "the subject u-1 already"},
  };
  const Workplace place;
  place.write(kProviderFile);
  ASSERT_EQ(place.run({"user", "add", "ada@example.com", "--invite", "--subject", "u-1"}).code, ExitCode::done);
  for (const Row& row : rows) {
    std::vector<std::string> words{"user", "add"};
    words.insert(words.end(), row.words.begin(), row.words.end());
    const Ran ran = place.run(words, row.in);
    EXPECT_EQ(ran.code, row.code) << row.name << ": " << ran.err;
    EXPECT_NE(ran.err.find(row.err), std::string::npos) << row.name << ": " << ran.err;
  }
  EXPECT_EQ(place.run({"user", "list", "--json"}).json().as_array().size(), 1U);
}

/// OpenID Connect Core §2: 255 characters are no fault.
// DEVIATION OpenID Connect Core §2: the subject of somebody who was removed can be given again.
TEST(UserAdd, TakesTheLongestSubjectAlsoOfSomebodyWhoIsGone) {
  const Workplace place;
  place.write(kProviderFile);
  const std::string subject(255, 's');
  ASSERT_EQ(place.run({"user", "add", "ada@example.com", "--invite", "--subject", subject}).code, ExitCode::done);
  ASSERT_EQ(place.run({"user", "remove", "ada@example.com"}).code, ExitCode::done);
  const Ran again = place.run({"user", "add", "bob@example.com", "--invite", "--subject", subject, "--json"});
  ASSERT_EQ(again.code, ExitCode::done) << again.err;
  EXPECT_EQ(again.json().at("user").at("subject").as_string(), subject);
}

TEST(UserChange, DisablesEnablesResetsAndRemoves) {
  const Workplace place;
  place.write(kProviderFile);
  ASSERT_EQ(place.run({"user", "add", "ada@example.com", "--password-stdin"}, "correct horse\n").code, ExitCode::done);
  EXPECT_FALSE(place.run({"user", "disable", "ada@example.com", "--json"}).json().at("user").at("enabled").as_bool());
  EXPECT_EQ(place.run({"user", "reset", "ada@example.com"}).code, ExitCode::failed);
  EXPECT_TRUE(place.run({"user", "enable", "ada@example.com", "--json"}).json().at("user").at("enabled").as_bool());
  const Ran reset = place.run({"user", "reset", "ada@example.com", "--json"});
  EXPECT_TRUE(std::string_view(reset.json().at("reset_url").as_string())
                  .starts_with("http://127.0.0.1:8080/set-password?link=ctl_ol_"));
  EXPECT_EQ(place.run({"user", "set-password", "ada@example.com", "--password-stdin"}, "another horse\n").code,
            ExitCode::done);
  EXPECT_EQ(place.run({"user", "remove", "ada@example.com"}).code, ExitCode::done);
  EXPECT_EQ(place.run({"user", "remove", "ada@example.com"}).code, ExitCode::failed);
}

TEST(UserSetRole, GivesAndTakesARole) {
  const Workplace place;
  place.write(kProviderFile);
  ASSERT_EQ(place.run({"user", "add", "ada@example.com", "--invite", "--role", "administrator"}).code, ExitCode::done);
  const Ran taken = place.run({"user", "set-role", "ada@example.com", "user"});
  EXPECT_EQ(taken.out, "ada@example.com has the role user now.\n") << taken.err;
  EXPECT_EQ(place.run({"user", "show", "ada@example.com", "--json"}).json().at("role").as_string(), "user");
  const Ran given = place.run({"user", "set-role", "ADA@example.com", "developer", "--json"});
  EXPECT_EQ(given.json().at("user").at("role").as_string(), "developer") << given.err;
  const Ran unknown = place.run({"user", "set-role", "ada@example.com", "god"});
  EXPECT_EQ(unknown.code, ExitCode::wrong_usage);
  EXPECT_NE(unknown.err.find("ROLE takes user, developer or administrator, not \"god\""), std::string::npos)
      << unknown.err;
  EXPECT_EQ(place.run({"user", "set-role", "bob@example.com", "user"}).code, ExitCode::failed);
  EXPECT_EQ(place.run({"ledger", "list", "--json", "--most", "1"}).json().at(0).at("detail").as_string(), "developer");
}

TEST(UserSides, AreChosenByHostOrByWhatTheFileHas) {
  const Workplace both;
  both.write(std::string(kProviderFile) + "[host]\nurl = \"http://127.0.0.1:8090\"\n");
  ASSERT_EQ(both.run({"user", "add", "dev@example.com", "--invite", "--host", "--role", "developer"}).code,
            ExitCode::done);
  EXPECT_EQ(both.run({"user", "list", "--json"}).out, "[]\n");
  EXPECT_EQ(both.run({"user", "list", "--host", "--json"}).json().as_array().size(), 1U);
  const Workplace host;
  host.write("[host]\nurl = \"http://127.0.0.1:8090\"\n");
  const Ran added = host.run({"user", "add", "dev@example.com", "--invite", "--json"});
  ASSERT_EQ(added.code, ExitCode::done) << added.err;
  EXPECT_TRUE(std::string_view(added.json().at("invitation_url").as_string())
                  .starts_with("http://127.0.0.1:8090/set-password"));
}

TEST(UserImport, ChecksEveryRowAndTakesAllOrNothing) {
  const Workplace place;
  place.write(kProviderFile);
  place.write("good.jsonl",
              "{\"email\":\"a@example.com\",\"password_hash\":"
              "\"$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy\"}\n\n"
              "{\"email\":\"b@example.com\",\"name\":\"B\",\"subject\":\"7\"}\n");
  place.write("bad.jsonl",
              "{\"email\":\"c@example.com\",\"password_hash\":\"plain\"}\n"
              "{\"email\":\"d\"}\n[]\n{\"email\":\"e@example.com\",\"age\":1}\n{\"email\":7}\n");
  place.write("twice.json",
              "[{\"email\":\"f@example.com\"},{\"email\":\"F@example.com\"},{\"email\":\"a@example.com\"}]");
  const auto import = [&](const char* name) {
    return place.run({"user", "import", (place.directory() / name).string(), "--json"});
  };
  const Ran good = import("good.jsonl");
  EXPECT_EQ(good.out, "{\"imported\":2}\n") << good.err;
  const Ran bad = import("bad.jsonl");
  EXPECT_EQ(bad.code, ExitCode::failed);
  for (const char* part :
       {"nothing was imported", "line 1: \"password_hash\"", "line 2: d", "line 3: must be an object",
        "line 4: \"age\" is not one of", "line 5: \"email\" must be a text"})
    EXPECT_NE(bad.err.find(part), std::string::npos) << part << " in " << bad.err;
  EXPECT_EQ(bad.err.find("plain"), std::string::npos) << "a hash is not shown";
  const Ran twice = import("twice.json");
  EXPECT_NE(twice.err.find("element 2: F@example.com is in element 1 already"), std::string::npos) << twice.err;
  EXPECT_NE(twice.err.find("element 3: a@example.com is in the database already"), std::string::npos) << twice.err;
  EXPECT_EQ(place.run({"user", "list", "--json"}).json().as_array().size(), 2U);
}

}  // namespace
}  // namespace chatelaine::app
