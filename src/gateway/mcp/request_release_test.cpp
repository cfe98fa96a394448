#include "gateway/mcp/request_release.hpp"

#include <gtest/gtest.h>

#include "gateway/testing.hpp"

namespace chatelaine::gateway::mcp {
namespace {

using testing_parts::FakeRequest;
using Headers = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kModernMeta =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}})";

struct Row {
  std::string_view sentence;
  Headers headers;
  std::string message;
  /// The release, or the error's code.
  std::string expected;
};

std::string find(const Row& row) {
  FakeRequest request("POST", "/mcp");
  for (const auto& [name, value] : row.headers) request.header(name, value);
  const auto message = read_message(row.message);
  if (!message) return std::to_string(static_cast<int>(message.error().code));
  const net::Request sent = request.get();
  const auto release = find_release(sent, *message);
  if (release) return std::string(to_string(*release));
  EXPECT_EQ(release.error().status, 400);
  return std::to_string(static_cast<int>(release.error().code));
}

std::string make_request(std::string_view method, std::string_view params) {
  return R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + R"(","params":{)" + std::string(params) + "}}";
}

/// MCP, the release 2026-07-28 (transports, server validation; versioning) and the two before it (transports, protocol
/// version header; lifecycle, version negotiation).
TEST(RequestRelease, IsWhatHeadersAndBodySay) {
  const std::string meta(kModernMeta);
  const std::pair<std::string, std::string> modern{"MCP-Protocol-Version", "2026-07-28"};
  const std::pair<std::string, std::string> list{"Mcp-Method", "tools/list"};
  const std::pair<std::string, std::string> call{"Mcp-Method", "tools/call"};
  const Row rows[] = {
      {"the newest", {modern, list}, make_request("tools/list", meta), "2026-07-28"},
      {"header names have no case",
       {{"mcp-protocol-version", "2026-07-28"}, {"MCP-METHOD", "tools/list"}},
       make_request("tools/list", meta),
       "2026-07-28"},
      {"the version's header is missing", {list}, make_request("tools/list", meta), "-32020"},
      {"it differs", {{"MCP-Protocol-Version", "2025-11-25"}, list}, make_request("tools/list", meta), "-32020"},
      {"it comes twice", {modern, modern, list}, make_request("tools/list", meta), "-32020"},
      {"the body does not say", {modern, list}, make_request("tools/list", ""), "-32602"},
      {"capabilities are missing",
       {modern, list},
       make_request("tools/list", R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"})"),
       "-32602"},
      {"Mcp-Method is missing", {modern}, make_request("tools/list", meta), "-32020"},
      {"Mcp-Method differs", {modern, {"Mcp-Method", "Tools/List"}}, make_request("tools/list", meta), "-32020"},
      {"Mcp-Name",
       {modern, call, {"Mcp-Name", "addTodo"}},
       make_request("tools/call", R"("name":"addTodo",)" + meta),
       "2026-07-28"},
      {"Mcp-Name is missing", {modern, call}, make_request("tools/call", R"("name":"addTodo",)" + meta), "-32020"},
      {"Mcp-Name differs",
       {modern, call, {"Mcp-Name", "addtodo"}},
       make_request("tools/call", R"("name":"addTodo",)" + meta),
       "-32020"},
      {"Mcp-Name in base64",
       {modern, call, {"Mcp-Name", "=?base64?YWRkVG9kbw==?="}},
       make_request("tools/call", R"("name":"addTodo",)" + meta),
       "2026-07-28"},
      {"Mcp-Name in what is no base64",
       {modern, call, {"Mcp-Name", "=?base64?%?="}},
       make_request("tools/call", R"("name":"%",)" + meta),
       "-32020"},
      {"a version that nobody knows",
       {{"MCP-Protocol-Version", "1900-01-01"}, list},
       make_request("tools/list", R"("_meta":{"io.modelcontextprotocol/protocolVersion":"1900-01-01"})"),
       "-32022"},
      {"a notification needs no mirrored headers",
       {modern},
       R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{)" + meta + "}}",
       "2026-07-28"},
      {"before: the header alone",
       {{"MCP-Protocol-Version", "2025-11-25"}},
       make_request("tools/list", ""),
       "2025-11-25"},
      {"before: a version that nobody knows",
       {{"MCP-Protocol-Version", "2024-11-05"}},
       make_request("tools/list", ""),
       "-32022"},
      {"before: no header", {}, make_request("tools/list", ""), "2025-06-18"},
      {"initialize asks for a release",
       {},
       make_request("initialize", R"("protocolVersion":"2025-06-18")"),
       "2025-06-18"},
      {"initialize asks for an older one",
       {},
       make_request("initialize", R"("protocolVersion":"2024-11-05")"),
       "2025-11-25"},
      {"initialize asks for one that has no initialize",
       {},
       make_request("initialize", R"("protocolVersion":"2026-07-28")"),
       "2025-11-25"},
      {"no JSON", {}, "{", "-32700"},
      {"a batch", {}, "[]", "-32600"},
      {"no JSON-RPC 2.0", {}, R"({"jsonrpc":"1.0","id":1,"method":"ping"})", "-32600"},
      {"an id that is null", {}, R"({"jsonrpc":"2.0","id":null,"method":"ping"})", "-32600"},
      {"an id that is no whole number", {}, R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})", "-32600"},
      {"a response", {}, R"({"jsonrpc":"2.0","id":1,"result":{}})", "-32600"},
      {"params that are a list", {}, R"({"jsonrpc":"2.0","id":1,"method":"ping","params":[]})", "-32600"},
  };
  for (const Row& row : rows) EXPECT_EQ(find(row), row.expected) << row.sentence;
}

TEST(RequestRelease, AnUnknownVersionIsToldWhichThereAre) {
  FakeRequest request("POST", "/mcp");
  request.header("MCP-Protocol-Version", "1900-01-01");
  const net::Request sent = request.get();
  const auto release = find_release(sent, read_message(make_request("tools/list", "")).value());
  ASSERT_FALSE(release);
  EXPECT_EQ(json::serialize(release.error().data),
            R"({"supported":["2026-07-28","2025-11-25","2025-06-18"],"requested":"1900-01-01"})");
}

}  // namespace
}  // namespace chatelaine::gateway::mcp
