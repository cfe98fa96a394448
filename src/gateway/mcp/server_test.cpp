#include "gateway/mcp/server.hpp"

#include <gmock/gmock.h>

#include "gateway/mcp/api_call.hpp"
#include "gateway/mcp/server_for_test.hpp"

namespace chatelaine::gateway::mcp {
namespace {

using namespace testing_parts;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class McpServerTest : public McpServerFixture {};

/// MCP (authorization, release 2026-07-28): each request carries a token, and a challenge says where to get one.
TEST_F(McpServerTest, WithoutATokenNothingElseIsLookedAt) {
  const struct {
    std::string_view name;
    Headers headers;
    int status;
    std::string challenge;
  } rows[] = {
      {"none", {}, 401, R"(Bearer realm="Todo", scope="read", resource_metadata=")"},
      {"of no use", {{"Authorization", "Bearer other"}}, 401, R"(Bearer realm="Todo", error="invalid_token")"},
      {"unreadable", {{"Authorization", "Bearer a b"}}, 400, R"(Bearer realm="Todo", error="invalid_request")"},
      {"of nothing here",
       {{"Authorization", "Bearer knower"}},
       403,
       R"(Bearer realm="Todo", error="insufficient_scope")"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const net::Response answer = post("no JSON", row.headers);
    EXPECT_EQ(answer.status, row.status);
    EXPECT_THAT(values_of(answer.headers, "WWW-Authenticate"), ElementsAre(StartsWith(row.challenge)));
    EXPECT_THAT(values_of(answer.headers, "WWW-Authenticate"), ElementsAre(HasSubstr(kMetadata)));
    EXPECT_THAT(values_of(answer.headers, "Access-Control-Allow-Origin"), IsEmpty()) << "the route adds it";
  }
  EXPECT_EQ(sent_, 0);
}

/// RFC 9728 §3.3: a document counts where its `resource` is the URL that the client used, slash and all.
TEST_F(McpServerTest, AChallengeLeadsToTheMetadataOfTheAddressThatWasUsed) {
  const std::string call =
      R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"addTodo","arguments":{"title":"x"}}})";
  for (const std::string slash : {"", "/"}) {
    const std::string metadata = "resource_metadata=\"" + std::string(kMetadata) + slash + "\"";
    const auto challenge = [&](const net::Response& answer) { return values_of(answer.headers, "WWW-Authenticate"); };
    EXPECT_THAT(challenge(post("", {}, "/mcp" + slash)), ElementsAre(HasSubstr(metadata)));
    EXPECT_THAT(challenge(post(call, {{"Authorization", "Bearer reader"}}, "/mcp" + slash)),
                ElementsAre(HasSubstr(metadata)))
        << "of a tool's call";
    const FakeRequest stream("GET", "/mcp" + slash);
    EXPECT_THAT(challenge(block_on(server_.answer_get(stream.get()))), ElementsAre(HasSubstr(metadata)));
  }
}

/// MCP (transports, security): DNS rebinding.
TEST_F(McpServerTest, PagesOfOtherOriginsAreRefused) {
  const auto status = [this](const char* origin) {
    return post("{", {{"Authorization", "Bearer writer"}, {"Origin", origin}}).status;
  };
  EXPECT_EQ(status("https://evil.example"), 403);
  EXPECT_EQ(status("null"), 403);
  EXPECT_EQ(status("https://chatgpt.com"), 400) << "the body is no JSON";
  EXPECT_EQ(status("https://todo.example.com"), 400) << "our own";
}

TEST_F(McpServerTest, WhatIsNoMessageIsRefused) {
  EXPECT_EQ(post("{").status, 400);
  EXPECT_THAT(post("{").body, HasSubstr("-32700"));
  EXPECT_EQ(post("[]").status, 400);
  EXPECT_EQ(post(std::string(4 * 1024 * 1024 + 1, ' ')).status, 413);
  FakeRequest request("POST", "/mcp");
  request.header("Authorization", "Bearer writer").header("Content-Type", "text/plain");
  const net::Request sent = request.get();
  EXPECT_EQ(block_on(server_.answer_post(sent)).status, 415);
  FakeRequest plain("POST", "/mcp");
  plain.header("Authorization", "Bearer writer").header("Accept", "application/json");
  const net::Request accepts_json = plain.get();
  EXPECT_EQ(block_on(server_.answer_post(accepts_json)).status, 406);
}

TEST_F(McpServerTest, Rfc9110Section8_3_1TheCaseOfAMediaTypeDoesNotCount) {
  FakeRequest request("POST", "/mcp");
  request.header("Authorization", "Bearer writer").header("Accept", "Application/JSON, TEXT/Event-Stream");
  request.header("Content-Type", "APPLICATION/json");
  net::Request sent = request.get();
  net::WholeBody body(R"({"jsonrpc":"2.0","id":7,"method":"ping"})");
  sent.body = &body;
  EXPECT_EQ(block_on(server_.answer_post(sent)).status, 200);
}

