#include "gateway/mcp/call.hpp"

#include <gmock/gmock.h>

#include "gateway/mcp/server_for_test.hpp"
#include "net/loop.hpp"

namespace chatelaine::gateway::mcp {
namespace {

using namespace testing_parts;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class McpCallTest : public McpServerFixture {};

std::string text_of(const json::object& result) {
  return std::string(result.at("content").as_array().at(0).at("text").as_string());
}

TEST_F(McpCallTest, ACallIsACallOfTheApi) {
  const json::object result = ask("tools/call", R"("name":"addTodo","arguments":{"title":"milk"})");
  EXPECT_EQ(json::serialize(result),
            R"({"content":[{"type":"text","text":"{\"a\":1}"}],"isError":false,"structuredContent":{"a":1}})");
  EXPECT_EQ(method_ + " " + target_, "POST /todos");
  EXPECT_EQ(body_, R"({"title":"milk"})");
  EXPECT_THAT(values_of(headers_, "Content-Type"), ElementsAre("application/json"));
  EXPECT_THAT(values_of(headers_, "Chatelaine-Subject"), ElementsAre("user-1"));
  EXPECT_THAT(values_of(headers_, "Authorization"), IsEmpty()) << "THREATS N01: the token stays here";
  EXPECT_THAT(values_of(headers_, "X-Forwarded-For"), ElementsAre("203.0.113.9"));
  EXPECT_THAT(ask_modern("tools/call", R"("name":"listTodos","arguments":{"limit":3})").body,
              HasSubstr(R"("resultType":"complete")"));
  EXPECT_EQ(target_, "/todos?limit=3");
}

/// MCP (authorization, scope challenge handling): 403 with all that the operation needs, in one challenge.
TEST_F(McpCallTest, ACallWithoutItsScopeIsRefusedWithAll) {
  const auto answer =
      post(R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"addTodo","arguments":{"title":"x"}}})",
           {{"Authorization", "Bearer reader"}});
  EXPECT_EQ(answer.status, 403);
  const std::string challenge =
      R"(Bearer realm="Todo", error="insufficient_scope", error_description="The access token lacks a scope that this )"
      R"(operation needs: read write", scope="read write", resource_metadata=")" +
      std::string(kMetadata) + "\"";
  EXPECT_THAT(values_of(answer.headers, "WWW-Authenticate"), ElementsAre(challenge));
  const json::value message = parse_json(answer.body).value();
  EXPECT_EQ(message.at("result").at("isError"), json::value(true));
  EXPECT_EQ(message.at("result").at("_meta").at("mcp/www_authenticate").at(0), json::value(challenge));
  EXPECT_EQ(text_of(message.at("result").as_object()),
            "The access token does not allow this call. The access token lacks a scope that this operation needs: read "
            "write");
  EXPECT_EQ(sent_, 0);
}

TEST_F(McpCallTest, CallsThatAreNone) {
  EXPECT_EQ(ask("tools/call", R"("name":"nothing")").at("code"), json::value(-32602));
  EXPECT_EQ(ask("tools/call", R"("arguments":{})").at("code"), json::value(-32602));
  EXPECT_EQ(ask("tools/call", R"("name":"listTodos","arguments":[])").at("code"), json::value(-32602));
  // MCP (tools, error handling): what the model can mend is a result.
  const json::object result = ask("tools/call", R"("name":"addTodo","arguments":{"title":7})");
  EXPECT_EQ(result.at("isError"), json::value(true));
  EXPECT_THAT(text_of(result), HasSubstr("/title: this is a number (expected: a string)"));
  EXPECT_EQ(sent_, 0);
}

TEST_F(McpCallTest, TheApisRefusalsAreResults) {
  status_ = 409;
  const json::object refused = ask("tools/call", R"("name":"removeTodo","arguments":{"id":"7"})");
  EXPECT_EQ(refused.at("isError"), json::value(true));
  EXPECT_EQ(text_of(refused), R"(The API answered 409: {"a":1})");
  EXPECT_EQ(method_ + " " + target_, "DELETE /todos/7");
  error_ = net::UpstreamError::timed_out;
  EXPECT_THAT(text_of(ask("tools/call", R"("name":"listTodos")")),
              HasSubstr("This server answered 504 in the API's place: "));
  error_.reset();
  status_ = 200;
  api_.pieces = {std::string(40, 'a'), std::string(40, 'b')};
  EXPECT_THAT(text_of(ask("tools/call", R"("name":"listTodos")")), HasSubstr("more than the 64 bytes"));
}

