#include <algorithm>
#include <vector>

#include "base/block_on.hpp"
#include "base/json.hpp"
#include "gateway/mcp/server.hpp"
#include "gateway/testing.hpp"
#include "openapi/tool.hpp"
#include "targets.hpp"

namespace chatelaine::fuzz {
namespace {

using namespace gateway;
using testing_parts::FixedClock;

constexpr std::string_view kDescription = R"(
openapi: 3.1.0
paths:
  /echo: {post: {operationId: echo, requestBody: {required: true, content: {application/json: {}}}}}
  /typed/{id}:
    get:
      operationId: typed
      parameters: [{name: id, in: path, schema: {type: integer}}]
      responses: {200: {content: {application/json: {schema: {type: object, required: [id]}}}}}
)";

/// The body of a message, in one piece.
class Bytes final : public net::BodyReader {
 public:
  explicit Bytes(std::string_view text) : rest_(text) {}
  Task<std::expected<std::string_view, net::BodyError>> read() override { co_return std::exchange(rest_, {}); }
  [[nodiscard]] std::optional<std::uint64_t> announced_length() const override { return std::nullopt; }

 private:
  std::string_view rest_;
};

Task<std::expected<std::shared_ptr<const oauth::AccessToken>, tokens::TokenRefusal>> verify(std::string_view) {
  co_return std::make_shared<const oauth::AccessToken>(testing_parts::make_token({}));
}
Task<crypto::SigningKey> read_key() {
  static const auto key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256);
  co_return key;
}
/// The API says what it was told.
Task<std::expected<net::Response, net::UpstreamError>> answer(net::UpstreamRequest request) {
  const std::string target = request.target;
  require(target == "/echo" || target.starts_with("/typed/"));
  const auto body = co_await request.body->read();
  co_return net::make_response(200, "application/json", std::string(body.value_or("")));
}

struct Server {
  Live<GatewaySettings> gateway_settings{make_gateway_settings()};
  FixedClock clock;
  SilentLog log;
  Guard guard{{.verify = verify, .signing_key = read_key, .record = [](storage::CallRecord) {}}, clock, log};
  Gateway gateway{gateway_settings, guard, answer, log};
  Live<mcp::McpSettings> settings{make_settings(gateway_settings.get())};
  SystemRandomness randomness;
  mcp::McpServer server{settings, guard, gateway, "/mcp", randomness, log};

  static GatewaySettings make_gateway_settings() {
    GatewaySettings made = testing_parts::make_settings();
    made.description = std::make_shared<const openapi::Description>(*openapi::read_description(kDescription));
    return made;
  }
  static mcp::McpSettings make_settings(const GatewaySettings& gateway_settings) {
    mcp::McpSettings made;
    made.gateway = gateway_settings;
    auto tools = openapi::make_tools(*openapi::read_document(kDescription), *gateway_settings.description);
    made.tools = mcp::offer_tools(std::move(tools.tools), gateway_settings);
    made.list_tag = mcp::make_list_tag(made.tools);
    require(made.tools.size() == 2);
    return made;
  }
};

/// Lines of `Name: value` up to an empty one.
std::vector<net::HeaderView> read_headers(std::string_view head) {
  std::vector<net::HeaderView> headers{{"Authorization", "Bearer token"}, {"Content-Type", "application/json"}};
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find('\n'));
    head.remove_prefix(std::min(line.size() + 1, head.size()));
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos) headers.push_back({line.substr(0, colon), line.substr(colon + 2)});
  }
  return headers;
}

/// JSON-RPC, for whoever asked; what is wrong with the token is said as OAuth has it.
void check_answer(const net::Response& answer, std::string_view asked) {
  if (answer.stream != nullptr || answer.status == 202) return;
  const auto message = parse_json(answer.body);
  // Deeper than our own parser goes: what the API says may be as deep itself.
  if (!message) return;
  const json::object& object = message->as_object();
  if (!object.contains("jsonrpc")) return require(answer.status == 400 && object.contains("error_description"));
  require(object.at("jsonrpc") == json::value("2.0") && object.contains("result") != object.contains("error"));
  const json::value* id = object.if_contains("id");
  const auto request = parse_json(asked);
  if (id != nullptr) require(request && *id == request->as_object().at("id"));
}

}  // namespace

/// A POST to the MCP server: headers, an empty line, a body; the API answers a call with what the call sends. Whatever
/// comes is answered by JSON-RPC, under the id that it has, and reaches no path of the API but those of its tools.
void check_mcp_message(std::string_view bytes) {
  static Server mcp;
  const std::size_t gap = bytes.find("\n\n");
  if (gap == std::string_view::npos) return;
  const auto headers = read_headers(bytes.substr(0, gap + 1));
  const std::string_view body = bytes.substr(gap + 2);
  Bytes reader(body);
  net::Request request;
  request.method = net::Method::post;
  request.method_name = "POST";
  request.target = "/mcp";
  request.path = "/mcp";
  request.headers = headers;
  request.body = &reader;
  check_answer(block_on(mcp.server.answer_post(request)), body);
}

}  // namespace chatelaine::fuzz
