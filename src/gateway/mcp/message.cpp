#include "gateway/mcp/message.hpp"

#include <fmt/format.h>

namespace chatelaine::gateway::mcp {
namespace {

/// What a client calls something by comes back in each message about it.
constexpr std::size_t kLongestId = 256;

bool is_id(const json::value& value) {
  if (const json::string* text = value.if_string()) return text->size() <= kLongestId;
  return value.is_int64() || value.is_uint64();
}

std::unexpected<MessageError> refuse(std::string sentence, const std::optional<MessageId>& id = std::nullopt) {
  return std::unexpected(MessageError{ErrorCode::invalid_request, std::move(sentence), 400, nullptr, id});
}

std::optional<MessageId> find_id(const json::object* object) {
  const json::value* id = object == nullptr ? nullptr : object->if_contains("id");
  return id != nullptr && is_id(*id) ? std::optional<MessageId>(*id) : std::nullopt;
}

}  // namespace

const json::object& Message::meta() const {
  static const json::object kNone;
  const json::value* member = params.if_contains("_meta");
  return member != nullptr && member->is_object() ? member->get_object() : kNone;
}

std::expected<Message, MessageError> read_message(std::string_view body) {
  auto parsed = parse_json(body);
  if (!parsed) {
    const JsonError& error = parsed.error();
    return std::unexpected(MessageError{ErrorCode::parse_error, "The body is no JSON: " + error.message + '.'});
  }
  if (parsed->is_array()) return refuse("A body is one message: batches went with release 2025-06-18.");
  json::object* object = parsed->if_object();
  const auto id = find_id(object);
  const json::string* version = object == nullptr ? nullptr : find_string(*object, "jsonrpc");
  if (version == nullptr || *version != "2.0") return refuse("The body is no message of JSON-RPC 2.0.", id);
  const json::string* method = find_string(*object, "method");
  if (method == nullptr)
    return refuse("The message has no method: this server asks nothing that could be answered.", id);
  if (!id && object->contains("id"))
    return refuse(fmt::format("The id is neither a whole number nor a string of at most {} bytes.", kLongestId));
  Message message{.id = id, .method = std::string(*method), .params = {}};
  if (json::value* params = object->if_contains("params")) {
    if (!params->is_object()) return refuse("The params are no object.", id);
    message.params = std::move(params->get_object());
  }
  const json::value* token = message.meta().if_contains("progressToken");
  if (token != nullptr && !is_id(*token))
    return refuse(
        fmt::format("The progressToken is neither a whole number nor a string of at most {} bytes.", kLongestId), id);
  return message;
}

net::Response answer_error(const MessageError& error, const std::optional<MessageId>& id) {
  json::object body{{"code", static_cast<int>(error.code)}, {"message", error.message}};
  if (!error.data.is_null()) body["data"] = error.data;
  json::object response{{"jsonrpc", "2.0"}};
  if (id) response["id"] = *id;
  response["error"] = std::move(body);
  net::Response answer = net::make_json_response(error.status, json::serialize(response));
  answer.trouble = error.message;
  return answer;
}

std::string write_result(const MessageId& id, json::object result) {
  return json::serialize(json::object{{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}});
}

std::string write_notification(std::string_view method, json::object params) {
  json::object message{{"jsonrpc", "2.0"}, {"method", method}};
  if (!params.empty()) message["params"] = std::move(params);
  return json::serialize(message);
}

}  // namespace chatelaine::gateway::mcp