/// MCP (lifecycle, release 2025-11-25).
TEST_F(McpServerTest, BeginsAsOlderReleasesDo) {
  EXPECT_EQ(json::serialize(ask("initialize", R"("protocolVersion":"2025-06-18","capabilities":{})")),
            R"({"protocolVersion":"2025-06-18","capabilities":{"tools":{"listChanged":true}},)"
            R"("serverInfo":{"name":"todo","title":"Todo","version":"1"},"instructions":"Keeps lists."})");
  EXPECT_EQ(json::serialize(ask("ping")), "{}");
  const auto initialized = post(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
  EXPECT_EQ(initialized.status, 202);
  EXPECT_TRUE(initialized.body.empty());
  EXPECT_EQ(ask("resources/list").at("code"), json::value(-32601));
  EXPECT_EQ(ask("server/discover").at("code"), json::value(-32601)) << "of a later release";
}

/// MCP (server/discover, release 2026-07-28).
TEST_F(McpServerTest, TellsWhatItIsInTheNewestRelease) {
  EXPECT_EQ(ask_modern("server/discover").body,
            R"({"jsonrpc":"2.0","id":"a","result":{"supportedVersions":["2026-07-28","2025-11-25","2025-06-18"],)"
            R"("capabilities":{"tools":{"listChanged":true}},"instructions":"Keeps lists.","ttlMs":60000,)"
            R"("cacheScope":"private","resultType":"complete",)"
            R"("_meta":{"io.modelcontextprotocol/serverInfo":{"name":"todo","title":"Todo","version":"1"}}}})");
  for (const char* method : {"ping", "initialize", "resources/list"}) {
    const auto answer = ask_modern(method);
    EXPECT_EQ(answer.status, 404) << method;
    EXPECT_THAT(answer.body, HasSubstr("-32601"));
  }
}

TEST_F(McpServerTest, ListsToolsWithWhatTheyAskFor) {
  const json::object result = ask("tools/list");
  const json::array& tools = result.at("tools").as_array();
  ASSERT_EQ(tools.size(), 4U);
  EXPECT_EQ(json::serialize(tools[0]),
            R"({"name":"listTodos","title":"List todos","description":"List todos","inputSchema":{"type":"object",)"
            R"("properties":{"limit":{"type":"integer"}},"additionalProperties":false},"annotations":{)"
            R"("readOnlyHint":true,"destructiveHint":false,"idempotentHint":true,"openWorldHint":false},)"
            R"("securitySchemes":[{"type":"oauth2","scopes":["read"]}],)"
            R"("_meta":{"securitySchemes":[{"type":"oauth2","scopes":["read"]}]}})");
  EXPECT_EQ(json::serialize(tools[1].at("securitySchemes")), R"([{"type":"oauth2","scopes":["read","write"]}])");
  EXPECT_FALSE(result.contains("nextCursor"));
  EXPECT_EQ(ask("tools/list", R"("cursor":"x")").at("code"), json::value(-32602));
  EXPECT_THAT(ask_modern("tools/list").body, HasSubstr(R"("ttlMs":60000,"cacheScope":"private")"));
}

/// MCP (utilities, pagination): a cursor is of one list.
TEST_F(McpServerTest, ALongListComesInPages) {
  McpSettings settings = make_mcp_settings();
  settings.tools.resize(600, settings.tools.front());
  settings.list_tag = "tag";
  live_.set(settings);
  const json::object first = ask("tools/list");
  EXPECT_EQ(first.at("tools").as_array().size(), 250U);
  EXPECT_EQ(first.at("nextCursor"), json::value("tag.250"));
  const json::object last = ask("tools/list", R"("cursor":"tag.500")");
  EXPECT_EQ(last.at("tools").as_array().size(), 100U);
  EXPECT_FALSE(last.contains("nextCursor"));
  for (const char* cursor : {"other.250", "tag.601", "tag.-1", "tag.1x", "tag."})
    EXPECT_EQ(ask("tools/list", R"("cursor":")" + std::string(cursor) + "\"").at("code"), json::value(-32602))
        << cursor;
}

/// MCP (transports, releases 2025-06-18 and 2025-11-25): GET is a stream; release 2026-07-28: it is none.
TEST_F(McpServerTest, AStreamTellsThatTheListHasChanged) {
  FakeRequest request("GET", "/mcp");
  request.header("Authorization", "Bearer reader").header("Accept", "text/event-stream");
  const net::Request sent = request.get();
  const net::Response answer = block_on(server_.answer_get(sent));
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(values_of(answer.headers, "Content-Type"), ElementsAre("text/event-stream"));
  EXPECT_EQ(block_on(answer.stream->read()), ":\n\n");
  McpSettings settings = make_mcp_settings();
  settings.list_tag = "other";
  live_.set(settings);
  EXPECT_EQ(block_on(answer.stream->read()),
            "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n\n");
  FakeRequest modern("GET", "/mcp");
  modern.header("Authorization", "Bearer reader").header("MCP-Protocol-Version", "2026-07-28");
  const net::Request refused = modern.get();
  EXPECT_EQ(block_on(server_.answer_get(refused)).status, 405);
  FakeRequest unknown("GET", "/mcp");
  unknown.header("Authorization", "Bearer reader").header("MCP-Protocol-Version", "x");
  const net::Request wrong = unknown.get();
  EXPECT_EQ(block_on(server_.answer_get(wrong)).status, 400);
}