/// What the user is to confirm is a result, with the page that the model shows them, and no challenge.
TEST_F(McpCallTest, ACallThatWaitsForItsUserIsAResult) {
  McpSettings settings = live_.get();
  settings.gateway.confirmation = {.calls = ConfirmedCalls::changing, .page = "https://todo.example.com/c"};
  live_.set(settings);
  users_answer_ = {UsersWord::waits, {5}};
  const json::object waits = ask("tools/call", R"("name":"addTodo","arguments":{"title":"milk"})");
  EXPECT_EQ(waits.at("isError"), json::value(true));
  EXPECT_FALSE(waits.contains("_meta"));
  EXPECT_THAT(text_of(waits), HasSubstr("https://todo.example.com/c?call=" + format_id(5)));
  EXPECT_EQ(sent_, 0);
  EXPECT_EQ(question_.value().body, R"({"title":"milk"})");
  users_answer_ = {UsersWord::approved};
  EXPECT_EQ(ask("tools/call", R"("name":"addTodo","arguments":{"title":"milk"})").at("isError"), json::value(false));
  EXPECT_EQ(body_, R"({"title":"milk"})");
  EXPECT_EQ(records_.size(), 2U);
}

/// An upstream that sends without end is read no further than a result may be; one that announces more, not at all.
TEST_F(McpCallTest, AnAnswerWithoutEndIsNotRead) {
  api_.pieces.assign(10'000, std::string(16, 'a'));
  EXPECT_THAT(text_of(ask("tools/call", R"("name":"listTodos")")), HasSubstr("more than the 64 bytes"));
  EXPECT_EQ(api_.read, 5U);
  api_.announced = 65;
  EXPECT_THAT(text_of(ask("tools/call", R"("name":"listTodos")")), HasSubstr("more than the 64 bytes"));
  EXPECT_EQ(api_.read, 0U);
  api_.announced.reset();
  api_.pieces = {R"({"a":)"};
  api_.breaks_off = true;
  EXPECT_THAT(text_of(ask("tools/call", R"("name":"listTodos")")), HasSubstr("broke off"));
}

/// MCP (tools, security): calls of a client are limited. What a client has open, it has to end first.
TEST_F(McpCallTest, AClientHasOnlySoMuchOpen) {
  const std::string listen = R"("notifications":{"toolsListChanged":true})";
  std::vector<net::Response> open;
  for (int i = 0; i < 3; ++i) open.push_back(ask_modern("subscriptions/listen", listen));
  for (const net::Response& answer : open) EXPECT_EQ(answer.status, 200);
  const net::Response refused = ask_modern("tools/call", R"("name":"listTodos")");
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(values_of(refused.headers, "Retry-After"), ElementsAre("60"));
  EXPECT_EQ(parse_json(refused.body).value().at("id"), json::value("a"));
  EXPECT_EQ(post(std::string(4 * 1024 * 1024 + 1, ' ')).status, 429) << "refused before it is read";
  EXPECT_EQ(post(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})").status, 202);
  EXPECT_EQ(sent_, 0);
  EXPECT_THAT(records_, IsEmpty()) << "neither counted nor recorded";
  EXPECT_FALSE(ask("tools/call", R"("name":"listTodos")", "reader").at("isError").as_bool()) << "another client";
  open.pop_back();
  EXPECT_FALSE(ask("tools/call", R"("name":"listTodos")").at("isError").as_bool());
  EXPECT_FALSE(ask("tools/call", R"("name":"listTodos")").at("isError").as_bool()) << "a call that has ended is none";
}

/// What all clients hold in memory is bounded too; streams of changes hold nothing.
TEST_F(McpCallTest, AllClientsTogetherHaveOnlySoMuchOpen) {
  McpSettings settings = make_mcp_settings();
  settings.most_open_together = 1;
  settings.largest_answer = 100'000;
  live_.set(settings);
  const net::Response listening = ask_modern("subscriptions/listen", R"("notifications":{})");
  EXPECT_EQ(listening.status, 200);
  api_.pieces = {'"' + std::string(20'000, 'a') + '"'};
  net::Response large = ask_modern("tools/call", R"("name":"listTodos")");
  ASSERT_NE(large.stream, nullptr) << "a long answer has its place until it has been sent";
  EXPECT_THAT(values_of(large.headers, "Content-Type"), ElementsAre("application/json"));
  const std::string text(block_on(large.stream->read()).value());
  EXPECT_EQ(large.stream->length(), text.size());
  EXPECT_TRUE(parse_json(text));
  EXPECT_EQ(block_on(large.stream->read()).value(), "");
  EXPECT_EQ(ask_modern("server/discover").status, 429);
  large.stream.reset();
  EXPECT_EQ(ask_modern("server/discover").status, 200);
}

/// `largest_answer`, however the upstream hands an answer on.
TEST_F(McpCallTest, AnAnswerIsNoLargerThanItMayBe) {
  api_.pieces = {'"' + std::string(100, 'a') + '"'};
  for (const bool is_short : {false, true}) {
    api_.is_short = is_short;
    api_.read = 0;
    status_ = 200;
    const json::object large = ask("tools/call", R"("name":"listTodos")");
    EXPECT_TRUE(large.at("isError").as_bool());
    EXPECT_THAT(json::serialize(large), HasSubstr("more than the 64 bytes"));
  }
  status_ = 409;
  EXPECT_THAT(json::serialize(ask("tools/call", R"("name":"listTodos")")), HasSubstr("The API answered 409"))
      << "a short refusal is told";
}

/// Each call is decided on, counted and recorded once, with what became of it.
TEST_F(McpCallTest, ACallIsRecordedAsOneOfThisDoor) {
  const auto recorded = [this] {
    std::vector<std::string> lines;
    for (const storage::CallRecord& record : std::exchange(records_, {}))
      lines.push_back(std::string(to_string(record.door)) + " " + record.operation + " " +
                      std::to_string(record.status));
    return lines;
  };
  status_ = 404;
  ask("tools/call", R"("name":"removeTodo","arguments":{"id":"7"})");
  EXPECT_THAT(recorded(), ElementsAre("mcp removeTodo 404"));
  status_ = 200;
  ask("tools/call", R"("name":"addTodo","arguments":{"title":"x"})", "reader");
  EXPECT_THAT(recorded(), ElementsAre("mcp addTodo 403"));
  ask("tools/list");
  ask("tools/call", R"("name":"addTodo","arguments":{"title":7})");
  EXPECT_THAT(recorded(), IsEmpty()) << "no call of the API";
}

TEST_F(McpCallTest, ALimitIsAResultThatSaysHowLongToWait) {
  McpSettings settings = make_mcp_settings();
  settings.gateway.limits.per_client = limits::Rate{1, seconds{60}};
  live_.set(settings);
  const net::Response passed = ask_modern("tools/call", R"("name":"listTodos")");
  EXPECT_THAT(passed.body, HasSubstr(R"("isError":false)"));
  EXPECT_THAT(values_of(passed.headers, "RateLimit-Limit"), ElementsAre("1"));
  EXPECT_THAT(values_of(passed.headers, "RateLimit-Remaining"), ElementsAre("0"));
  const net::Response refused = ask_modern("tools/call", R"("name":"listTodos")");
  EXPECT_EQ(refused.status, 200);
  EXPECT_THAT(values_of(refused.headers, "Retry-After"), ElementsAre("60"));
  EXPECT_THAT(refused.body, HasSubstr("This server answered 429 in the API's place (Retry-After: 60): "))
      << "which saw nothing of it";
  EXPECT_THAT(values_of(refused.headers, "RateLimit-Limit"), ElementsAre("1"));
  EXPECT_THAT(values_of(refused.headers, "RateLimit-Reset"), ElementsAre("60"));
  EXPECT_EQ(sent_, 1);
}

/// Its head goes out before the API has answered, when the call has been counted already.
TEST_F(McpCallTest, AStreamSaysHowTheLimitStands) {
  McpSettings settings = make_mcp_settings();
  settings.gateway.limits.per_client = limits::Rate{5, seconds{60}};
  live_.set(settings);
  api_.waits = true;
  StepExecutor executor;
  FakeRequest request("POST", "/mcp");
  request.header("Authorization", "Bearer writer").header("Content-Type", "application/json");
  net::Request sent = request.get();
  net::WholeBody reader(
      R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"listTodos","_meta":{"progressToken":1}}})");
  sent.body = &reader;
  net::Response answer = executor.run(server_.answer_post(sent)).value();
  ASSERT_NE(answer.stream, nullptr);
  EXPECT_THAT(values_of(answer.headers, "RateLimit-Remaining"), ElementsAre("4"));
  answer.stream.reset();
  executor.run_due();
}

/// A fault while an answer is read leaves nothing behind that a cancel or a tick would touch.
TEST_F(McpCallTest, AnAnswerThatCannotBeReadIsLeft) {
  api_.throws = true;
  net::Response response;
  response.stream = std::make_unique<Pieces>(api_);
  CallProgress progress;
  EXPECT_THROW(static_cast<void>(block_on(read_answer(std::move(response), 64, progress))), std::runtime_error);
  EXPECT_EQ(progress.stream, nullptr);
  EXPECT_THAT(text_of(ask("tools/call", R"("name":"listTodos")")), HasSubstr("failed within this server"));
}

/// THREATS N13: the stream of a call ends with its token, of a public path too, though the API says nothing.
TEST_F(McpCallTest, AStreamOfACallEndsWithItsToken) {
  for (const std::string tool : {"listTodos", "logo"}) {
    SCOPED_TRACE(tool);
    StepExecutor executor;
    const std::string body = R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")" + tool +
                             R"(","_meta":{"progressToken":7}}})";
    FakeRequest request("POST", "/mcp");
    request.header("Authorization", "Bearer writer").header("Content-Type", "application/json");
    net::Request sent = request.get();
    net::WholeBody reader(body);
    sent.body = &reader;
    api_.waits = true;
    api_.is_cancelled = false;
    revoked_.clear();
    const net::Response answer = executor.run(server_.answer_post(sent)).value();
    ASSERT_NE(answer.stream, nullptr);
    EXPECT_EQ(executor.run(answer.stream->read()).value(), ":\n\n");
    revoked_ = "writer";
    clock_.advance(seconds{3});
    net::Loop loop;
    answer.stream->tick(loop);
    const auto piece = executor.run(answer.stream->read());
    executor.run_due();
    EXPECT_TRUE(api_.is_cancelled);
    ASSERT_TRUE(piece.has_value());
    EXPECT_FALSE(piece->has_value());
  }
}

}  // namespace
}  // namespace chatelaine::gateway::mcp
