#include "app/wiring/api_changes.hpp"

#include <gmock/gmock.h>

namespace chatelaine::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

openapi::Description describe(const std::string& paths) {
  const std::string text = R"(
openapi: 3.0.3
info: {title: Todo, version: "1"}
servers: [{url: /v1}]
components: {securitySchemes: {oauth: {type: oauth2, flows: {}}}}
paths:
)" + paths;
  return openapi::read_description(text).value();
}

ApiChanges compare(const std::string& before, const std::string& after, gateway::ConfirmationPolicy was = {},
                   gateway::ConfirmationPolicy is = {}) {
  return compare_open_calls(list_open_calls(describe(before), was), list_open_calls(describe(after), is));
}

std::vector<std::string> words_of(const ApiChanges& changes) {
  std::vector<std::string> words;
  for (const WidenedCall& widened : changes.widened)
    words.push_back(widened.call + " [" + widened.scope.to_string() + "] " +
                    (widened.before ? "[" + widened.before->to_string() + "]" : "new"));
  return words;
}

std::string add(const std::string& security, const std::string& more = "") {
  return "  /todos: {post: {operationId: add, security: " + security + more + "}}\n";
}

TEST(ApiChanges, AreWhatATokenMayDoMore) {
  const std::string both = add("[{oauth: [read, write]}]");
  const struct {
    std::string_view name;
    std::string before;
    std::string after;
    std::vector<std::string> widened;
  } rows[] = {
      {"nothing", both, both, {}},
      {"fewer scopes", both, add("[{oauth: [read]}]"), {"POST /v1/todos [read] [read write]"}},
      {"other scopes", add("[{oauth: [read]}]"), add("[{oauth: [write]}]"), {"POST /v1/todos [write] [read]"}},
      {"none at all", both, add("[{}]"), {"POST /v1/todos [] [read write]"}},
      {"more scopes", add("[{oauth: [read]}]"), both, {}},
      {"a scope where there was none", add("[{}]"), both, {}},
      {"a new operation",
       both,
       both + "  /b: {get: {security: [{oauth: [read]}]}, put: {security: [{}]}}\n",
       {"GET /v1/b [read] new", "PUT /v1/b [] new"}},
      {"one that is gone", both + "  /b: {get: {}}\n", both, {}},
      {"what its body may say",
       both,
       add("[{oauth: [read, write]}]", ", requestBody: {content: {text/plain: {}}}"),
       {}},
  };
  for (const auto& row : rows) {
    const ApiChanges changes = compare(row.before, row.after);
    EXPECT_EQ(words_of(changes), row.widened) << row.name;
    EXPECT_THAT(changes.no_longer_confirmed, IsEmpty()) << row.name;
  }
}

TEST(ApiChanges, AreAlsoWhatNobodyConfirmsAnyMore) {
  using enum gateway::ConfirmedCalls;
  const std::string plain = add("[{oauth: [read]}]");
  const std::string marked = add("[{oauth: [read]}]", ", x-openai-isConsequential: true");
  const struct {
    std::string_view name;
    std::string before;
    std::string after;
    gateway::ConfirmationPolicy was;
    gateway::ConfirmationPolicy is;
    bool is_lapsed;
  } rows[] = {
      {"the mark went", marked, plain, {.calls = consequential}, {.calls = consequential}, true},
      {"the mark came", plain, marked, {.calls = consequential}, {.calls = consequential}, false},
      {"a word of the file's author's",
       plain,
       add("[{}]", ", x-openai-isConsequential: false"),
       {.calls = changing},
       {.calls = changing},
       true},
      {"fewer calls are confirmed", marked, marked, {.calls = changing}, {}, true},
      {"it is named no more", plain, plain, {.operations = {"add"}}, {}, true},
      {"confirmed another way", marked, plain, {.calls = consequential}, {.operations = {"add"}}, false},
      {"it is gone", marked, "  /other: {get: {}}\n", {.calls = consequential}, {}, false},
  };
  for (const auto& row : rows) {
    const auto lapsed = compare(row.before, row.after, row.was, row.is).no_longer_confirmed;
    EXPECT_EQ(lapsed, row.is_lapsed ? std::vector<std::string>{"POST /v1/todos"} : std::vector<std::string>())
        << row.name;
  }
}

TEST(OpenCalls, LeaveOutWhatIsClosed) {
  openapi::Description description = describe(add("[{}]"));
  description.operations[0].demand = openapi::Demand::closed;
  EXPECT_THAT(list_open_calls(description, {}), IsEmpty());
}

TEST(OpenCalls, AreKeptALineEach) {
  const auto calls = list_open_calls(describe(add("[{oauth: [read, write]}]") + "  /b: {delete: {security: [{}]}}\n"),
                                     {.calls = gateway::ConfirmedCalls::deleting});
  const std::string text = write_open_calls(calls);
  EXPECT_EQ(text,
            "{\"calls\":[\n"
            "{\"call\":\"POST /v1/todos\",\"scope\":\"read write\",\"confirmed\":false},\n"
            "{\"call\":\"DELETE /v1/b\",\"scope\":\"\",\"confirmed\":true}\n"
            "]}\n");
  const auto read = read_open_calls(text).value();
  EXPECT_EQ(write_open_calls(read), text);
  EXPECT_EQ(write_open_calls(read_open_calls(write_open_calls({})).value()), write_open_calls({}));
}

TEST(OpenCalls, SayWhatIsWrongWithTheirFile) {
  const std::string_view wrong[] = {"",
                                    "{",
                                    "[]",
                                    "{}",
                                    R"({"calls":{}})",
                                    R"({"calls":[1]})",
                                    R"({"calls":[{"call":"GET /"}]})",
                                    R"({"calls":[{"call":"GET /","scope":"a\"b","confirmed":true}]})",
                                    R"({"calls":[{"call":"GET /","scope":[],"confirmed":true}]})"};
  for (const std::string_view text : wrong) EXPECT_FALSE(read_open_calls(text)) << text;
}

}  // namespace
}  // namespace chatelaine::app
