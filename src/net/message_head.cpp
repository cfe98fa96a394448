#include "net/message_head.hpp"

#include "net/grammar.hpp"

namespace chatelaine::net {
namespace {

constexpr std::size_t kLongestMethod = 32;

std::unexpected<MessageFault> bad(std::string_view sentence) { return std::unexpected(MessageFault{400, sentence}); }

/// Takes a line off the front; HeadScanner has seen that each ends in CRLF.
std::string_view take_line(std::string_view& bytes) {
  const std::size_t end = bytes.find('\n');
  const std::string_view line = bytes.substr(0, end - 1);
  bytes.remove_prefix(end + 1);
  return line;
}

std::expected<HttpVersion, MessageFault> parse_version(std::string_view text) {
  if (text == "HTTP/1.1") return HttpVersion::http_1_1;
  if (text == "HTTP/1.0") return HttpVersion::http_1_0;
  if (text.size() == 8 && text.starts_with("HTTP/") && is_digit(text[5]) && text[6] == '.' && is_digit(text[7])) {
    return std::unexpected(MessageFault{505, "Only HTTP/1.0 and HTTP/1.1 are spoken here."});
  }
  return bad("The first line does not end in an HTTP version.");
}

std::expected<void, MessageFault> parse_headers(std::string_view bytes, std::vector<HeaderView>& headers) {
  headers.clear();
  while (true) {
    const std::string_view line = take_line(bytes);
    if (line.empty()) return {};
    if (headers.size() == kMostHeaders) return std::unexpected(MessageFault{431, "There are too many headers."});
    // RFC 9112 §5.2: a folded line is refused. RFC 9112 §5.1: so is white space before the colon.
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return bad("A header has no proper name.");
    const std::string_view value = trim_blanks(line.substr(colon + 1));
    if (!is_field_value(value)) return bad("A header has a control character in its value.");
    headers.push_back({line.substr(0, colon), value});
  }
}

// RFC 9112 §3.2: the origin form alone; `*` is for OPTIONS.
// DEVIATION RFC 9112 §3.2.2: the absolute form is refused, so that nothing behind us can be asked for another host.
bool is_request_target(std::string_view method, std::string_view target) {
  if (target == "*") return method == "OPTIONS";
  // RFC 9110 §9.3.6: CONNECT asks for a tunnel, whatever its target looks like; nothing behind us may be asked for one.
  if (equals_ignoring_case(method, "CONNECT")) return false;
  return target.starts_with('/') && is_target_text(target);
}

}  // namespace

std::expected<std::optional<std::size_t>, MessageFault> HeadScanner::scan(std::string_view bytes) {
  while (true) {
    const std::size_t newline = bytes.find('\n', searched_);
    if (newline == std::string_view::npos) {
      searched_ = bytes.size();
      return std::nullopt;
    }
    if (newline == line_start_ || bytes[newline - 1] != '\r') return bad("A line ends without a carriage return.");
    const bool is_blank = newline == line_start_ + 1;
    searched_ = line_start_ = newline + 1;
    if (is_blank) return searched_;
  }
}

Method to_method(std::string_view name) {
  if (name == "GET") return Method::get;
  if (name == "POST") return Method::post;
  if (name == "HEAD") return Method::head;
  if (name == "PUT") return Method::put;
  if (name == "PATCH") return Method::patch;
  if (name == "DELETE") return Method::delete_;
  if (name == "OPTIONS") return Method::options;
  return Method::other;
}

std::expected<void, MessageFault> parse_request_head(std::string_view bytes, RequestHead& head) {
  const std::string_view line = take_line(bytes);
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return bad("The first line is no request line.");
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  if (!is_token(head.method) || head.method.size() > kLongestMethod) return bad("The method is not a token.");
  const auto version = parse_version(line.substr(last + 1));
  if (!version) return std::unexpected(version.error());
  head.version = *version;
  if (!is_request_target(head.method, head.target)) return bad("The request target is not a path.");
  return parse_headers(bytes, head.headers);
}

std::expected<void, MessageFault> parse_answer_head(std::string_view bytes, AnswerHead& head) {
  const std::string_view line = take_line(bytes);
  // RFC 9112 §4: version, three digits, and a reason that may be empty (some leave out its blank too).
  const auto version = parse_version(line.substr(0, 8));
  if (!version) return std::unexpected(version.error());
  head.version = *version;
  if (line.size() < 12 || line[8] != ' ' || (line.size() > 12 && line[12] != ' ')) return bad("No status line.");
  if (!is_digit(line[9]) || !is_digit(line[10]) || !is_digit(line[11])) return bad("The status is not a number.");
  head.status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  if (head.status < 100 || head.status > 599) return bad("The status is out of range.");
  if (!is_field_value(line.substr(12))) return bad("The reason has a control character.");
  return parse_headers(bytes, head.headers);
}

}  // namespace chatelaine::net
