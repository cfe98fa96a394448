#include <gtest/gtest.h>

#include <vector>

#include "net/message_check.hpp"

namespace chatelaine::net {
namespace {

/// The status that a request gets, 200 for one that is taken, 0 for one that is not complete.
int judge(std::string_view bytes) {
  HeadScanner scanner;
  const auto size = scanner.scan(bytes);
  if (!size) return size.error().status;
  if (!*size) return 0;
  RequestHead head;
  if (const auto parsed = parse_request_head(bytes.substr(0, **size), head); !parsed) return parsed.error().status;
  const auto framing = check_request(head);
  return framing ? 200 : framing.error().status;
}

struct Row {
  std::string_view sentence;
  std::string bytes;
  int status = 400;
};

std::string with(std::string_view headers) {
  return "POST /a HTTP/1.1\r\nHost: a.example\r\n" + std::string(headers) + "\r\n";
}
std::string asking(std::string_view line) { return std::string(line) + "\r\nHost: a.example\r\n\r\n"; }
std::string host(std::string_view value) { return "GET / HTTP/1.1\r\nHost: " + std::string(value) + "\r\n\r\n"; }
std::string many_headers(int count) {
  std::string headers;
  for (int i = 0; i < count; ++i) headers += "A: b\r\n";
  return headers;
}
std::string many_elements(int count) {
  std::string elements;
  for (int i = 0; i < count; ++i) elements += ",a";
  return elements;
}

const std::vector<Row> kRows{
    {"a plain request", asking("GET / HTTP/1.1"), 200},
    {"a query", asking("GET /a?b=c&d HTTP/1.1"), 200},
    {"OPTIONS *", asking("OPTIONS * HTTP/1.1"), 200},
    {"an unknown method is the handler's affair", asking("PROPFIND / HTTP/1.1"), 200},
    {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", 200},
    {"Content-Length", with("Content-Length: 5\r\n"), 200},
    {"chunked", with("Transfer-Encoding: chunked\r\n"), 200},
    {"coding names ignore case", with("Transfer-Encoding: Chunked\r\n"), 200},
    {"expecting 100-continue", with("Expect: 100-continue\r\nContent-Length: 5\r\n"), 200},
    {"a value with a tab and bytes beyond ASCII", with("A: b\tc \xc3\xa9\r\n"), 200},
    {"an empty value", with("A:\r\n"), 200},
    {"as many headers as may be", with(many_headers(99)), 200},
    {"no end yet", "GET / HTTP/1.1\r\nHost: a\r\n", 0},
    {"RFC 9112 §3: no version", asking("GET /"), 400},
    {"RFC 9112 §3: no target", asking("GET HTTP/1.1")},
    {"RFC 9112 §3: an empty request line", "\r\nHost: a\r\n\r\n"},
    {"RFC 9112 §3: two blanks", asking("GET  / HTTP/1.1")},
    {"RFC 9112 §3: a blank in the target", asking("GET /a b HTTP/1.1")},
    {"RFC 9112 §3: a blank at the end", asking("GET / HTTP/1.1 ")},
    {"RFC 9112 §3: a tab between the parts", asking("GET\t/\tHTTP/1.1")},
    {"RFC 9112 §3: a blank in front", asking(" GET / HTTP/1.1")},
    {"RFC 9110 §9.1: a method that is no token", asking("G(T / HTTP/1.1")},
    {"RFC 9110 §9.1: a method without end", asking(std::string(33, 'A') + " / HTTP/1.1")},
    {"RFC 9112 §2.3: the version is case-sensitive", asking("GET / http/1.1")},
    {"RFC 9112 §2.3: no version number", asking("GET / HTTP/")},
    {"RFC 9112 §2.3: two digits", asking("GET / HTTP/1.10")},
    {"RFC 9112 §2.3: another protocol", asking("GET / RTSP/1.0")},
    {"RFC 9110 §15.6.6: HTTP/2.0 in text is 505", asking("GET / HTTP/2.0"), 505},
    {"RFC 9110 §15.6.6: HTTP/1.2 is 505", asking("GET / HTTP/1.2"), 505},
    {"RFC 9110 §15.6.6: HTTP/0.9 is 505", asking("GET / HTTP/0.9"), 505},
    {"RFC 9112 §3.2.2: the absolute form would make this an open proxy", asking("GET http://b.example/ HTTP/1.1")},
    {"RFC 9112 §3.2.3: CONNECT too", asking("CONNECT b.example:443 HTTP/1.1")},
    {"RFC 9110 §9.3.6: CONNECT with a path", asking("CONNECT / HTTP/1.1")},
    {"RFC 9110 §9.3.6: CONNECT in another case", asking("Connect / HTTP/1.1")},
    {"RFC 9112 §3.2: a relative target", asking("GET a HTTP/1.1")},
    {"RFC 9112 §3.2.4: * is for OPTIONS alone", asking("GET * HTTP/1.1")},
    {"RFC 9112 §3.2: a fragment is no part of a target", asking("GET /a#b HTTP/1.1")},
    {"RFC 3986 §2: bytes beyond ASCII in the target", asking("GET /\xc3\xa9 HTTP/1.1")},
    {"RFC 3986 §2: a control character in the target", asking("GET /\x01 HTTP/1.1")},
    {"RFC 3986 §2: DEL in the target", asking("GET /\x7f HTTP/1.1")},
    {"RFC 3986 §2: NUL in the target", asking(std::string("GET /\0 HTTP/1.1", 15))},
    {"RFC 9112 §2.2: bare line feeds", "GET / HTTP/1.1\nHost: a\n\n"},
    {"RFC 9112 §2.2: a bare line feed after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n"},
    {"RFC 9112 §2.2: a bare line feed at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n"},
    {"RFC 9112 §2.2: a bare line feed in a value", with("A: b\nC: d\r\n")},
    {"RFC 9112 §2.2: a bare carriage return in a value", with("A: b\rC: d\r\n")},
    {"RFC 9112 §2.2: a bare carriage return in the target", asking("GET /\rX HTTP/1.1")},
    {"RFC 9112 §2.2: two carriage returns", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n"},
    {"RFC 9110 §5.5: NUL in a value", with(std::string("A: b\0c\r\n", 8))},
    {"RFC 9110 §5.5: another control character in a value", with("A: \x1b[0m\r\n")},
    {"RFC 9110 §5.5: DEL in a value", with("A: \x7f\r\n")},
    {"RFC 9112 §5.1: a blank before the colon", with("A : b\r\n")},
    {"RFC 9112 §5.1: a tab before the colon", with("A\t: b\r\n")},
    {"RFC 9112 §5.2: a folded header", with("A: b\r\n c\r\n")},
    {"RFC 9112 §5.2: a folded header with a tab", with("A: b\r\n\tc\r\n")},
    {"RFC 9112 §5.2: folding Transfer-Encoding", with("Transfer-Encoding:\r\n chunked\r\n")},
    {"RFC 9112 §2.2: a blank before the first header", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
    {"RFC 9110 §5.1: no name", with(": b\r\n")},
    {"RFC 9110 §5.1: no colon", with("A\r\n")},
    {"RFC 9110 §5.1: a name that is no token", with("A(b): c\r\n")},
    {"RFC 9110 §5.1: NUL in a name", with(std::string("A\0: c\r\n", 7))},
    {"RFC 9110 §5.1: bytes beyond ASCII in a name", with("\xc3\xa9: c\r\n")},
    {"RFC 6585 §5: too many headers", with(many_headers(100)), 431},
    {"RFC 9110 §7.6.1: Connection may name some", with("Connection: close" + many_elements(99) + "\r\n"), 200},
    {"RFC 9110 §7.6.1: Connection that names more headers than there can be",
     with("Connection: close" + many_elements(100) + "\r\n")},
    {"RFC 9110 §7.6.1: in two headers",
     with("Connection: close" + many_elements(50) + "\r\nConnection: close" + many_elements(50) + "\r\n")},
    {"RFC 9112 §3.2: no Host", "GET / HTTP/1.1\r\n\r\n"},
    {"RFC 9112 §3.2: two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
    {"RFC 9112 §3.2: two equal Hosts", "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n"},
    {"RFC 9112 §3.2: two Hosts on HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"},
    {"RFC 9110 §7.2: a host with a port", host("a.example:8080"), 200},
    {"RFC 9110 §7.2: an IPv6 address", host("[::1]:8080"), 200},
    {"RFC 9110 §7.2: an empty Host", host("")},
    {"RFC 9110 §7.2: a port alone", host(":80")},
    {"RFC 9110 §7.2: a blank in Host", host("a b")},
    {"RFC 9110 §7.2: a path in Host", host("a/b")},
    {"RFC 9110 §7.2: userinfo in Host", host("a@b")},
    {"RFC 9110 §7.2: two names in Host", host("a, b")},
    {"RFC 9110 §7.2: a port that is no number", host("a:b")},
    {"RFC 9110 §7.2: a port without digits", host("a:")},
    {"RFC 9110 §7.2: a port too long", host("a:123456")},
    {"RFC 9110 §7.2: an open bracket", host("[::1")},
    {"RFC 9110 §7.2: empty brackets", host("[]")},
    {"RFC 9110 §7.2: text behind the bracket", host("[::1]a")},
    {"RFC 9110 §7.2: percent-encoding in Host", host("a%2eb")},
    {"RFC 9110 §7.2: bytes beyond ASCII in Host", host("\xc3\xa9")},
    {"RFC 9112 §6.1: both lengths", with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")},
    {"RFC 9112 §6.1: both lengths, the other way round", with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")},
    {"RFC 9112 §6.1: both, and the length is 0", with("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n")},
    {"RFC 9112 §6.1: Transfer-Encoding on HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {"RFC 9112 §6.1: xchunked", with("Transfer-Encoding: xchunked\r\n")},
    {"RFC 9112 §6.1: identity", with("Transfer-Encoding: identity\r\n")},
    {"RFC 9112 §6.1: gzip before chunked", with("Transfer-Encoding: gzip, chunked\r\n")},
    {"RFC 9112 §6.1: chunked before gzip", with("Transfer-Encoding: chunked, gzip\r\n")},
    {"RFC 9112 §6.1: chunked twice", with("Transfer-Encoding: chunked, chunked\r\n")},
    {"RFC 9112 §6.1: two headers", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")},
    {"RFC 9112 §6.1: an empty coding", with("Transfer-Encoding:\r\n")},
    {"RFC 9112 §6.1: a quoted coding", with("Transfer-Encoding: \"chunked\"\r\n")},
    {"RFC 9112 §6.1: a vertical tab", with("Transfer-Encoding: \x0b"
                                           "chunked\r\n")},
    {"RFC 9112 §6.1: a parameter", with("Transfer-Encoding: chunked;q=1\r\n")},
    {"RFC 9112 §6.1: an empty element", with("Transfer-Encoding: ,chunked\r\n")},
    {"RFC 9112 §6.3: two lengths", with("Content-Length: 5\r\nContent-Length: 6\r\n")},
    {"RFC 9112 §6.3: two equal lengths", with("Content-Length: 5\r\nContent-Length: 5\r\n")},
    {"RFC 9112 §6.3: a list of lengths", with("Content-Length: 5, 5\r\n")},
    {"RFC 9110 §8.6: an empty length", with("Content-Length:\r\n")},
    {"RFC 9110 §8.6: a sign", with("Content-Length: +5\r\n")},
    {"RFC 9110 §8.6: a negative length", with("Content-Length: -5\r\n")},
    {"RFC 9110 §8.6: hexadecimal", with("Content-Length: 0x5\r\n")},
    {"RFC 9110 §8.6: a fraction", with("Content-Length: 5.0\r\n")},
    {"RFC 9110 §8.6: a blank inside", with("Content-Length: 5 5\r\n")},
    {"RFC 9110 §8.6: a length beyond 64 bits", with("Content-Length: 18446744073709551616\r\n")},
    {"RFC 9110 §10.1.1: another expectation is 417", with("Expect: a-miracle\r\nContent-Length: 1\r\n"), 417},
    {"RFC 9110 §10.1.1: two expectations", with("Expect: 100-continue\r\nExpect: 100-continue\r\n"), 417},
};

TEST(MalformedMessage, each_gets_its_status) {
  for (const Row& row : kRows) EXPECT_EQ(judge(row.bytes), row.status) << row.sentence;
}

TEST(MalformedMessage, however_the_bytes_arrive) {
  for (const Row& row : kRows) {
    HeadScanner scanner;
    int status = 0;
    for (std::size_t size = 1; size <= row.bytes.size() && status == 0; ++size) {
      const auto scanned = scanner.scan(std::string_view(row.bytes).substr(0, size));
      if (!scanned) status = scanned.error().status;
      if (scanned && *scanned) status = judge(row.bytes);
    }
    EXPECT_EQ(status, row.status) << row.sentence;
  }
}

struct AnswerRow {
  std::string_view sentence;
  std::string_view bytes;
  std::string_view method;
  std::optional<BodyKind> body;
};

TEST(MalformedMessage, rfc_9112_section_6_3_answers_of_an_upstream) {
  const std::vector<AnswerRow> rows{
      {"a length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "GET", BodyKind::length},
      {"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "GET", BodyKind::chunked},
      {"neither", "HTTP/1.1 200 OK\r\n\r\n", "GET", BodyKind::until_close},
      {"no reason", "HTTP/1.1 200\r\n\r\n", "GET", BodyKind::until_close},
      {"an empty reason", "HTTP/1.1 200 \r\n\r\n", "GET", BodyKind::until_close},
      {"HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HEAD", BodyKind::none},
      {"204", "HTTP/1.1 204 No Content\r\n\r\n", "GET", BodyKind::none},
      {"304", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "GET", BodyKind::none},
      {"100", "HTTP/1.1 100 Continue\r\n\r\n", "GET", BodyKind::none},
      {"both lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "GET", {}},
      {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", "GET", {}},
      {"chunked on 1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "GET", {}},
      {"an unknown coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "GET", {}},
      {"a status of letters", "HTTP/1.1 abc OK\r\n\r\n", "GET", {}},
      {"a status of two digits", "HTTP/1.1 20 OK\r\n\r\n", "GET", {}},
      {"a status out of range", "HTTP/1.1 600 OK\r\n\r\n", "GET", {}},
      {"a status below the range", "HTTP/1.1 099 OK\r\n\r\n", "GET", {}},
      {"no HTTP", "SSH-2.0-x\r\n\r\n", "GET", {}},
      {"HTTP/2", "HTTP/2.0 200 OK\r\n\r\n", "GET", {}},
      {"a control character in a value", "HTTP/1.1 200 OK\r\nA: \x01\r\n\r\n", "GET", {}},
      {"a control character in the reason", "HTTP/1.1 200 \x01\r\n\r\n", "GET", {}},
      {"a folded header", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "GET", {}},
      {"a bare line feed", "HTTP/1.1 200 OK\nA: b\r\n\r\n", "GET", {}},
  };
  for (const AnswerRow& row : rows) {
    std::optional<BodyKind> body;
    HeadScanner scanner;
    AnswerHead head;
    if (const auto size = scanner.scan(row.bytes); size && *size && parse_answer_head(row.bytes, head)) {
      if (const auto framing = check_answer(head, row.method)) body = framing->body;
    }
    EXPECT_EQ(body, row.body) << row.sentence;
  }
}

}  // namespace
}  // namespace chatelaine::net
