#include "net/answer_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "net/grammar.hpp"
#include "net/request.hpp"

namespace chatelaine::net {
namespace {

struct Reason {
  int status;
  std::string_view text;
};
constexpr std::array kReasons{Reason{200, "OK"},
                              Reason{201, "Created"},
                              Reason{202, "Accepted"},
                              Reason{204, "No Content"},
                              Reason{206, "Partial Content"},
                              Reason{301, "Moved Permanently"},
                              Reason{302, "Found"},
                              Reason{303, "See Other"},
                              Reason{304, "Not Modified"},
                              Reason{307, "Temporary Redirect"},
                              Reason{308, "Permanent Redirect"},
                              Reason{400, "Bad Request"},
                              Reason{401, "Unauthorized"},
                              Reason{403, "Forbidden"},
                              Reason{404, "Not Found"},
                              Reason{405, "Method Not Allowed"},
                              Reason{408, "Request Timeout"},
                              Reason{409, "Conflict"},
                              Reason{410, "Gone"},
                              Reason{413, "Content Too Large"},
                              Reason{415, "Unsupported Media Type"},
                              Reason{417, "Expectation Failed"},
                              Reason{422, "Unprocessable Content"},
                              Reason{429, "Too Many Requests"},
                              Reason{431, "Request Header Fields Too Large"},
                              Reason{500, "Internal Server Error"},
                              Reason{501, "Not Implemented"},
                              Reason{502, "Bad Gateway"},
                              Reason{503, "Service Unavailable"},
                              Reason{504, "Gateway Timeout"},
                              Reason{505, "HTTP Version Not Supported"}};

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> text{};
  out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr);
}

void append_status_line(std::string& out, int status) {
  if (status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
    return;
  }
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::uint64_t>(status));
  out += ' ';
  // RFC 9112 §4: the reason may be empty.
  if (const auto reason = std::ranges::find(kReasons, status, &Reason::status); reason != kReasons.end()) {
    out += reason->text;
  }
  out += "\r\n";
}

/// Headers that the server writes itself.
bool is_ours(std::string_view name) {
  constexpr std::array<std::string_view, 5> kOurs{"Connection", "Keep-Alive", "X-Request-Id", "Content-Length",
                                                  "Transfer-Encoding"};
  return std::ranges::any_of(kOurs, [&](std::string_view ours) { return equals_ignoring_case(name, ours); });
}

}  // namespace

AnswerFraming frame_answer(const Response& response, const Framing& request, HttpVersion version) {
  AnswerFraming framing{.keeps_alive = request.keeps_alive};
  if (response.status == 204 || response.status == 304) {
    framing.body = AnswerBody::none;
    return framing;
  }
  const std::optional<std::uint64_t> length =
      response.stream ? response.stream->length() : std::optional<std::uint64_t>(response.body.size());
  if (length) {
    framing.length = *length;
    return framing;
  }
  // RFC 9112 §6.1: chunked is not for HTTP/1.0, where only the connection's end ends the body.
  framing.body = version == HttpVersion::http_1_1 ? AnswerBody::chunked : AnswerBody::until_close;
  framing.keeps_alive = framing.keeps_alive && framing.body == AnswerBody::chunked;
  return framing;
}

bool are_headers_sendable(const Response& response) {
  return response.status >= 200 && response.status <= 599 &&
         std::ranges::all_of(response.headers, [](const Header& header) {
           return is_token(header.name) && is_field_value(header.value);
         });
}

void append_answer_head(std::string& out, const Response& response, const AnswerFraming& framing, std::string_view date,
                        std::string_view request_id) {
  append_status_line(out, response.status);
  bool has_date = false;
  for (const auto& [name, value] : response.headers) {
    if (is_ours(name)) continue;
    has_date = has_date || equals_ignoring_case(name, "Date");
    append_header(out, name, value);
  }
  // RFC 9110 §6.6.1: the origin's Date stays.
  if (!has_date) append_header(out, "Date", date);
  append_header(out, "X-Request-Id", request_id);
  switch (framing.body) {
    case AnswerBody::none:
    case AnswerBody::until_close:
      break;
    case AnswerBody::length:
      out += "Content-Length: ";
      append_number(out, framing.length);
      out += "\r\n";
      break;
    case AnswerBody::chunked:
      out += "Transfer-Encoding: chunked\r\n";
      break;
  }
  if (!framing.keeps_alive) out += "Connection: close\r\n";
  out += "\r\n";
}

std::string make_refusal(const MessageFault& fault, std::string_view date) {
  std::string out;
  append_status_line(out, fault.status);
  append_header(out, "Date", date);
  append_header(out, "Content-Type", "text/plain; charset=utf-8");
  append_header(out, "Content-Length", std::to_string(fault.sentence.size() + 1));
  append_header(out, "Connection", "close");
  out += "\r\n";
  out += fault.sentence;
  out += '\n';
  return out;
}

}  // namespace chatelaine::net
