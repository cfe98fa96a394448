#include <optional>
#include <string>

#include "net/chunk.hpp"
#include "net/grammar.hpp"
#include "net/hop_by_hop.hpp"
#include "net/message_check.hpp"
#include "net/path.hpp"
#include "targets.hpp"

namespace chatelaine::fuzz {
namespace {

using namespace net;

std::optional<std::size_t> find_head(std::string_view bytes, std::size_t step) {
  HeadScanner scanner;
  for (std::size_t size = 0; size < bytes.size();) {
    size = std::min(size + step, bytes.size());
    const auto found = scanner.scan(bytes.substr(0, size));
    if (!found) return std::nullopt;
    if (*found) return **found;
  }
  return std::nullopt;
}

void check_headers(const std::vector<HeaderView>& headers, std::string_view head) {
  require(headers.size() <= kMostHeaders);
  for (const auto& [name, value] : headers) {
    require(is_within(name, head) && is_within(value, head));
    require(is_token(name) && value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
  }
}

/// The decoded body, or nothing where it is broken or unfinished.
std::optional<std::string> decode(std::string_view coded, std::size_t step) {
  ChunkDecoder decoder;
  std::string body;
  for (std::size_t at = 0; at < coded.size(); at += step) {
    std::string_view input = coded.substr(at, step);
    while (true) {
      const auto [outcome, piece] = decoder.next(input);
      if (outcome == ChunkDecoder::Step::end) return body;
      if (outcome == ChunkDecoder::Step::broken) return std::nullopt;
      if (outcome == ChunkDecoder::Step::needs_more) break;
      require(is_within(piece, coded) && !piece.empty());
      body += piece;
    }
  }
  return std::nullopt;
}

void check_framing(const Framing& framing, const std::vector<HeaderView>& headers, std::string_view rest) {
  Request request;
  request.headers = headers;
  const bool has_length = request.header("Content-Length").has_value();
  const bool has_coding = request.header("Transfer-Encoding").has_value();
  require(!(has_length && has_coding) && !request.has_repeated_header("Content-Length"));
  if (framing.body == BodyKind::chunked) {
    require(equals_ignoring_case(*request.header("Transfer-Encoding"), "chunked"));
    require(decode(rest, 1) == decode(rest, rest.size() + 1));
  }
}

void check_as_request(std::string_view head_bytes, std::string_view rest) {
  RequestHead head;
  if (!parse_request_head(head_bytes, head)) return;
  require(is_token(head.method) && is_target_text(head.target) && is_within(head.target, head_bytes));
  require(head.target.starts_with('/') || (head.target == "*" && head.method == "OPTIONS"));
  check_headers(head.headers, head_bytes);
  static_cast<void>(is_path_ambiguous(head.target.substr(0, head.target.find('?'))));
  const auto framing = check_request(head);
  if (!framing) return;
  require(framing->body != BodyKind::until_close);
  check_framing(*framing, head.headers, rest);
  std::vector<HeaderView> forwarded = head.headers;
  remove_hop_by_hop(forwarded);
  for (const HeaderView& header : forwarded) require(!is_hop_by_hop(header.name));
}

void check_as_answer(std::string_view head_bytes, std::string_view rest) {
  AnswerHead head;
  if (!parse_answer_head(head_bytes, head)) return;
  require(head.status >= 100 && head.status <= 599);
  check_headers(head.headers, head_bytes);
  for (const std::string_view method : {"GET", "HEAD"}) {
    if (const auto framing = check_answer(head, method)) check_framing(*framing, head.headers, rest);
  }
}

}  // namespace

/// A message, as a request and as an answer, with its body: what was parsed is part of the input, holds no control
/// characters, is framed in one way, and is judged alike however the bytes arrive.
void check_http_request(std::string_view bytes) {
  const auto size = find_head(bytes, bytes.size() + 1);
  require(size == find_head(bytes, 1));
  static_cast<void>(decode(bytes, bytes.size() + 1));
  if (!size) return;
  check_as_request(bytes.substr(0, *size), bytes.substr(*size));
  check_as_answer(bytes.substr(0, *size), bytes.substr(*size));
}

}  // namespace chatelaine::fuzz
