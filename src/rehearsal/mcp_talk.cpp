#include "rehearsal/mcp_talk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "inspection/finding.hpp"
#include "oauth/content_type.hpp"

namespace chatelaine::rehearsal {
namespace {

constexpr std::string_view kRelease = "2025-11-25";
/// Those that begin with `initialize`.
constexpr std::array<std::string_view, 4> kReleases{kRelease, "2025-06-18", "2025-03-26", "2024-11-05"};
constexpr std::size_t kMostAnswerBytes = 4 * 1024 * 1024;

inspection::Question make_message(const McpConversation& conversation, const json::object& message,
                                  std::string_view access_token) {
  inspection::Question question;
  question.method = "POST";
  question.url = conversation.url;
  question.most_bytes = kMostAnswerBytes;
  question.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json, text/event-stream"}};
  if (!access_token.empty()) question.headers.push_back({"Authorization", fmt::format("Bearer {}", access_token)});
  if (!conversation.user_agent.empty()) question.headers.push_back({"User-Agent", conversation.user_agent});
  if (!conversation.session.empty()) question.headers.push_back({"MCP-Session-Id", conversation.session});
  if (!conversation.release.empty()) question.headers.push_back({"MCP-Protocol-Version", conversation.release});
  question.body = json::serialize(message);
  return question;
}

json::object make_request(McpRequest request, std::string_view method, json::object params) {
  return {{"jsonrpc", "2.0"}, {"id", std::to_underlying(request)}, {"method", method}, {"params", std::move(params)}};
}

/// Also where it came back as text, which the libraries take.
bool is_id_of(McpRequest request, const json::value& id) {
  const auto number = std::to_underlying(request);
  return id == json::value(number) || id == json::value(fmt::format("{}", number));
}

std::optional<json::object> read_message(std::string_view text, McpRequest request) {
  auto parsed = parse_json(text);
  if (!parsed || !parsed->is_object()) return std::nullopt;
  const json::object& message = parsed->get_object();
  const json::string* const version = find_string(message, "jsonrpc");
  if (version == nullptr || *version != "2.0") return std::nullopt;
  const json::value* const id = message.if_contains("id");
  // A request that could not be read is answered without its id (JSON-RPC 2.0 §5).
  if (message.contains("error") && (id == nullptr || id->is_null())) return std::move(parsed->get_object());
  if (id == nullptr || !is_id_of(request, *id)) return std::nullopt;
  if (!message.contains("result") && !message.contains("error")) return std::nullopt;
  return std::move(parsed->get_object());
}

/// The first event that is an answer: what comes before it may be progress.
std::optional<json::object> read_events(std::string_view stream, McpRequest request) {
  std::string data;
  while (!stream.empty()) {
    const std::size_t end = stream.find('\n');
    std::string_view line = stream.substr(0, end);
    stream = end == std::string_view::npos ? std::string_view() : stream.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    constexpr std::string_view kData = "data:";
    if (line.starts_with(kData)) {
      line.remove_prefix(kData.size());
      if (line.starts_with(' ')) line.remove_prefix(1);
      data += line;
    }
    const bool is_event_over = line.empty() || stream.empty();
    if (!is_event_over) continue;
    if (auto message = read_message(data, request)) return message;
    data.clear();
  }
  return std::nullopt;
}

bool is_safe(const json::object& tool) {
  const json::value* const annotations = tool.if_contains("annotations");
  if (annotations == nullptr || !annotations->is_object()) return false;
  const json::value* const reads = annotations->get_object().if_contains("readOnlyHint");
  if (reads == nullptr || !reads->is_bool() || !reads->get_bool()) return false;
  const json::value* const schema = tool.if_contains("inputSchema");
  if (schema == nullptr || !schema->is_object()) return true;
  const json::value* const required = schema->get_object().if_contains("required");
  return required == nullptr || !required->is_array() || required->get_array().empty();
}

const json::array* find_tools(const json::object& tools) {
  const json::value* const list = tools.if_contains("tools");
  return list == nullptr ? nullptr : list->if_array();
}

}  // namespace

inspection::Question make_initialize(const McpConversation& conversation, std::string_view title,
                                     std::string_view access_token) {
  json::object params{{"protocolVersion", kRelease},
                      {"capabilities", json::object{}},
                      {"clientInfo", json::object{{"name", title}, {"version", "1"}}}};
  return make_message(conversation, make_request(McpRequest::initialize, "initialize", std::move(params)),
                      access_token);
}

inspection::Question make_initialized(const McpConversation& conversation, std::string_view access_token) {
  const json::object message{{"jsonrpc", "2.0"}, {"method", "notifications/initialized"}};
  return make_message(conversation, message, access_token);
}

inspection::Question make_tools_list(const McpConversation& conversation, std::string_view access_token) {
  return make_message(conversation, make_request(McpRequest::tools_list, "tools/list", {}), access_token);
}

inspection::Question make_tool_call(const McpConversation& conversation, std::string_view tool,
                                    std::string_view access_token) {
  json::object params{{"name", tool}, {"arguments", json::object{}}};
  return make_message(conversation, make_request(McpRequest::tool_call, "tools/call", std::move(params)), access_token);
}

std::expected<json::object, std::string> read_result(const net::FetchedDocument& answer, McpRequest request) {
  const std::string type = oauth::parse_content_type(answer.header("Content-Type")).media_type;
  const auto message =
      type == "text/event-stream" ? read_events(answer.body, request) : read_message(answer.body, request);
  if (!message)
    return std::unexpected(fmt::format(R"(the answer holds no message with "jsonrpc": "2.0", "id": {} and a result)",
                                       std::to_underlying(request)));
  if (const json::value* const error = message->if_contains("error")) {
    const json::object* const object = error->if_object();
    const json::string* const text = object == nullptr ? nullptr : find_string(*object, "message");
    return std::unexpected(
        fmt::format("the answer is an error: {}", text == nullptr ? "without a message" : inspection::quote(*text)));
  }
  const json::object* const result = message->at("result").if_object();
  if (result == nullptr) return std::unexpected("the result is no JSON object");
  return *result;
}

std::string find_strange_release(const json::object& result) {
  const json::string* const release = find_string(result, "protocolVersion");
  if (release == nullptr) return "the result has no `protocolVersion`";
  if (std::ranges::find(kReleases, std::string_view(*release)) != kReleases.end()) return {};
  return fmt::format("asked for release {}, it settles on {}, which assistants that ask so do not speak", kRelease,
                     inspection::quote(*release));
}

std::string read_text(const json::object& result) {
  const json::value* const content = result.if_contains("content");
  const json::array* const list = content == nullptr ? nullptr : content->if_array();
  if (list == nullptr) return {};
  for (const json::value& element : *list) {
    const json::object* const part = element.if_object();
    const json::string* const text = part == nullptr ? nullptr : find_string(*part, "text");
    if (text != nullptr) return std::string(*text);
  }
  return {};
}

void keep_conversation(McpConversation& conversation, const net::FetchedDocument& answer, const json::object& result) {
  conversation.session = answer.header("MCP-Session-Id");
  const json::string* const release = find_string(result, "protocolVersion");
  conversation.release = release == nullptr ? kRelease : std::string_view(*release);
}

std::string find_safe_tool(const json::object& tools) {
  const json::array* const list = find_tools(tools);
  if (list == nullptr) return {};
  for (const json::value& element : *list) {
    const json::object* const tool = element.if_object();
    const json::string* const name = tool == nullptr ? nullptr : find_string(*tool, "name");
    if (name != nullptr && is_safe(*tool)) return std::string(*name);
  }
  return {};
}

std::size_t count_tools(const json::object& tools) {
  const json::array* const list = find_tools(tools);
  return list == nullptr ? 0 : list->size();
}

}  // namespace chatelaine::rehearsal
