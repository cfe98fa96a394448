#include "net/connection.hpp"

#include <algorithm>
#include <cstring>

#include "base/unavailable.hpp"
#include "net/chunk.hpp"
#include "net/grammar.hpp"

namespace chatelaine::net {
namespace {

constexpr std::size_t kFirstBufferBytes = 4 * 1024;
/// Up to here a body is copied behind its head rather than gathered.
constexpr std::size_t kSmallBody = 4 * 1024;
/// So much of a large body has the time that a piece of a stream has.
constexpr std::size_t kSliceBytes = 64 * 1024;
/// After so many pieces that did not have to wait others have their turn.
constexpr unsigned kPiecesAtATime = 16;
constexpr milliseconds kLingerTime{2'000};
constexpr std::size_t kMostLingerBytes = 16 * 1024 * 1024;

}  // namespace

Connection::Connection(ServerFacts& facts, Loop& loop, Socket socket, TlsSession tls)
    : facts_(facts),
      loop_(loop),
      stream_(loop, std::move(socket)),
      uses_tls_(tls != nullptr),
      body_(stream_, {.idle = facts.limits.body_idle_timeout,
                      .grace = facts.limits.body_grace,
                      .bytes_a_second = facts.limits.body_bytes_a_second}),
      client_(stream_, body_) {
  if (tls) stream_.use_tls(std::move(tls));
  boost::system::error_code error;
  peer_ = unmap(stream_.socket().remote_endpoint(error).address());
  peer_text_ = peer_.to_string();
  is_peer_trusted_ =
      std::ranges::any_of(facts.trusted_proxies, [&](const auto& block) { return block.contains(peer_); });
}

Connection::~Connection() { facts_.connections.fetch_sub(1, std::memory_order_relaxed); }

Task<void> Connection::serve() {
  if (uses_tls_) {
    stream_.expire_reads_after(facts_.limits.header_timeout);
    const IoOutcome shaken = co_await stream_.handshake();
    if (!shaken.ok()) co_return;
  }
  co_await serve_requests();
}

Task<void> Connection::serve_requests() {
  while (true) {
    // A new connection has to say something soon; a kept one may rest for longer.
    stream_.expire_reads_after(has_served_ ? facts_.limits.keep_alive_timeout : facts_.limits.header_timeout);
    const std::optional<std::size_t> head_size = co_await receive_head();
    if (!head_size) co_return;
    const After after = co_await answer(*head_size);
    has_served_ = true;
    if (after == After::linger) co_await linger();
    if (after == After::next_request) continue;
    if (after == After::close) stream_.shutdown_send();
    co_return;
  }
}

bool Connection::make_room() {
  if (filled_ < capacity_) return true;
  if (capacity_ >= facts_.limits.header_bytes) return false;
  const std::size_t wanted = std::min(std::max(kFirstBufferBytes, capacity_ * 2), facts_.limits.header_bytes);
  auto larger = std::make_unique_for_overwrite<char[]>(wanted);
  if (filled_ > 0) std::memcpy(larger.get(), buffer_.get(), filled_);
  buffer_ = std::move(larger);
  capacity_ = wanted;
  return true;
}

Task<std::optional<std::size_t>> Connection::receive_head() {
  scanner_ = {};
  bool has_begun = false;
  bool has_skipped_line = false;
  while (true) {
    // RFC 9112 §2.2: an empty line before the request line is passed over; one, however the bytes arrive.
    if (!has_skipped_line && filled_ >= 2 && buffer_[0] == '\r' && buffer_[1] == '\n') {
      has_skipped_line = true;
      filled_ -= 2;
      std::memmove(buffer_.get(), buffer_.get() + 2, filled_);
      scanner_ = {};
    }
    if (filled_ > 0) {
      const auto scanned = scanner_.scan({buffer_.get(), filled_});
      const bool cannot_be_http = buffer_[0] != '\r' && !is_token({buffer_.get(), 1});
      if (!scanned || cannot_be_http) {
        const MessageFault fault = scanned ? MessageFault{400, "This is not HTTP."} : scanned.error();
        co_await refuse(fault);
        co_return std::nullopt;
      }
      if (*scanned) co_return **scanned;
      // From the first byte on the whole head has its time, however it trickles.
      if (!has_begun) stream_.expire_reads_after(facts_.limits.header_timeout);
      has_begun = true;
    }
    if (!make_room()) {
      const MessageFault fault{431, "The request's header is too large."};
      co_await refuse(fault);
      co_return std::nullopt;
    }
    stream_.set_idle(filled_ == 0);
    // A connection that was taken out of the queue while stopping may have its request with it.
    if (filled_ == 0 && has_served_ && loop_.is_draining()) co_return std::nullopt;
    const IoOutcome received = co_await stream_.read_some(buffer_.get() + filled_, capacity_ - filled_);
    stream_.set_idle(false);
    filled_ += received.bytes;
    if (received.ok()) {
      // What came in the moment before the loop began to drain, or the time was over, is still answered.
      if (!loop_.is_abandoned()) stream_.revive();
      continue;
    }
    if (received.end == IoEnd::timed_out && filled_ > 0) {
      const MessageFault fault{408, "The request took too long to arrive."};
      co_await refuse(fault);
    }
    co_return std::nullopt;
  }
}

Task<void> Connection::refuse(MessageFault fault) {
  stream_.expire_reads_after(milliseconds{0});
  stream_.revive();
  out_ = make_refusal(fault, loop_.date());
  Gather refusal;
  refusal.add(out_);
  stream_.expire_writes_after(facts_.limits.body_idle_timeout);
  const IoOutcome sent = co_await stream_.write_all(refusal);
  if (sent.ok()) co_await linger();
}

void Connection::name_request() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::uint64_t number = loop_.next_request_number();
  for (char& c : id_) {
    c = kDigits[number & 15];
    number >>= 4;
  }
}

void Connection::begin_request(std::size_t head_size) {
  name_request();
  request_ = {};
  request_.method = to_method(head_.method);
  request_.method_name = head_.method;
  request_.target = head_.target;
  const std::size_t question = std::min(head_.target.find('?'), head_.target.size());
  request_.path = head_.target.substr(0, question);
  request_.query = head_.target.substr(std::min(question + 1, head_.target.size()));
  request_.headers = head_.headers;
  request_.id = {id_.data(), id_.size()};
  request_.remote_address = peer_text_;
  request_.peer_address = peer_text_;
  request_.is_from_trusted_proxy = is_peer_trusted_;
  request_.body = &body_;
  request_.notes = &(notes_ = {});
  request_.cancellation = &client_.cancellation();
  body_.begin(framing_, {buffer_.get() + head_size, filled_ - head_size});
  if (!is_peer_trusted_) return;
  // RFC 9110 §5.3: repeated headers are one list.
  std::string forwarded;
  for (const auto& [name, value] : head_.headers) {
    if (equals_ignoring_case(name, "X-Forwarded-For")) (forwarded += forwarded.empty() ? "" : ",") += value;
  }
  forwarded_address_ = find_client_address(peer_, forwarded, facts_.trusted_proxies);
  request_.remote_address = forwarded_address_;
}

Task<Connection::After> Connection::answer(std::size_t head_size) {
  stream_.expire_reads_after(milliseconds{0});
  const auto parsed = parse_request_head({buffer_.get(), head_size}, head_);
  auto framing = parsed ? check_request(head_) : std::unexpected(parsed.error());
  if (!framing) {
    co_await refuse(framing.error());
    co_return After::close;
  }
  framing_ = *framing;
  begin_request(head_size);
  Response response = co_await ask_handler();
  if (notes_.outcome != FlightOutcome::untold)
    facts_.log.record({std::string(request_.id), response.status, std::move(notes_)});
  // What came in together is answered together: waking a client for each answer costs more than many an answer.
  if (!response.stream) co_await let_others_run();
  const After after = co_await send(response);
  // The source goes first: a task that pumps the body for it must see that nobody wants more.
  response.stream.reset();
  co_await wait_for_body_readers();
  if (after == After::linger) stream_.revive();
  if (after == After::next_request) keep_rest();
  co_return after;
}

Task<Response> Connection::ask_handler() {
  std::exception_ptr fault;
  try {
    co_return co_await facts_.handler(request_);
  } catch (...) {
    fault = std::current_exception();
  }
  co_return answer_fault(std::move(fault));
}

void Connection::log_fault(std::string_view fault) {
  notes_.tell(FlightOutcome::failed, "This server failed: " + std::string(fault) + ".");
  facts_.log.error("a request failed", {{"request", std::string(request_.id)},
                                        {"method", std::string(request_.method_name)},
                                        {"path", std::string(request_.path)},
                                        {"fault", std::string(fault)}});
}

Response Connection::answer_fault(std::exception_ptr fault) {
  constexpr std::string_view kText = "text/plain; charset=utf-8";
  try {
    std::rethrow_exception(std::move(fault));
  } catch (const Unavailable& busy) {
    notes_.tell(FlightOutcome::failed, std::string("This server could not do it at this moment: ") + busy.what());
    facts_.log.warning("a request was turned away", {{"request", std::string(request_.id)}, {"fault", busy.what()}});
    Response response = make_response(503, kText, "The server is busy. Try again in a moment.\n");
    response.add_header("Retry-After", "1");
    return response;
  } catch (const std::exception& error) {
    log_fault(error.what());
  } catch (...) {
    log_fault("something that is no std::exception was thrown");
  }
  return make_response(500, kText, "Something went wrong here. The server's log knows more, by the request's id.\n");
}

Task<Connection::After> Connection::send(Response& response) {
  if (!are_headers_sendable(response)) {
    facts_.log.error("an answer had a status or header that cannot be sent", {{"request", std::string(request_.id)}});
    response = make_response(500, "text/plain; charset=utf-8", "The answer could not be sent.\n");
  }
  const bool has_read_body = body_.finish_before_answer();
  framing_.keeps_alive = framing_.keeps_alive && has_read_body && !loop_.is_draining();
  const AnswerFraming framing = frame_answer(response, framing_, head_.version);

  out_.clear();
  append_answer_head(out_, response, framing, loop_.date(), request_.id);
  stream_.expire_writes_after(facts_.limits.body_idle_timeout);
  IoOutcome sent;
  if (request_.method == Method::head || framing.body == AnswerBody::none) {
    Gather head;
    head.add(out_);
    sent = co_await stream_.write_all(head);
  } else if (response.stream) {
    sent = co_await send_stream(*response.stream, framing);
  } else {
    sent = co_await send_whole(response);
  }
  stream_.expire_writes_after(milliseconds{0});
  if (!sent.ok()) {
    stream_.reset_on_close();
    stream_.cancel();
    co_return After::abort;
  }
  if (framing.keeps_alive) co_return After::next_request;
  // RFC 9112 §9.6: closing over what the client still sends would take the answer away from it.
  co_return has_read_body ? After::close : After::linger;
}

Task<IoOutcome> Connection::send_whole(const Response& response) {
  const bool is_small = response.body.size() <= kSmallBody;
  if (is_small) out_ += response.body;
  Gather first;
  first.add(out_);
  std::string_view rest = is_small ? std::string_view() : std::string_view(response.body);
  first.add(rest.substr(0, kSliceBytes));
  rest.remove_prefix(std::min(kSliceBytes, rest.size()));
  IoOutcome sent = co_await stream_.write_all(first);
  // Who reads slowly, but reads, gets the rest: each slice has its own time.
  while (sent.ok() && !rest.empty()) {
    Gather slice;
    slice.add(rest.substr(0, kSliceBytes));
    rest.remove_prefix(std::min(kSliceBytes, rest.size()));
    stream_.expire_writes_after(facts_.limits.body_idle_timeout);
    sent = co_await stream_.write_all(slice);
  }
  co_return sent;
}

Task<IoOutcome> Connection::send_stream(BodySource& source, AnswerFraming framing) {
  const ClientWatch::Sending sending(client_, source);
  std::string_view piece = source.take_ready();
  std::string frame = std::move(out_);
  std::uint64_t total = 0;
  IoOutcome sent;
  for (unsigned count = 0;; ++count) {
    const bool is_over = count > 0 && piece.empty();
    total += piece.size();
    // An answer that is longer or shorter than announced would be taken for the start of another.
    if (framing.body == AnswerBody::length && (is_over ? total != framing.length : total > framing.length)) {
      sent.end = IoEnd::failed;
      break;
    }
    const bool is_chunk = framing.body == AnswerBody::chunked && (is_over || !piece.empty());
    if (is_chunk) append_chunk_size(frame, piece.size());
    Gather gather;
    gather.add(frame);
    gather.add(piece);
    if (is_chunk) gather.add("\r\n");
    stream_.expire_writes_after(facts_.limits.body_idle_timeout);
    if (!gather.empty()) sent = co_await stream_.write_all(gather);
    stream_.expire_writes_after(milliseconds{0});
    if (!sent.ok() || is_over) break;
    frame.clear();
    if (count % kPiecesAtATime == kPiecesAtATime - 1) co_await let_others_run();
    const auto next = co_await read_source(source);
    if (!next) {
      const std::string_view fault = client_.has_client_gone() ? "the client has gone" : std::string_view(next.error());
      const auto level = client_.has_client_gone() ? Log::Level::debug : Log::Level::warning;
      facts_.log.write(level, "an answer broke off",
                       {{"request", std::string(request_.id)}, {"fault", std::string(fault)}});
      sent.end = IoEnd::failed;
      break;
    }
    piece = *next;
  }
  out_ = std::move(frame);
  co_return sent;
}

Task<std::expected<std::string_view, std::string>> Connection::read_source(BodySource& source) {
  try {
    co_return co_await source.read();
  } catch (const std::exception& error) {
    log_fault(error.what());
  } catch (...) {
    log_fault("something that is no std::exception was thrown");
  }
  co_return std::unexpected("a fault");
}

Task<void> Connection::wait_for_body_readers() {
  if (!body_.is_being_read()) co_return;
  // Whoever still reads the body reads for an answer that is over; its read ends when the stream is cancelled.
  stream_.cancel();
  while (body_.is_being_read()) co_await let_others_run();
}

void Connection::keep_rest() {
  const std::string_view rest = body_.rest();
  if (rest.size() > capacity_) {
    buffer_ = std::make_unique_for_overwrite<char[]>(rest.size());
    capacity_ = rest.size();
  }
  if (!rest.empty()) std::memmove(buffer_.get(), rest.data(), rest.size());
  filled_ = rest.size();
  body_.release();
}

Task<void> Connection::linger() {
  stream_.shutdown_send();
  stream_.expire_reads_after(kLingerTime);
  for (std::size_t total = 0; total < kMostLingerBytes;) {
    const IoOutcome received = co_await stream_.read_some(buffer_.get(), capacity_);
    if (!received.ok()) co_return;
    total += received.bytes;
  }
}

}  // namespace chatelaine::net
