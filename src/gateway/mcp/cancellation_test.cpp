#include <gmock/gmock.h>

#include "gateway/mcp/server_for_test.hpp"

namespace chatelaine::gateway::mcp {
namespace {

using namespace testing_parts;
using testing::IsEmpty;

class McpCancellation : public McpServerFixture {
 protected:
  net::Response send(std::string_view body, const std::string& session = {}, const char* token = "Bearer writer") {
    FakeRequest request("POST", "/mcp");
    request.header("Authorization", token).header("Content-Type", "application/json");
    if (!session.empty()) request.header("Mcp-Session-Id", session);
    net::Request sent = request.get();
    net::WholeBody reader(body);
    sent.body = &reader;
    return executor_.run(server_.answer_post(sent)).value();
  }

  StepExecutor executor_;
};

/// MCP (cancellation, releases before 2026-07-28, and transports, cancellation, of that one).
TEST_F(McpCancellation, ACallIsCancelledByWhoeverMadeIt) {
  const auto cancel = [&](std::string_view id, const char* token) {
    const std::string params = R"({"requestId":)" + std::string(id) + "}";
    return send(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":)" + params + "}", {}, token).status;
  };
  constexpr std::string_view kCall =
      R"({"jsonrpc":"2.0","id":"c","method":"tools/call","params":{"name":"listTodos","_meta":{"progressToken":7}}})";
  api_.waits = true;
  net::Response answer = send(kCall);
  ASSERT_NE(answer.stream, nullptr);
  EXPECT_EQ(executor_.run(answer.stream->read()).value(), ":\n\n");
  EXPECT_EQ(cancel(R"("c")", "Bearer reader"), 202);
  EXPECT_EQ(cancel(R"("d")", "Bearer writer"), 202);
  EXPECT_FALSE(api_.is_cancelled);
  EXPECT_EQ(cancel(R"("c")", "Bearer writer"), 202);
  EXPECT_TRUE(api_.is_cancelled);
  EXPECT_EQ(executor_.run(answer.stream->read()).value(), "") << "no result";
  api_.is_cancelled = false;
  answer = send(kCall);
  net::Response second = send(kCall);
  EXPECT_EQ(cancel(R"("c")", "Bearer writer"), 202);
  EXPECT_FALSE(api_.is_cancelled) << "two of that id";
  second.stream.reset();
  executor_.run_due();
  api_.is_cancelled = false;
  answer = send(kCall);
  answer.stream.reset();
  EXPECT_TRUE(api_.is_cancelled) << "who closes the stream does not wait for the result";
  executor_.run_due();
}

/// MCP (2025-11-25, session management): two programs of one user number their requests alike.
TEST_F(McpCancellation, ACallIsCancelledInItsSessionAlone) {
  const auto begin = [this] {
    const auto answer =
        post(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}})");
    return values_of(answer.headers, "Mcp-Session-Id").at(0);
  };
  const std::string one = begin();
  const std::string other = begin();
  EXPECT_EQ(one.size(), 22U);
  EXPECT_NE(one, other);
  EXPECT_THAT(values_of(ask_modern("server/discover").headers, "Mcp-Session-Id"), IsEmpty());
  constexpr std::string_view kCall =
      R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"listTodos","_meta":{"progressToken":7}}})";
  constexpr std::string_view kCancel =
      R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}})";
  api_.is_silent = true;
  const net::Response first = send(kCall, one);
  const net::Response second = send(kCall, other);
  for (const net::Response* answer : {&first, &second})
    EXPECT_EQ(executor_.run(answer->stream->read()).value(), ":\n\n");
  EXPECT_EQ(send(kCancel, "").status, 202);
  EXPECT_FALSE(api_.is_cancelled) << "no session is another one";
  EXPECT_EQ(send(kCancel, other).status, 202);
  EXPECT_TRUE(std::exchange(api_.is_cancelled, false));
  EXPECT_EQ(executor_.run(second.stream->read()).value(), "") << "no result";
  EXPECT_EQ(send(kCancel, one).status, 202);
  EXPECT_TRUE(api_.is_cancelled);
  EXPECT_EQ(executor_.run(first.stream->read()).value(), "");
}

/// The same before the API has said anything: nothing of the call stays, neither its place nor its id.
TEST_F(McpCancellation, ACallOfASilentApiIsCancelledToo) {
  constexpr std::string_view kCall =
      R"({"jsonrpc":"2.0","id":"c","method":"tools/call","params":{"name":"listTodos","_meta":{"progressToken":7}}})";
  api_.is_silent = true;
  // As many as may be open, time and again.
  for (int round = 0; round < 3; ++round) {
    std::vector<net::Response> answers;
    for (int at = 0; at < 3; ++at) {
      answers.push_back(send(kCall));
      EXPECT_EQ(answers.back().status, 200) << round;
      EXPECT_EQ(executor_.run(answers.back().stream->read()).value(), ":\n\n");
      EXPECT_EQ(send(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"c"}})").status, 202);
      EXPECT_TRUE(std::exchange(api_.is_cancelled, false)) << round;
      EXPECT_EQ(executor_.run(answers.back().stream->read()).value(), "") << "no result";
    }
  }
  for (int round = 0; round < 2; ++round) {
    std::vector<net::Response> answers;
    for (int at = 0; at < 3; ++at) answers.push_back(send(kCall));
    EXPECT_EQ(send(kCall).status, 429);
    answers.clear();
    executor_.run_due();
    EXPECT_TRUE(std::exchange(api_.is_cancelled, false)) << "their streams were closed";
  }
  EXPECT_EQ(records_.size(), 15U);
  EXPECT_THAT(log_.flights, IsEmpty()) << "nothing failed";
  for (const storage::CallRecord& record : records_) EXPECT_EQ(record.status, 499);
}

}  // namespace
}  // namespace chatelaine::gateway::mcp
