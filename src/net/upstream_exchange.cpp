#include "net/upstream_exchange.hpp"

#include <algorithm>
#include <cstring>

#include "net/grammar.hpp"
#include "net/hop_by_hop.hpp"

namespace chatelaine::net {
namespace {

constexpr std::size_t kFirstBufferBytes = 16 * 1024;
constexpr std::size_t kMostHeadBytes = 64 * 1024;
constexpr unsigned kMostInterimAnswers = 16;
/// After so many pieces that did not have to wait others have their turn.
constexpr unsigned kPiecesAtATime = 16;
/// Up to here an answer that came whole with its head is passed on as a string.
constexpr std::uint64_t kSmallBody = 16 * 1024;

bool is_framing_or_host(std::string_view name) {
  return equals_ignoring_case(name, "Host") || equals_ignoring_case(name, "Content-Length") ||
         equals_ignoring_case(name, "Transfer-Encoding") || equals_ignoring_case(name, "Connection") ||
         equals_ignoring_case(name, "Expect");
}

void append_request_head(std::string& out, const UpstreamRequest& request, const UpstreamFacts& facts) {
  out.clear();
  out += request.method;
  out += ' ';
  // The URL's path stands before each target; its last slash would double the target's first.
  std::string_view prefix = facts.url.path;
  if (prefix.ends_with('/')) prefix.remove_suffix(1);
  out += prefix;
  out += request.target;
  out += " HTTP/1.1\r\n";
  append_header(out, "Host", facts.authority);
  for (const auto& [name, value] : request.headers) {
    if (!is_framing_or_host(name)) append_header(out, name, value);
  }
}

bool is_event_stream(const AnswerHead& head) {
  return std::ranges::any_of(head.headers, [](const HeaderView& header) {
    return equals_ignoring_case(header.name, "Content-Type") && header.value.size() >= 17 &&
           equals_ignoring_case(header.value.substr(0, 17), "text/event-stream");
  });
}

}  // namespace

UpstreamError UpstreamExchange::why(const IoOutcome& outcome) const {
  if (is_abandoned_) return UpstreamError::cancelled;
  if (request_body_error_) return *request_body_error_;
  return outcome.end == IoEnd::timed_out ? UpstreamError::timed_out : UpstreamError::broken_answer;
}

Task<std::expected<void, UpstreamError>> UpstreamExchange::begin(const UpstreamRequest& request,
                                                                 Loop::TimePoint deadline) {
  std::string& out = connection_->out;
  append_request_head(out, request, *facts_);
  const std::optional<std::uint64_t> length =
      request.body == nullptr ? std::optional<std::uint64_t>(0) : request.body->announced_length();
  // RFC 9110 §8.6: a length of 0 is said where the method expects a body.
  const bool says_nothing = length == std::uint64_t{0} && (request.method == "GET" || request.method == "HEAD");
  if (!length) {
    append_header(out, "Transfer-Encoding", "chunked");
  } else if (!says_nothing) {
    append_header(out, "Content-Length", std::to_string(*length));
  }
  out += "\r\n";
  // A small body goes out with its head, and needs no task of its own.
  const std::string_view ready = length && *length > 0 ? request.body->take_ready() : std::string_view{};
  Gather gather;
  gather.add(out);
  gather.add(ready);
  connection_->stream.expire_reads_at(deadline);
  connection_->stream.expire_writes_at(deadline);
  const IoOutcome sent = co_await connection_->stream.write_all(gather);
  connection_->stream.expire_writes_after(milliseconds{0});
  if (!sent.ok()) co_return std::unexpected(why(sent));
  request_is_sent_ = length == std::uint64_t{ready.size()};
  if (!request_is_sent_) {
    pump_runs_ = true;
    connection_->stream.loop().start(pump(*request.body, !length));
  }
  co_return std::expected<void, UpstreamError>();
}

Task<void> UpstreamExchange::pump(BodyReader& body, bool is_chunked) {
  const auto self = shared_from_this();
  for (unsigned count = 1; !is_abandoned_; ++count) {
    // While the client is slow the upstream cannot answer: its own time begins anew with each piece.
    if (!has_head_) connection_->stream.expire_reads_after(milliseconds{0});
    const auto piece = co_await body.read();
    if (is_abandoned_) break;
    if (!piece) {
      request_body_error_ = piece.error() == BodyError::timed_out ? UpstreamError::request_body_timed_out
                                                                  : UpstreamError::request_body_failed;
      connection_->stream.cancel();
      break;
    }
    // Where the upstream reads no further its answer may be there; whoever waits for that sees more than we do.
    const bool sent = co_await send_piece(*piece, is_chunked);
    if (!sent) break;
    if (piece->empty()) {
      request_is_sent_ = true;
      break;
    }
    if (count % kPiecesAtATime == 0) co_await let_others_run();
  }
  if (!is_abandoned_ && !has_head_) connection_->stream.expire_reads_after(facts_->timeout);
  pump_runs_ = false;
}

Task<bool> UpstreamExchange::send_piece(std::string_view piece, bool is_chunked) {
  std::string frame;
  Gather gather;
  if (is_chunked) append_chunk_size(frame, piece.size());
  gather.add(frame);
  gather.add(piece);
  if (is_chunked) gather.add("\r\n");
  if (gather.empty()) co_return true;
  connection_->stream.expire_writes_after(facts_->timeout);
  const IoOutcome sent = co_await connection_->stream.write_all(gather);
  if (!is_abandoned_) connection_->stream.expire_writes_after(milliseconds{0});
  co_return sent.ok();
}

Task<IoOutcome> UpstreamExchange::receive() {
  UpstreamConnection& c = *connection_;
  if (c.taken == c.filled) c.taken = c.filled = 0;
  if (c.filled == c.capacity) {
    const std::size_t wanted = std::max(kFirstBufferBytes, c.capacity * 2);
    auto larger = std::make_unique_for_overwrite<char[]>(wanted);
    if (c.filled > 0) std::memcpy(larger.get(), c.buffer.get(), c.filled);
    c.buffer = std::move(larger);
    c.capacity = wanted;
  }
  const IoOutcome received = co_await c.stream.read_some(c.buffer.get() + c.filled, c.capacity - c.filled);
  c.filled += received.bytes;
  has_received_ = has_received_ || received.bytes > 0;
  co_return received;
}

Task<std::expected<std::size_t, UpstreamError>> UpstreamExchange::receive_head_bytes() {
  HeadScanner scanner;
  while (true) {
    const auto size = scanner.scan(connection_->received());
    // Of the body too some bytes may be there already.
    const std::size_t head_bytes = size ? size->value_or(connection_->received().size()) : 0;
    if (!size || head_bytes > kMostHeadBytes) co_return std::unexpected(UpstreamError::broken_answer);
    if (*size) co_return **size;
    const IoOutcome received = co_await receive();
    if (!received.ok()) co_return std::unexpected(why(received));
  }
}

Task<std::expected<Framing, UpstreamError>> UpstreamExchange::receive_head(const UpstreamRequest& request) {
  for (unsigned interim = 0; interim <= kMostInterimAnswers; ++interim) {
    const auto size = co_await receive_head_bytes();
    if (!size) co_return std::unexpected(size.error());
    AnswerHead& head = connection_->head;
    if (!parse_answer_head(connection_->received().substr(0, *size), head)) break;
    connection_->taken += *size;
    // RFC 9110 §15.2.2: nobody asked to switch protocols.
    if (head.status == 101) break;
    if (head.status < 200) continue;
    const auto framing = check_answer(head, request.method);
    if (!framing) break;
    has_head_ = true;
    connection_->stream.expire_reads_after(milliseconds{0});
    co_return *framing;
  }
  co_return std::unexpected(UpstreamError::broken_answer);
}

Response UpstreamExchange::take_response(const Framing& framing) {
  framing_ = framing;
  left_ = framing.length;
  is_event_stream_ = is_event_stream(connection_->head);
  Response response;
  response.status = connection_->head.status;
  response.headers.reserve(connection_->head.headers.size());
  std::vector<HeaderView>& headers = connection_->head.headers;
  remove_hop_by_hop(headers);
  for (const auto& [name, value] : headers) {
    if (equals_ignoring_case(name, "Content-Length")) announced_length_ = framing.length;
    response.headers.push_back({std::string(name), std::string(value)});
  }
  return response;
}

bool UpstreamExchange::is_small_and_there() const {
  return framing_.body == BodyKind::length && framing_.length <= kSmallBody &&
         connection_->received().size() >= framing_.length;
}

std::string_view UpstreamExchange::take_ready() {
  if (is_complete_ || framing_.body != BodyKind::length) return {};
  const std::string_view received = connection_->received();
  const std::string_view piece =
      received.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, received.size())));
  connection_->taken += piece.size();
  left_ -= piece.size();
  return piece;
}

