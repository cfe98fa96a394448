#include <sys/stat.h>

#include <cstdlib>

#include "app/cli/run_for_test.hpp"

namespace chatelaine::app {
namespace {

TEST(CommandLine, ExitCodesSayDoneFailedOrWrongUsage) {
  struct Row {
    std::string_view name;
    std::vector<std::string> words;
    ExitCode code;
    std::string_view err;
  };
  const Workplace place;
  place.write(kProviderFile);
  const Row rows[] = {
      {"no command is wrong usage", {}, ExitCode::wrong_usage, "chatelaine: A subcommand is required"},
      {"an unknown command is wrong usage", {"sing"}, ExitCode::wrong_usage, "chatelaine: "},
      {"an unknown option is wrong usage", {"user", "list", "--loud"}, ExitCode::wrong_usage, "--loud"},
      {"a missing argument is wrong usage", {"user", "show"}, ExitCode::wrong_usage, "EMAIL is required"},
      {"a missing configuration is wrong usage",
       {"user", "list", "--config", "/nowhere.toml"},
       ExitCode::wrong_usage,
       "chatelaine: /nowhere.toml: cannot be read\n"},
      {"a missing user is a failure",
       {"user", "show", "ada@example.com", "--config", place.file().string()},
       ExitCode::failed,
       "chatelaine: there is no user ada@example.com\n"},
      {"--host without [host] is wrong usage",
       {"user", "list", "--host", "--config", place.file().string()},
       ExitCode::wrong_usage,
       "has no [host]"},
      {"a plugin command without [host] is wrong usage",
       {"plugin", "list", "--config", place.file().string()},
       ExitCode::wrong_usage,
       "has no [host]"},
      {"a grant id that is none is wrong usage",
       {"grant", "revoke", "x", "--config", place.file().string()},
       ExitCode::wrong_usage,
       "\"x\" is not a grant's id"},
  };
  for (const Row& row : rows) {
    const Ran ran = Workplace::run_as_it_is(row.words);
    EXPECT_EQ(ran.code, row.code) << row.name << ": " << ran.err;
    EXPECT_NE(ran.err.find(row.err), std::string::npos) << row.name << ": " << ran.err;
    EXPECT_EQ(ran.out, "") << row.name;
  }
}

TEST(CommandLine, ReadsConfigAndJsonBeforeTheCommandToo) {
  const Workplace place;
  place.write(kProviderFile);
  const Ran ran = Workplace::run_as_it_is({"--config", place.file().string(), "--json", "user", "list"});
  EXPECT_EQ(ran.code, ExitCode::done) << ran.err;
  EXPECT_EQ(ran.out, "[]\n");
}

TEST(CommandLine, SaysItsVersion) {
  const Ran ran = Workplace::run_as_it_is({"--version"});
  EXPECT_EQ(ran.code, ExitCode::done);
  EXPECT_TRUE(ran.out.starts_with("chatelaine ")) << ran.out;
}

TEST(Help, SaysOfEachCommandWhatForHowAndWhatIsPrinted) {
  for (const CommandGroup& group : command_groups())
    for (const Command& command : group.commands) {
      std::vector<std::string> words{std::string(group.name)};
      if (!group.is_single()) words.emplace_back(command.name);
      words.emplace_back("--help");
      const Ran ran = Workplace::run_as_it_is(words);
      EXPECT_EQ(ran.code, ExitCode::done);
      for (const std::string_view part :
           {command.sentence, command.example, command.prints, std::string_view("--config")})
        EXPECT_NE(ran.out.find(part), std::string::npos) << group.name << " " << command.name << ": " << part;
      for (const Argument& argument : command.arguments)
        EXPECT_NE(ran.out.find(argument.name), std::string::npos) << argument.name;
    }
}

/// CHATELAINE_UPDATE=1 rewrites what is committed.
TEST(CommandReference, IsWhatTheCommandsSay) {
  constexpr const char* kReference = "docs/operators/command-line.md";
  if (std::getenv("CHATELAINE_UPDATE") != nullptr) std::ofstream(kReference) << render_command_reference();
  std::ifstream stream(kReference);
  const std::string committed{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  EXPECT_EQ(committed, render_command_reference()) << "run with CHATELAINE_UPDATE=1 to rewrite the reference";
}

TEST(Init, MakesEverythingAndPrintsTheAdministratorOnce) {
  const Workplace place;
  const auto directory = place.directory() / "new";
  const Ran ran = Workplace::run_as_it_is({"init", directory.string(), "--issuer", "http://127.0.0.1:9000",
                                           "--upstream", "http://127.0.0.1:3000", "--json"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  const json::object answer = ran.json().as_object();
  EXPECT_EQ(answer.size(), 3U);
  const std::string config(answer.at("config").as_string());
  EXPECT_EQ(config, (directory / "chatelaine.toml").string());
  EXPECT_EQ(answer.at("admin_email").as_string(), "admin@127.0.0.1");
  EXPECT_EQ(answer.at("admin_password").as_string().size(), 24U);
  struct stat status{};
  ASSERT_EQ(::stat(directory.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
  for (const char* name : {"chatelaine.key", "chatelaine.db"}) {
    ASSERT_EQ(::stat((directory / name).c_str(), &status), 0) << name;
    EXPECT_EQ(status.st_mode & 0777, 0600U) << name;
  }
  const Ran users = Workplace::run_as_it_is({"user", "list", "--json", "--config", config});
  EXPECT_EQ(users.json().as_array().at(0).at("role").as_string(), "administrator") << users.err;
  const Ran keys = Workplace::run_as_it_is({"key", "list", "--json", "--config", config});
  EXPECT_EQ(keys.json().as_array().size(), 3U) << keys.err;
}

TEST(Init, TakesADirectoryWithASlashAtItsEnd) {
  const Workplace place;
  const Ran ran = Workplace::run_as_it_is({"init", (place.directory() / "a" / "b").string() + "/", "--json"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  EXPECT_EQ(ran.json().at("config").as_string(), (place.directory() / "a" / "b" / "chatelaine.toml").string());
}

TEST(Init, CanBeRunAgainWhereItDidNotComeToItsEnd) {
  const Workplace place;
  const std::vector<std::string> words{"init", place.directory().string(), "--json"};
  const Ran first = Workplace::run_as_it_is(words);
  ASSERT_EQ(first.code, ExitCode::done) << first.err;
  std::filesystem::remove(place.file());
  const Ran second = Workplace::run_as_it_is(words);
  ASSERT_EQ(second.code, ExitCode::done) << second.err;
  EXPECT_EQ(first.json().at("admin_email"), second.json().at("admin_email"));
  EXPECT_NE(first.json().at("admin_password"), second.json().at("admin_password"));
  EXPECT_EQ(place.run({"user", "list", "--json"}).json().as_array().size(), 1U);
}

TEST(Init, TakesItsDirectoryAsAWordAlone) {
  const Workplace place;
  const Ran ran = Workplace::run_as_it_is({"init", "--config", place.file().string()});
  EXPECT_EQ(ran.code, ExitCode::wrong_usage);
  EXPECT_NE(ran.err.find("init takes the directory as DIR"), std::string::npos) << ran.err;
}

TEST(CommandLine, FailsWhereWhatItPrintsIsLost) {
  const Workplace place;
  place.write(kProviderFile);
  std::istringstream in;
  std::ofstream full("/dev/full");
  std::ostringstream err;
  Console console{in, full, err, false};
  const std::vector<std::string> words{"client", "add", "X", "--config", place.file().string()};
  EXPECT_EQ(run_command_line(words, console), ExitCode::failed);
  EXPECT_NE(err.str().find("could not be written to stdout"), std::string::npos) << err.str();
}

TEST(Init, OverwritesNothing) {
  const Workplace place;
  place.write("mine");
  const Ran ran = Workplace::run_as_it_is({"init", place.directory().string()});
  EXPECT_EQ(ran.code, ExitCode::failed);
  EXPECT_NE(ran.err.find("is there already; nothing was changed"), std::string::npos) << ran.err;
  EXPECT_FALSE(std::filesystem::exists(place.directory() / "chatelaine.db"));
}

TEST(Init, RefusesAnIssuerThatWouldNotStart) {
  const Workplace place;
  const Ran ran = Workplace::run_as_it_is({"init", place.directory().string(), "--issuer", "http://example.com"});
  EXPECT_EQ(ran.code, ExitCode::wrong_usage);
  EXPECT_NE(ran.err.find("issuer must be https"), std::string::npos) << ran.err;
  EXPECT_TRUE(std::filesystem::is_empty(place.directory()));
}

TEST(PluginCall, TakesAnyNumberOfArgumentsBehindTheOperation) {
  const Workplace place;
  place.write("[host]\nurl = \"http://127.0.0.1:9\"\nlisten = \"127.0.0.1:9\"\nstorage = \"sqlite:host.db\"\n");
  const auto call = [&](std::vector<std::string> arguments) {
    std::vector<std::string> words{"plugin", "call", "plugin-x", "addTodo"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    words.insert(words.end(), {"--user", "ann@example.com"});
    return place.run(std::move(words));
  };
  EXPECT_NE(call({"text"}).err.find("not of the form name=value"), std::string::npos);
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{}, {"text=Water the plants"}, {"text=a", "done=false", "text=b"}}) {
    const Ran ran = call(arguments);
    EXPECT_EQ(ran.code, ExitCode::failed) << "this host has no such user";
    EXPECT_EQ(ran.err.find("not expected"), std::string::npos) << ran.err;
  }
}

TEST(PluginCheck, TakesEveryRealManifest) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("tests/manifests/real")) {
    const Ran ran = Workplace::run_as_it_is({"plugin", "check", entry.path().string(), "--json"});
    EXPECT_EQ(ran.code, ExitCode::done) << entry.path() << ran.err << ran.out;
    EXPECT_TRUE(ran.json().as_object().at("ok").as_bool()) << entry.path();
    ++count;
  }
  EXPECT_EQ(count, 40U);
}

TEST(PluginCheck, ReportsADomainThatIsRefused) {
  const Ran ran = Workplace::run_as_it_is({"plugin", "check", "localhost", "--json"});
  EXPECT_EQ(ran.code, ExitCode::failed);
  const json::object report = ran.json().as_object();
  EXPECT_FALSE(report.at("ok").as_bool());
  EXPECT_EQ(report.at("faults").at(0).at("path").as_string(), "domain");
}

TEST(PluginCheck, JudgesAFileWithoutAnyConfiguration) {
  const Workplace place;
  place.write("broken.json", "{\"schema_version\":\"v1\",}");
  const std::string file = (place.directory() / "broken.json").string();
  const Ran ran = Workplace::run_as_it_is({"plugin", "check", file, "--json"});
  EXPECT_EQ(ran.code, ExitCode::failed) << ran.err;
  const json::object report = ran.json().as_object();
  EXPECT_FALSE(report.at("ok").as_bool());
  EXPECT_FALSE(report.at("faults").as_array().empty());
  const Ran from_stdin = Workplace::run_as_it_is({"plugin", "check", "-", "--json"}, "{\"schema_version\":\"v1\",}");
  EXPECT_EQ(from_stdin.out, ran.out);
}

}  // namespace
}  // namespace chatelaine::app
