#include "rehearsal/mcp_talk.hpp"

#include <gtest/gtest.h>

namespace chatelaine::rehearsal {
namespace {

net::FetchedDocument document(std::string type, std::string body) {
  net::FetchedDocument answer;
  answer.status = 200;
  answer.headers = {{"Content-Type", std::move(type)}};
  answer.body = std::move(body);
  return answer;
}

/// What is read as the answer to `tools/list`.
std::string read(std::string type, std::string body) {
  const auto result = read_result(document(std::move(type), std::move(body)), McpRequest::tools_list);
  return result ? json::serialize(*result) : result.error();
}

constexpr std::string_view kNoAnswer = R"(the answer holds no message with "jsonrpc": "2.0", "id": 1 and a result)";

TEST(McpTalk, ReadsAnAnswerAsJsonAndAsEvents) {
  EXPECT_EQ(read("application/json", R"({"jsonrpc":"2.0","id":1,"result":{"a":1}})"), R"({"a":1})");
  EXPECT_EQ(
      read("text/event-stream",
           "event: message\r\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}\r\n\r\n: x\r\nid: "
           "1\r\ndata: {\"jsonrpc\":\"2.0\",\r\ndata: \"id\":1,\"result\":{\"a\":2}}\r\n\r\n"),
      R"({"a":2})");
  EXPECT_EQ(read("text/event-stream", R"(data: {"jsonrpc":"2.0","id":1,"result":{}})"), "{}")
      << "without a last blank line";
  EXPECT_EQ(read("application/json", R"({"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"no"}})"),
            "the answer is an error: \"no\"");
  EXPECT_EQ(read("application/json", "[]"), kNoAnswer);
  EXPECT_EQ(read("application/json", R"({"jsonrpc":"2.0","id":1})"), kNoAnswer);
  EXPECT_EQ(read("application/json", R"({"jsonrpc":"2.0","id":1,"result":[]})"), "the result is no JSON object");
  EXPECT_EQ(read("text/event-stream", ""), kNoAnswer);
}

TEST(McpTalk, TakesNoAnswerToAnotherRequest) {
  EXPECT_EQ(read("application/json", R"({"jsonrpc":"2.0","id":2,"result":{}})"), kNoAnswer);
  EXPECT_EQ(read("application/json", R"({"jsonrpc":"2.0","result":{}})"), kNoAnswer);
  EXPECT_EQ(read("application/json", R"({"jsonrpc":"2.0","id":null,"result":{}})"), kNoAnswer);
  EXPECT_EQ(read("application/json", R"({"jsonrpc":"1.0","id":1,"result":{}})"), kNoAnswer);
  EXPECT_EQ(read("application/json", R"({"id":1,"result":{}})"), kNoAnswer);
  EXPECT_EQ(read("application/json", R"({"jsonrpc":"2.0","id":"1","result":{}})"), "{}") << "the libraries take it";
  EXPECT_EQ(read("application/json", R"({"jsonrpc":"2.0","id":null,"error":{"message":"no"}})"),
            "the answer is an error: \"no\"")
      << "what could not be read is answered without its id";
  EXPECT_EQ(read("text/event-stream",
                 "data: {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"a\":1}}\n\n"
                 "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"a\":2}}\n\n"),
            R"({"a":2})");
}

TEST(McpTalk, ReleasesThatNobodyAskedFor) {
  const auto settle = [](const json::value& release) {
    return find_strange_release(json::object{{"protocolVersion", release}});
  };
  EXPECT_EQ(settle("2025-11-25"), "");
  EXPECT_EQ(settle("2024-11-05"), "");
  EXPECT_EQ(settle("1.0"),
            "asked for release 2025-11-25, it settles on \"1.0\", which assistants that ask so do not speak");
  EXPECT_EQ(settle("2025-11-25\r\nA: b").substr(0, 29), "asked for release 2025-11-25,");
  EXPECT_EQ(settle(20251125), "the result has no `protocolVersion`");
  EXPECT_EQ(find_strange_release({}), "the result has no `protocolVersion`");
}

TEST(McpTalk, KeepsSessionAndRelease) {
  McpConversation conversation{"https://a.example/mcp", "", {}, {}};
  auto answer = document("application/json", "");
  answer.headers.push_back({"Mcp-Session-Id", "s1"});
  keep_conversation(conversation, answer, json::object{{"protocolVersion", "2025-06-18"}});
  EXPECT_EQ(conversation.session, "s1");
  EXPECT_EQ(conversation.release, "2025-06-18");
}

TEST(McpTalk, CallsOnlyAToolThatReadsAndNeedsNothing) {
  const auto tools = parse_json(
      R"({"tools":[{"name":"add","annotations":{"readOnlyHint":false}},{"name":"get","annotations":{"readOnlyHint":true},)"
      R"("inputSchema":{"required":["id"]}},7,{"name":"list","annotations":{"readOnlyHint":true},"inputSchema":{}}]})");
  EXPECT_EQ(find_safe_tool(tools->as_object()), "list");
  EXPECT_EQ(count_tools(tools->as_object()), 4U);
  EXPECT_EQ(find_safe_tool({}), "");
}

}  // namespace
}  // namespace chatelaine::rehearsal
