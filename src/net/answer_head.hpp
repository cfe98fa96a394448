#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/message_check.hpp"
#include "net/response.hpp"

namespace chatelaine::net {

/// How an answer's end is told.
enum class AnswerBody : std::uint8_t {
  /// 204 and 304: neither a body nor a length (RFC 9110 §8.6).
  none,
  length,
  chunked,
  until_close
};

struct AnswerFraming {
  AnswerBody body = AnswerBody::length;
  std::uint64_t length = 0;
  bool keeps_alive = true;
};

/// How an answer to that request is framed.
[[nodiscard]] AnswerFraming frame_answer(const Response& response, const Framing& request, HttpVersion version);

/// Whether every header can be sent as it is: a name that is a token, a value without control characters.
[[nodiscard]] bool are_headers_sendable(const Response& response);

/// Appends status line and headers, blank line included. Framing headers of the handler are left out, since the server
/// alone knows; so is `X-Request-Id`.
void append_answer_head(std::string& out, const Response& response, const AnswerFraming& framing, std::string_view date,
                        std::string_view request_id);

/// A complete small answer to a request that could not even be read; the connection closes after it.
[[nodiscard]] std::string make_refusal(const MessageFault& fault, std::string_view date);

}  // namespace chatelaine::net
