#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/request.hpp"

namespace chatelaine::net {

/// Why a message is refused: the status for the client that sent it, and a sentence.
struct MessageFault {
  int status;
  std::string_view sentence;
};

enum class HttpVersion : std::uint8_t { http_1_0, http_1_1 };

/// The views point into the bytes that were parsed.
struct RequestHead {
  std::string_view method;
  std::string_view target;
  HttpVersion version = HttpVersion::http_1_1;
  std::vector<HeaderView> headers;
};

struct AnswerHead {
  int status = 0;
  HttpVersion version = HttpVersion::http_1_1;
  std::vector<HeaderView> headers;
};

/// Finds the blank line that ends a head, looking at each byte once however the bytes arrive.
class HeadScanner {
 public:
  /// The head's length with its blank line, or nothing while more is needed. `bytes` starts where it did last time and
  /// may have grown. A line that does not end in CRLF is a fault (RFC 9112 §2.2 lets a recipient take a bare LF; two
  /// readers that differ in that are how requests are smuggled).
  [[nodiscard]] std::expected<std::optional<std::size_t>, MessageFault> scan(std::string_view bytes);

 private:
  std::size_t line_start_ = 0;
  std::size_t searched_ = 0;
};

inline constexpr std::size_t kMostHeaders = 100;

/// Appends one line of a head that is being written.
inline void append_header(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  out += value;
  out += "\r\n";
}

/// `other` for a name that no route has. Names are compared with their case (RFC 9110 §9.1).
[[nodiscard]] Method to_method(std::string_view name);

/// Parses a whole head, blank line included, into `head`, whose memory is used again. Syntax alone: what the headers
/// mean for framing is net/message_check.hpp's.
[[nodiscard]] std::expected<void, MessageFault> parse_request_head(std::string_view bytes, RequestHead& head);
[[nodiscard]] std::expected<void, MessageFault> parse_answer_head(std::string_view bytes, AnswerHead& head);

}  // namespace chatelaine::net
