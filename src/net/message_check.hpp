#pragma once

#include <cstdint>
#include <expected>

#include "net/message_head.hpp"

namespace chatelaine::net {

/// Where a message's body ends.
enum class BodyKind : std::uint8_t { none, length, chunked, until_close };

/// What its head says about a message's end and its connection's.
struct Framing {
  BodyKind body = BodyKind::none;
  /// For BodyKind::length.
  std::uint64_t length = 0;
  bool keeps_alive = true;
  /// `Expect: 100-continue`.
  bool expects_continue = false;
};

/// Whoever disagrees with its neighbour on where a message ends lets a second one be smuggled in (RFC 9112 §11.2). So
/// there is one way to frame a request here, and everything else is refused and the connection closed: no
/// Transfer-Encoding but `chunked`, and that on HTTP/1.1 alone; never together with Content-Length; one Content-Length
/// of digits; on HTTP/1.1 exactly one Host.
[[nodiscard]] std::expected<Framing, MessageFault> check_request(const RequestHead& head);

/// The same for an answer to a request of that method (RFC 9112 §6.3).
[[nodiscard]] std::expected<Framing, MessageFault> check_answer(const AnswerHead& head, std::string_view method);

}  // namespace chatelaine::net
