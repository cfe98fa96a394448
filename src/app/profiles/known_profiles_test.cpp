#include "app/profiles/known_profiles.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "app/cli/run_for_test.hpp"
#include "app/embedded.hpp"
#include "app/profiles/profile_for_test.hpp"

namespace chatelaine::app {
namespace {

std::string with_aliases(std::string_view aliases) {
  return vary_profile("aliases = []", "aliases = [" + std::string(aliases) + "]");
}

std::string faults_of(const std::filesystem::path& directory) {
  const auto loaded = KnownProfiles::load(directory);
  return loaded ? "" : join_faults(loaded.error());
}

TEST(BuiltInProfiles, AreOfTheAssistantsThatWeKnowAndEachSaysFromWhereAndWhen) {
  const auto loaded = KnownProfiles::load({});
  ASSERT_TRUE(loaded) << faults_of({});
  std::vector<std::string> names;
  for (const auto& [name, known] : loaded->all()) {
    names.push_back(name);
    EXPECT_TRUE(known.file.empty()) << name;
    EXPECT_GE(known.profile.read_on, std::chrono::year(2026) / 11 / 27) << name;
  }
  const std::vector<std::string> expected{"chatgpt-app", "chatgpt-plugin", "claude",     "claude-code",
                                          "coze",        "cursor",         "gpt-action", "vscode"};
  EXPECT_EQ(names, expected);
}

TEST(BuiltInProfiles, AreTheFilesOfTheSourceTree) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("profiles")) {
    const std::string name = entry.path().filename().string();
    std::ifstream stream(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    const auto found = std::ranges::find(embedded_files(), name, &EmbeddedFile::name);
    ASSERT_NE(found, embedded_files().end()) << name;
    EXPECT_EQ(found->bytes, bytes) << name;
    ++count;
  }
  EXPECT_EQ(count, embedded_files().size());
}

/// THREATS §1: what these assistants could be sent back to is theirs alone.
TEST(BuiltInProfiles, TakeNoNearMissOfTheirRedirectUris) {
  const auto loaded = KnownProfiles::load({});
  ASSERT_TRUE(loaded);
  for (const auto& [name, known] : loaded->all())
    for (const oauth::AssistantRedirect& redirect : known.profile.redirects) {
      const std::string& fits = redirect.example;
      std::string capitals = fits;
      capitals[fits.find("//") + 2] = static_cast<char>(std::toupper(capitals[fits.find("//") + 2]));
      const std::string scheme = fits.substr(0, fits.find("//") + 2);
      const std::string rest = fits.substr(scheme.size());
      for (const std::string& near : {fits + "/x", fits + "?x", fits + "#x", fits + "/../x", fits + "%2f",
                                      scheme + "user@" + rest, scheme + "evil.example/" + rest, " " + fits})
        EXPECT_FALSE(redirect.uri.match(near)) << name << ": " << near;
      // 127.0.0.1 has no capital.
      EXPECT_EQ(redirect.uri.match(capitals).has_value(), capitals == fits) << name << ": " << capitals;
    }
}

TEST(KnownProfiles, AreFoundByNameAndAlias) {
  const auto loaded = KnownProfiles::load({});
  ASSERT_TRUE(loaded);
  ASSERT_NE(loaded->find("gpt-action"), nullptr);
  EXPECT_EQ(loaded->find("chatgpt-action"), loaded->find("gpt-action"));
  EXPECT_EQ(loaded->find("gpt"), nullptr);
  EXPECT_EQ(loaded->find(""), nullptr);
}

TEST(KnownProfiles, OfADirectoryAreAddedOrReplaceWhatIsBuiltIn) {
  const Workplace place;
  place.write("helper.toml", with_aliases("\"help\""));
  place.write("gpt-action.toml", vary_profile("Helper", "Another GPT Action"));
  place.write(".gpt-action.toml.swp", "not TOML");
  place.write(".hidden.toml", "not TOML");
  place.write("README.md", "not TOML");
  const auto loaded = KnownProfiles::load(place.directory());
  ASSERT_TRUE(loaded) << faults_of(place.directory());
  EXPECT_EQ(loaded->all().size(), 9U);
  EXPECT_EQ(loaded->find("help")->file, place.directory() / "helper.toml");
  EXPECT_EQ(loaded->find("gpt-action")->profile.title, "Another GPT Action");
  EXPECT_EQ(loaded->find("gpt-action")->file, place.directory() / "gpt-action.toml");
  EXPECT_EQ(loaded->find("chatgpt-action"), nullptr) << "its aliases are replaced too";
  EXPECT_TRUE(loaded->find("claude")->file.empty());
}

TEST(KnownProfiles, OfADirectoryGoBeforeAliasesThatAreBuiltIn) {
  const Workplace place;
  place.write("chatgpt-action.toml", kBareProfile);
  const auto loaded = KnownProfiles::load(place.directory());
  ASSERT_TRUE(loaded) << faults_of(place.directory());
  EXPECT_EQ(loaded->find("chatgpt-action")->file, place.directory() / "chatgpt-action.toml");
  EXPECT_TRUE(loaded->find("gpt-action")->file.empty());
  EXPECT_TRUE(loaded->find("gpt-action")->profile.aliases.empty());
}

/// What each sends, where its source says so.
TEST(BuiltInProfiles, SayWhatTheirTokenRequestsHold) {
  const auto loaded = KnownProfiles::load({});
  ASSERT_TRUE(loaded);
  const oauth::AssistantProfile& vscode = loaded->find("vscode")->profile;
  EXPECT_EQ(vscode.token_parameters, (std::vector<std::string>{"client_id", "grant_type", "code", "redirect_uri",
                                                               "code_verifier", "resource", "client_secret"}));
  EXPECT_EQ(*vscode.refresh_parameters,
            (std::vector<std::string>{"client_id", "grant_type", "refresh_token", "resource", "client_secret"}));
  EXPECT_EQ(loaded->find("coze")->profile.encodings, std::vector{oauth::TokenRequestEncoding::form});
}

TEST(KnownProfiles, HaveADirectoryThatTheConfigurationOfEitherSideNames) {
  const std::filesystem::path file = "/etc/chatelaine/c.toml";
  for (const std::string side : {"issuer = \"https://a.example\"\n", "[host]\nurl = \"http://127.0.0.1:8090\"\n"}) {
    const auto read = parse_configuration(side + "[profiles]\ndirectory = \"assistants\"\n", file);
    ASSERT_TRUE(read) << read.error().front().to_string();
    EXPECT_EQ(read->profiles_directory, "/etc/chatelaine/assistants");
    EXPECT_EQ(parse_configuration(side, file)->profiles_directory, "");
  }
}

TEST(KnownProfiles, NameEveryFaultOfTheDirectory) {
  const Workplace place;
  const std::string directory = place.directory().string();
  EXPECT_EQ(faults_of(place.directory() / "nowhere"),
            directory + "/nowhere: cannot be read: No such file or directory");
  std::filesystem::create_directory(place.directory() / "a.toml");
  place.write("b.toml", "title = 7\n");
  const std::string faults = faults_of(place.directory());
  EXPECT_NE(faults.find(directory + "/a.toml: is no file that could be read, but a directory, a pipe or a device\n"),
            std::string::npos)
      << faults;
  EXPECT_NE(faults.find(directory + "/b.toml:1: title: must be a text in quotes, not an integer"), std::string::npos)
      << faults;
}

/// A pipe that nobody writes to would keep whoever opens it waiting.
TEST(KnownProfiles, OpenNothingButFiles) {
  const Workplace place;
  const std::filesystem::path pipe = place.directory() / "pipe.toml";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(faults_of(place.directory()),
            pipe.string() + ": is no file that could be read, but a directory, a pipe or a device");
}

TEST(KnownProfiles, HaveAliasesThatMeanOneAlone) {
  const Workplace place;
  const std::string directory = place.directory().string();
  place.write("helper.toml", with_aliases("\"claude\", \"chatgpt-action\", \"free\""));
  place.write("second.toml", with_aliases("\"free\""));
  EXPECT_EQ(faults_of(place.directory()),
            directory + "/helper.toml:2: aliases: must be free, and \"claude\" is another profile's name or alias\n" +
                directory +
                "/helper.toml:2: aliases: must be free, and \"chatgpt-action\" is another profile's name or alias\n" +
                directory + "/second.toml:2: aliases: must be free, and \"free\" is another profile's name or alias");
}

}  // namespace
}  // namespace chatelaine::app
