#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "net/response.hpp"

/// JSON-RPC 2.0 as MCP uses it: one message a POST.
namespace chatelaine::gateway::mcp {

enum class ErrorCode : int {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  /// The three of MCP's own (release 2026-07-28, basic, error codes) that apply here, but for missing capabilities:
  /// none is asked of a client.
  header_mismatch = -32020,
  unsupported_protocol_version = -32022,
};

/// A string of at most 256 bytes, or an integer.
using MessageId = json::value;

/// Why a message is not done; `status` is the HTTP answer's.
struct MessageError {
  ErrorCode code;
  std::string message;
  int status = 400;
  json::value data = nullptr;
  /// Of the message, where it could be read although the message is none.
  std::optional<MessageId> id = {};
};

struct Message {
  /// Nothing: a notification.
  std::optional<MessageId> id;
  std::string method;
  json::object params;

  /// `params._meta`, or an empty object.
  [[nodiscard]] const json::object& meta() const;
};

/// What is neither a request nor a notification is refused: no batches (since release 2025-06-18), and responses answer
/// requests that are never sent. A progress token is like an id, or the message is refused.
[[nodiscard]] std::expected<Message, MessageError> read_message(std::string_view body);

/// `id` is nothing where the message has none that could be read; then the answer has none (MCP, schema).
[[nodiscard]] net::Response answer_error(const MessageError& error, const std::optional<MessageId>& id);
/// The text of a response's message.
[[nodiscard]] std::string write_result(const MessageId& id, json::object result);
[[nodiscard]] std::string write_notification(std::string_view method, json::object params);

}  // namespace chatelaine::gateway::mcp
