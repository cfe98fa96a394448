#include "app/cli/run_for_test.hpp"

namespace chatelaine::app {
namespace {

constexpr std::string_view kFile = "issuer = \"http://127.0.0.1:8080\"\n";

std::vector<json::value> read_lines(const std::string& text) {
  std::vector<json::value> lines;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = text.find('\n', begin);
    lines.push_back(parse_json(text.substr(begin, end - begin)).value());
    begin = end + 1;
  }
  return lines;
}

std::string kinds(const json::value& entries) {
  std::string joined;
  for (const json::value& entry : entries.as_array())
    joined += (joined.empty() ? "" : " ") + std::string(entry.at("kind").as_string());
  return joined;
}

TEST(Ledger, ShowsWhatWasDone) {
  const Workplace place;
  place.write(kFile);
  ASSERT_EQ(place.run({"client", "add", "Helper"}).code, ExitCode::done);
  const Ran user = place.run({"user", "add", "ada@example.com", "--invite", "--json"});
  ASSERT_EQ(user.code, ExitCode::done) << user.err;
  ASSERT_EQ(place.run({"user", "disable", "ada@example.com"}).code, ExitCode::done);

  const Ran listed = place.run({"ledger", "list", "--json"});
  ASSERT_EQ(listed.code, ExitCode::done) << listed.err;
  EXPECT_TRUE(kinds(listed.json()).starts_with("user_disabled one_time_link_added user_added client_added"))
      << kinds(listed.json());
  const json::value newest = listed.json().at(0);
  EXPECT_EQ(newest.at("user").as_string(), "ada@example.com");
  EXPECT_FALSE(newest.as_object().contains("status")) << "what does not apply is left out";
  const Ran table = place.run({"ledger", "list", "--user", "ada@example.com"});
  EXPECT_NE(table.out.find("user_disabled"), std::string::npos) << table.out;
  EXPECT_EQ(table.out.find("client_added"), std::string::npos) << "of this user alone";
  EXPECT_EQ(kinds(place.run({"ledger", "list", "--json", "--most", "1"}).json()), "user_disabled");
  EXPECT_EQ(kinds(place.run({"ledger", "list", "--json", "--calls"}).json()), "");
  EXPECT_EQ(kinds(place.run({"ledger", "list", "--json", "--until", "1h"}).json()), "");
}

TEST(Ledger, IsExportedAsJsonLinesAndGoneOnWith) {
  const Workplace place;
  place.write(kFile);
  ASSERT_EQ(place.run({"client", "add", "First"}).code, ExitCode::done);
  const auto first = read_lines(place.run({"ledger", "export"}).out);
  ASSERT_FALSE(first.empty());
  EXPECT_EQ(first.back().at("kind").as_string(), "client_added");
  EXPECT_EQ(first.back().at("client_name").as_string(), "First");
  EXPECT_EQ(first.back().at("detail").as_string(), "command");
  ASSERT_EQ(place.run({"client", "add", "Second"}).code, ExitCode::done);
  const auto next =
      read_lines(place.run({"ledger", "export", "--after", std::to_string(first.back().at("id").as_int64())}).out);
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(next.front().at("client_name").as_string(), "Second");
}

TEST(Ledger, ShowsWhatARemovedAccountDid) {
  const Workplace place;
  place.write(kFile);
  ASSERT_EQ(place.run({"user", "add", "ada@example.com", "--invite"}).code, ExitCode::done);
  ASSERT_EQ(place.run({"user", "add", "bob@example.com", "--invite"}).code, ExitCode::done);
  const std::string id(place.run({"user", "show", "ada@example.com", "--json"}).json().at("id").as_string());
  ASSERT_EQ(place.run({"user", "remove", "ada@example.com"}).code, ExitCode::done);
  const Ran listed = place.run({"ledger", "list", "--user", id, "--json"});
  EXPECT_EQ(kinds(listed.json()), "user_removed one_time_link_added user_added");
  EXPECT_TRUE(listed.json().at(0).at("user").is_null());
  EXPECT_NE(place.run({"ledger", "list", "--user", id}).out.find(id), std::string::npos);
  const Ran by_email = place.run({"ledger", "list", "--user", "ada@example.com"});
  EXPECT_EQ(by_email.code, ExitCode::failed);
  EXPECT_NE(by_email.err.find("\"user_id\""), std::string::npos) << by_email.err;
}

TEST(Ledger, SaysWhatAnArgumentMustBe) {
  const Workplace place;
  place.write(kFile);
  struct Row {
    std::vector<std::string> words;
    std::string sentence;
  };
  const Row rows[] = {
      {{"list", "--since", "yesterday"}, "--since takes how long ago"},
      {{"export", "--until", ""}, "--until takes how long ago"},
      {{"list", "--most", "0"}, "--most takes a number from 1 on"},
      {{"list", "--most", "9999999999"}, "--most takes a number from 1 on"},
      {{"list", "--calls", "--events"}, "leave both out"},
      {{"export", "--after", "x"}, "--after takes an entry's \"id\""},
      {{"list", "--user", "nobody@example.com"}, "nobody@example.com"},
      {{"list", "--host"}, "host"},
  };
  for (const Row& row : rows) {
    std::vector<std::string> words{"ledger"};
    words.insert(words.end(), row.words.begin(), row.words.end());
    const Ran ran = place.run(words);
    EXPECT_NE(ran.code, ExitCode::done) << row.sentence;
    EXPECT_NE(ran.err.find(row.sentence), std::string::npos) << ran.err;
  }
}

}  // namespace
}  // namespace chatelaine::app
