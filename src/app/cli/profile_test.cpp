#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "app/cli/run_for_test.hpp"
#include "app/profiles/profile_for_test.hpp"

namespace chatelaine::app {
namespace {

Workplace& with_helper(Workplace& place) {
  place.write(std::string(kProviderFile) + "[profiles]\ndirectory = \"assistants\"\n");
  std::filesystem::create_directory(place.directory() / "assistants");
  std::string text = vary_profile("https://a.example/cb", "https://a.example/{id}/cb");
  text.replace(text.find("https://a.example/cb"), 20, "https://a.example/1/cb\"\nnote = \"See its settings.");
  place.write("assistants/helper.toml", text);
  return place;
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

TEST(ProfileList, ShowsWhatIsBuiltInAndWhatIsNot) {
  Workplace place;
  with_helper(place);
  const json::array rows = place.run({"profile", "list", "--json"}).json().as_array();
  ASSERT_EQ(rows.size(), 9U);
  EXPECT_EQ(rows.at(0).at("name"), "chatgpt-app");
  EXPECT_EQ(rows.at(0).at("loaded_from"), "built in");
  EXPECT_EQ(rows.at(7).at("name"), "helper");
  EXPECT_EQ(rows.at(7).at("loaded_from"), json::value((place.directory() / "assistants/helper.toml").string()));
  const std::string table = place.run({"profile", "list"}).out;
  EXPECT_NE(table.find("chatgpt-action"), std::string::npos) << table;
  EXPECT_NE(table.find("2026-01-02"), std::string::npos) << table;
}

TEST(ProfileList, NeedsNoDatabase) {
  const Workplace place;
  place.write("[host]\nurl = \"http://127.0.0.1:9\"\n");
  EXPECT_EQ(place.run({"profile", "list"}).code, ExitCode::done);
  EXPECT_FALSE(std::filesystem::exists(place.directory() / "chatelaine-host.db"));
}

TEST(ProfileShow, TellsWhatIsKnownFromWhereAndWhen) {
  Workplace place;
  with_helper(place);
  const Ran ran = place.run({"profile", "show", "chatgpt-action", "--json"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  const json::value shown = ran.json();
  EXPECT_EQ(shown.at("name"), "gpt-action");
  EXPECT_EQ(json::serialize(shown.at("aliases")), R"(["chatgpt-action"])");
  EXPECT_EQ(shown.at("redirect").at(1).at("template"), "https://chatgpt.com/aip/g-{id}/oauth/callback");
  EXPECT_EQ(shown.at("authorization").at("pkce"), "none");
  EXPECT_EQ(shown.at("token").at("concurrent_refresh"), json::value()) << "nobody says";
  EXPECT_FALSE(shown.at("sources").as_array().empty());
  EXPECT_EQ(shown.at("read_on"), "2026-11-27");
  EXPECT_EQ(shown.at("loaded_from"), "built in");

  const std::string text = place.run({"profile", "show", "helper"}).out;
  for (const std::string& expected :
       {std::string("Helper"), std::string("https://a.example/{id}/cb  (See its settings.)"),
        std::string("authorization.pkce"), std::string("token.concurrent_refresh"), std::string("not known"),
        std::string("Manual, https://a.example/"), std::string("2026-01-02"),
        (place.directory() / "assistants/helper.toml").string()})
    EXPECT_NE(text.find(expected), std::string::npos) << expected << "\n" << text;
}

/// What a file of one's own can begin with.
TEST(ProfileShow, PrintsTheFileAsItIs) {
  Workplace place;
  with_helper(place);
  EXPECT_EQ(place.run({"profile", "show", "helper", "--toml"}).out,
            read_file(place.directory() / "assistants/helper.toml"));
  EXPECT_EQ(place.run({"profile", "show", "chatgpt-action", "--toml"}).out, read_file("profiles/gpt-action.toml"));
}

/// `profile show gpt-action --toml > assistants/mine.toml`: the shell has made the file before anything is printed.
TEST(ProfileShow, PrintsABuiltInFileBesideOthersWithFaults) {
  Workplace place;
  with_helper(place);
  const std::filesystem::path assistants = place.directory() / "assistants";
  for (const char* name : {"mine.toml", "gpt-action.toml"}) std::ofstream(assistants / name).flush();
  for (const char* name : {"gpt-action", "chatgpt-action"}) {
    const Ran ran = place.run({"profile", "show", name, "--toml"});
    EXPECT_EQ(ran.code, ExitCode::done) << ran.err;
    EXPECT_EQ(ran.out, read_file("profiles/gpt-action.toml"));
  }
  EXPECT_NE(place.run({"profile", "show", "helper", "--toml"}).code, ExitCode::done) << "it is not built in";
  EXPECT_NE(place.run({"profile", "show", "gpt-action"}).code, ExitCode::done) << "what it says is not known yet";
  std::ofstream(assistants / "gpt-action.toml") << "title = 7\n";
  const Ran faulty = place.run({"profile", "show", "gpt-action", "--toml"});
  EXPECT_NE(faulty.code, ExitCode::done);
  EXPECT_NE(faulty.err.find("gpt-action.toml:1: title: must be a text in quotes"), std::string::npos) << faulty.err;
}

TEST(ProfileShow, IsReadable) {
  const Workplace place;
  place.write(kProviderFile);
  // With one blank between columns.
  const auto show = [&](const std::string& name) {
    std::string text = place.run({"profile", "show", name}).out;
    const auto repeated = std::ranges::unique(text, [](char a, char b) { return a == ' ' && b == ' '; });
    text.erase(repeated.begin(), repeated.end());
    return text;
  };
  const std::string claude = show("claude");
  for (const char* row :
       {"token.refresh_ahead 300 s\n", "authorization.offline_access yes\n", "authorization.scope_separator \" \"\n",
        "token.concurrent_refresh not known\n", "metadata_document https://claude.ai/oauth/mcp-oauth-client-metadata\n",
        "metadata.code_challenge_methods_supported S256\n",
        "preferred_metadata.client_id_metadata_document_supported yes\n"})
    EXPECT_NE(claude.find(row), std::string::npos) << row << claude;
  const std::string app = show("chatgpt-app");
  for (const char* row : {"redirect.metadata_document https://chatgpt.com/oauth/{callback_id}/client.json\n",
                          "registration_request not known\n", "token.document_methods private_key_jwt, none\n"})
    EXPECT_NE(app.find(row), std::string::npos) << row << app;
  EXPECT_EQ(show("gpt-action").find("metadata_document"), std::string::npos) << "it has none";
}

TEST(ProfileShow, NamesThoseThatThereAre) {
  const Workplace place;
  place.write(kProviderFile);
  const Ran ran = place.run({"profile", "show", "gemini"});
  EXPECT_EQ(ran.code, ExitCode::wrong_usage);
  EXPECT_EQ(ran.err,
            "chatelaine: there is no profile \"gemini\"; there are chatgpt-app, chatgpt-plugin, claude, claude-code, "
            "coze, cursor, gpt-action, vscode\n");
}

TEST(ProfileShow, NamesEveryFaultOfTheFiles) {
  Workplace place;
  with_helper(place);
  place.write("assistants/broken.toml", "title = 7\n[token]\nretry = true\n");
  const Ran ran = place.run({"profile", "show", "helper"});
  EXPECT_EQ(ran.code, ExitCode::wrong_usage);
  const std::string file = (place.directory() / "assistants/broken.toml").string();
  EXPECT_NE(ran.err.find(file + ":1: title: must be a text in quotes, not an integer\n"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find(file + ":3: token.retry: is not a key that a profile can have"), std::string::npos) << ran.err;
}

}  // namespace
}  // namespace chatelaine::app
