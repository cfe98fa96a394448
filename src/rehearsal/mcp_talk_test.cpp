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

std::string read(std::string type, std::string body) {
  const auto result = read_result(document(std::move(type), std::move(body)));
  return result ? json::serialize(*result) : result.error();
}

TEST(McpTalk, ReadsAnAnswerAsJsonAndAsEvents) {
  EXPECT_EQ(read("application/json", R"({"jsonrpc":"2.0","id":1,"result":{"a":1}})"), R"({"a":1})");
  EXPECT_EQ(
      read("text/event-stream",
           "event: message\r\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}\r\n\r\n: x\r\nid: "
           "1\r\ndata: {\"jsonrpc\":\"2.0\",\r\ndata: \"id\":1,\"result\":{\"a\":2}}\r\n\r\n"),
      R"({"a":2})");
  EXPECT_EQ(read("text/event-stream", "data: {\"id\":1,\"result\":{}}"), "{}") << "without a last blank line";
  EXPECT_EQ(read("application/json", R"({"error":{"code":-32000,"message":"no"}})"), "the answer is an error: \"no\"");
  EXPECT_EQ(read("application/json", "[]"), "the answer holds no message of JSON-RPC with a result");
  EXPECT_EQ(read("application/json", R"({"result":[]})"), "the result is no JSON object");
  EXPECT_EQ(read("text/event-stream", ""), "the answer holds no message of JSON-RPC with a result");
}

TEST(McpTalk, KeepsSessionAndReleaseButNothingThatIsNone) {
  McpConversation conversation{"https://a.example/mcp", "", {}, {}};
  auto answer = document("application/json", "");
  answer.headers.push_back({"Mcp-Session-Id", "s1"});
  keep_conversation(conversation, answer, json::object{{"protocolVersion", "2025-06-18"}});
  EXPECT_EQ(conversation.session, "s1");
  EXPECT_EQ(conversation.release, "2025-06-18");
  keep_conversation(conversation, answer, json::object{{"protocolVersion", "x\r\nA: b"}});
  EXPECT_EQ(conversation.release, "2025-11-25");
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
