#include "app/cli/run_for_test.hpp"
#include "base/block_on.hpp"
#include "storage/sqlite/sqlite_storage.hpp"

namespace chatelaine::app {
namespace {

constexpr std::string_view kFile = "issuer = \"http://127.0.0.1:8080\"\nstorage = \"sqlite:provider.db\"\n";
constexpr const char* kAsked = "00000000000000aa";
constexpr const char* kExchanged = "00000000000000bb";

storage::FlightStep step(std::string id, FlightStage stage, FlightOutcome outcome, std::string sentence) {
  storage::FlightStep made;
  made.at = Instant(std::chrono::hours(500'000));
  made.request_id = std::move(id);
  made.status = outcome == FlightOutcome::failed ? 400 : 303;
  made.notes.stage = stage;
  made.notes.client_id = "todo";
  made.notes.tell(outcome, std::move(sentence));
  made.notes.link("code", "7");
  return made;
}

/// A sign-in whose exchange failed, and something else.
void record_flight(const Workplace& place) {
  const SystemClock clock;
  SilentLog log;
  const auto storage = storage::open_sqlite(place.directory() / "provider.db", clock, log);
  auto asked = step(kAsked, FlightStage::authorization_request, FlightOutcome::went_on, "A code was issued.");
  auto exchanged =
      step(kExchanged, FlightStage::token_request, FlightOutcome::failed, "It came from \x1b[31melsewhere.");
  exchanged.notes.show("code", "(43 characters)");
  auto other = step("00000000000000cc", FlightStage::api_call, FlightOutcome::odd, "Expired.");
  other.notes.links.clear();
  other.notes.client_id = "other";
  block_on(storage->flights().add_steps(std::vector{asked, exchanged, other}));
}

class TraceTest : public testing::Test {
 protected:
  void SetUp() override {
    place.write(kFile);
    ASSERT_EQ(place.run({"client", "add", "Helper"}).code, ExitCode::done);
    record_flight(place);
  }
  Workplace place;
};

TEST_F(TraceTest, TellsTheCauseAndEveryStep) {
  const Ran shown = place.run({"trace", kAsked});
  ASSERT_EQ(shown.code, ExitCode::done) << shown.err;
  EXPECT_TRUE(shown.out.starts_with("Token request failed: It came from \\x1b[31melsewhere.\n")) << shown.out;
  EXPECT_NE(shown.out.find("Authorization request went on (303)  request 00000000000000aa\n    A code was issued.\n"
                           "    client: todo\n"),
            std::string::npos)
      << shown.out;
  EXPECT_NE(shown.out.find("    code: (43 characters)\n"), std::string::npos) << shown.out;

  const json::value told = place.run({"trace", kExchanged, "--json"}).json();
  EXPECT_EQ(told.at("cause").as_string(), "It came from \x1b[31melsewhere.");
  ASSERT_EQ(told.at("steps").as_array().size(), 2U);
  EXPECT_EQ(told.at("steps").at(0).at("step").as_string(), "authorization_request");
  EXPECT_EQ(told.at("steps").at(1).at("outcome").as_string(), "failed");
  EXPECT_EQ(told.at("steps").at(1).at("values").at("code").as_string(), "(43 characters)");
}

TEST_F(TraceTest, WithoutAnIdListsTheNewestTroubles) {
  const json::value troubles = place.run({"trace", "--json"}).json();
  ASSERT_EQ(troubles.as_array().size(), 2U);
  EXPECT_EQ(troubles.at(0).at("request").as_string(), "00000000000000cc");
  EXPECT_EQ(place.run({"trace", "--json", "--all"}).json().as_array().size(), 3U);
  EXPECT_EQ(place.run({"trace", "--json", "--client", "other"}).json().as_array().size(), 1U);
  EXPECT_EQ(place.run({"trace", "--json", "--most", "1"}).json().as_array().size(), 1U);
  EXPECT_NE(place.run({"trace"}).out.find("Call of the API"), std::string::npos);
}

TEST_F(TraceTest, SaysWhatIsWrong) {
  struct Row {
    std::vector<std::string> words;
    ExitCode code;
    std::string sentence;
  };
  const Row rows[] = {
      {{"trace", "what"}, ExitCode::wrong_usage, "\"what\" is no request's id"},
      {{"trace", "0123456789abcdef"}, ExitCode::failed, "nothing is recorded of the request 0123456789abcdef"},
      {{"trace", "0123456789ABCDEF"}, ExitCode::failed, "nothing is recorded of the request 0123456789abcdef"},
      {{"trace", kAsked, "--all"}, ExitCode::wrong_usage, "leave out --all"},
      {{"trace", "--most", "none"}, ExitCode::wrong_usage, "--most takes a number from 1 on"},
  };
  for (const Row& row : rows) {
    const Ran ran = place.run(row.words);
    EXPECT_EQ(ran.code, row.code) << row.sentence;
    EXPECT_NE(ran.err.find(row.sentence), std::string::npos) << ran.err;
  }
}

}  // namespace
}  // namespace chatelaine::app