std::optional<std::expected<std::string_view, std::string>> UpstreamExchange::take_piece() {
  std::string_view received = connection_->received();
  switch (framing_.body) {
    case BodyKind::none:
      return std::string_view{};
    case BodyKind::length:
      if (left_ == 0) return std::string_view{};
      if (const std::string_view piece = take_ready(); !piece.empty()) return piece;
      return std::nullopt;
    case BodyKind::until_close:
      connection_->taken = connection_->filled;
      if (received.empty()) return std::nullopt;
      return received;
    case BodyKind::chunked:
      break;
  }
  const ChunkDecoder::Outcome outcome = chunks_.next(received);
  connection_->taken = connection_->filled - received.size();
  switch (outcome.step) {
    case ChunkDecoder::Step::piece:
      return outcome.piece;
    case ChunkDecoder::Step::needs_more:
      return std::nullopt;
    case ChunkDecoder::Step::end:
      return std::string_view{};
    case ChunkDecoder::Step::broken:
      break;
  }
  return std::unexpected("the upstream's chunks are broken");
}

Task<std::expected<std::string_view, std::string>> UpstreamExchange::read_body() {
  if (is_complete_) co_return std::string_view{};
  if (is_abandoned_) co_return std::unexpected("the client has gone");
  while (true) {
    if (auto piece = take_piece()) {
      if (*piece && (*piece)->empty()) complete();
      co_return *std::move(piece);
    }
    connection_->stream.expire_reads_after(is_event_stream_ ? milliseconds{0} : facts_->timeout);
    const IoOutcome received = co_await receive();
    // Until it is asked for the next piece the upstream is not the one who is slow.
    connection_->stream.expire_reads_after(milliseconds{0});
    if (received.ok()) continue;
    if (received.end == IoEnd::end && framing_.body == BodyKind::until_close) {
      complete();
      co_return std::string_view{};
    }
    co_return std::unexpected(received.end == IoEnd::timed_out ? "the upstream stalled in its answer"
                                                               : "the upstream broke off its answer");
  }
}

void UpstreamExchange::complete() {
  is_complete_ = true;
  // Bytes behind the answer belong to nobody (RFC 9112 §11.2): such a connection is not used again.
  const bool can_be_kept =
      framing_.keeps_alive && request_is_sent_ && !pump_runs_ && connection_->received().empty() && !is_abandoned_;
  if (can_be_kept) pool_of(connection_->stream.loop(), *facts_).give_back(std::move(connection_));
}

void UpstreamExchange::abandon() {
  is_abandoned_ = true;
  if (connection_) connection_->stream.cancel();
}

}  // namespace chatelaine::net