/// MCP (subscriptions, release 2026-07-28).
TEST_F(McpServerTest, ASubscriptionIsAcknowledgedFirst) {
  const net::Response answer = ask_modern("subscriptions/listen", R"("notifications":{"toolsListChanged":true,"x":1})");
  EXPECT_EQ(block_on(answer.stream->read()),
            "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\","
            "\"params\":{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":\"a\"},"
            "\"notifications\":{\"toolsListChanged\":true}}}\n\n");
  McpSettings settings = make_mcp_settings();
  settings.list_tag = "other";
  live_.set(settings);
  EXPECT_THAT(block_on(answer.stream->read()).value(), HasSubstr(R"("io.modelcontextprotocol/subscriptionId":"a")"));
  EXPECT_THAT(ask_modern("subscriptions/listen").body, HasSubstr("-32602"));
  const net::Response silent = ask_modern("subscriptions/listen", R"("notifications":{})");
  EXPECT_THAT(block_on(silent.stream->read()).value(), HasSubstr(R"("notifications":{}})"));
}

/// THREATS N13: a stream ends with its token.
TEST_F(McpServerTest, AStreamEndsWithItsToken) {
  const net::Response answer = ask_modern("subscriptions/listen", R"("notifications":{"toolsListChanged":true})");
  EXPECT_TRUE(block_on(answer.stream->read()));
  McpSettings settings = make_mcp_settings();
  settings.list_tag = "other";
  live_.set(settings);
  clock_.advance(seconds(3'600));
  EXPECT_FALSE(block_on(answer.stream->read()));
}

/// A call outlives the request that asked for it, and so do its notes.
TEST_F(McpServerTest, ACallNotesItsTroubleByItself) {
  error_ = net::UpstreamError::timed_out;
  static_cast<void>(ask("tools/call", R"("name":"listTodos")"));
  ASSERT_EQ(log_.flights.size(), 1U);
  EXPECT_EQ(log_.flights[0].request_id, "0123456789abcdef");
  EXPECT_EQ(log_.flights[0].status, 504);
  EXPECT_EQ(log_.flights[0].notes.sentence, "The API behind the gateway took too long to answer.");
  EXPECT_EQ(log_.flights[0].notes.client_id, make_token({}).client_id.value());
  EXPECT_EQ(log_.flights[0].notes.links.size(), 1U);
  EXPECT_EQ(log_.flights[0].notes.values.at(0), (FlightNotes::Value{"operation", "listTodos"}));
  EXPECT_EQ(notes_.outcome, FlightOutcome::untold);

  error_.reset();
  api_.breaks_off = true;
  static_cast<void>(ask("tools/call", R"("name":"listTodos")"));
  ASSERT_EQ(log_.flights.size(), 2U);
  EXPECT_EQ(log_.flights[1].notes.sentence, "The API's answer broke off before its end.");
  EXPECT_EQ(log_.flights[1].notes.client_id, make_token({}).client_id.value());
  EXPECT_EQ(log_.flights[1].notes.values.at(0), (FlightNotes::Value{"operation", "listTodos"}));

  FakeRequest request("POST", "/mcp");
  net::Request asked = request.get();
  asked.notes = &notes_;
  const ApiCall call(openapi::ToolRequest{.method = "GET", .target = "/todos"}, asked);
  EXPECT_NE(call.request().notes, asked.notes);
  EXPECT_NE(call.request().notes, nullptr);
}

TEST_F(McpServerTest, ARefusalIsNotedOfTheRequestThatAskedForTheCall) {
  static_cast<void>(
      post(R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"removeTodo","arguments":{"id":"1"}}})",
           {{"Authorization", "Bearer reader"}}));
  EXPECT_EQ(notes_.outcome, FlightOutcome::failed);
  EXPECT_EQ(notes_.client_id, make_token({}).client_id.value());
  EXPECT_TRUE(log_.flights.empty());
  static_cast<void>(post("{", {{"Authorization", "Bearer reader"}}));
  EXPECT_EQ(notes_.outcome, FlightOutcome::failed) << "what is no message";
  EXPECT_EQ(notes_.client_id, make_token({}).client_id.value());
  EXPECT_EQ(ask("tools/call", R"("name":"renamed")").at("code"), json::value(-32602));
  EXPECT_EQ(notes_.sentence, "Unknown tool: see tools/list.");
  EXPECT_EQ(notes_.client_id, make_token({}).client_id.value());
  EXPECT_EQ(notes_.links.size(), 1U);
  EXPECT_EQ(notes_.values, (std::vector<FlightNotes::Value>{{"tool", "renamed"}}));
  static_cast<void>(post("{", {}));
  EXPECT_EQ(notes_.outcome, FlightOutcome::untold) << "so clients find out where to get a token";
}

}  // namespace
}  // namespace chatelaine::gateway::mcp
