#include "net/message_check.hpp"

#include <charconv>

#include "net/grammar.hpp"

namespace chatelaine::net {
namespace {

std::unexpected<MessageFault> bad(std::string_view sentence) { return std::unexpected(MessageFault{400, sentence}); }

/// The headers that frame a message, each as often as it came.
struct FramingHeaders {
  unsigned hosts = 0;
  std::string_view host;
  unsigned content_lengths = 0;
  std::string_view content_length;
  unsigned transfer_encodings = 0;
  std::string_view transfer_encoding;
  unsigned expects = 0;
  std::string_view expect;
  bool says_close = false;
  std::size_t connection_elements = 0;
};

void note_connection(FramingHeaders& found, std::string_view list) {
  while (!list.empty()) {
    ++found.connection_elements;
    if (equals_ignoring_case(take_element(list), "close")) found.says_close = true;
  }
}

FramingHeaders collect(const std::vector<HeaderView>& headers) {
  FramingHeaders found;
  const auto note = [](unsigned& count, std::string_view& kept, std::string_view value) {
    ++count;
    kept = value;
  };
  for (const auto& [name, value] : headers) {
    if (equals_ignoring_case(name, "Host")) {
      note(found.hosts, found.host, value);
    } else if (equals_ignoring_case(name, "Content-Length")) {
      note(found.content_lengths, found.content_length, value);
    } else if (equals_ignoring_case(name, "Transfer-Encoding")) {
      note(found.transfer_encodings, found.transfer_encoding, value);
    } else if (equals_ignoring_case(name, "Expect")) {
      note(found.expects, found.expect, value);
    } else if (equals_ignoring_case(name, "Connection")) {
      note_connection(found, value);
    }
  }
  return found;
}

bool are_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// RFC 9110 §7.2: a host name or address and perhaps a port.
// DEVIATION RFC 3986 §3.2.2: sub-delims and percent-encoding, which no host name on the internet has, are refused.
bool is_host(std::string_view host) {
  constexpr std::string_view kName = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::size_t end = std::min(host.find(':'), host.size());
  if (host.starts_with('[')) {
    end = host.find(']');
    if (end == std::string_view::npos || end == 1) return false;
    if (host.substr(1, end - 1).find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos) return false;
    ++end;
  } else if (end == 0 || host.substr(0, end).find_first_not_of(kName) != std::string_view::npos) {
    return false;
  }
  return end == host.size() || (host[end] == ':' && host.size() - end <= 6 && are_digits(host.substr(end + 1)));
}

/// A body by Transfer-Encoding or Content-Length; `fallback` where neither is there.
std::expected<Framing, MessageFault> check_body(const FramingHeaders& found, HttpVersion version, BodyKind fallback) {
  Framing framing{.body = fallback};
  // Each of its elements is looked for among all the headers: who names more than there can be wants to keep us busy.
  if (found.connection_elements > kMostHeaders) return bad("Connection names too many headers.");
  if (found.transfer_encodings > 0) {
    // RFC 9112 §6.1: on HTTP/1.0 the framing is faulty; with Content-Length it is an attempt to smuggle.
    if (version == HttpVersion::http_1_0) return bad("Transfer-Encoding is not part of HTTP/1.0.");
    if (found.content_lengths > 0) return bad("Transfer-Encoding and Content-Length exclude each other.");
    // DEVIATION RFC 9112 §6.1: 400 rather than 501 for other codings, since most of them are attacks.
    if (found.transfer_encodings > 1 || !equals_ignoring_case(found.transfer_encoding, "chunked")) {
      return bad("Transfer-Encoding must be chunked, once, and nothing else.");
    }
    framing.body = BodyKind::chunked;
  } else if (found.content_lengths > 0) {
    // DEVIATION RFC 9112 §6.3: equal repeated lengths, which a recipient may take as one, are refused too.
    if (found.content_lengths > 1 || !are_digits(found.content_length))
      return bad("Content-Length must be one number.");
    const char* const end = found.content_length.data() + found.content_length.size();
    if (std::from_chars(found.content_length.data(), end, framing.length).ec != std::errc{}) {
      return bad("Content-Length is too large a number.");
    }
    framing.body = framing.length == 0 ? BodyKind::none : BodyKind::length;
  }
  return framing;
}

}  // namespace

std::expected<Framing, MessageFault> check_request(const RequestHead& head) {
  const FramingHeaders found = collect(head.headers);
  // RFC 9112 §3.2: HTTP/1.1 asks for exactly one Host; a bad one is refused in either version.
  if (found.hosts > 1) return bad("There is more than one Host.");
  if (found.hosts == 0 && head.version == HttpVersion::http_1_1) return bad("There is no Host.");
  if (found.hosts == 1 && !is_host(found.host)) return bad("Host is not a host name or address.");

  auto framing = check_body(found, head.version, BodyKind::none);
  if (!framing) return framing;
  framing->keeps_alive = head.version == HttpVersion::http_1_1 && !found.says_close;
  // RFC 9110 §10.1.1: 417 for what is not understood; HTTP/1.0 has no interim answers.
  if (found.expects > 0 && head.version == HttpVersion::http_1_1) {
    if (found.expects > 1 || !equals_ignoring_case(found.expect, "100-continue")) {
      return std::unexpected(MessageFault{417, "Only 100-continue can be expected."});
    }
    framing->expects_continue = framing->body != BodyKind::none;
  }
  return framing;
}

std::expected<Framing, MessageFault> check_answer(const AnswerHead& head, std::string_view method) {
  const FramingHeaders found = collect(head.headers);
  auto framing = check_body(found, head.version, BodyKind::until_close);
  if (!framing) return framing;
  // RFC 9112 §6.3: these end with their head, whatever the head says.
  const bool has_body = method != "HEAD" && head.status >= 200 && head.status != 204 && head.status != 304;
  if (!has_body) framing->body = BodyKind::none;
  framing->keeps_alive =
      head.version == HttpVersion::http_1_1 && !found.says_close && framing->body != BodyKind::until_close;
  return framing;
}

}  // namespace chatelaine::net
