#include "net/request_body.hpp"

#include <algorithm>

namespace chatelaine::net {
namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;

}  // namespace

void RequestBody::begin(const Framing& framing, std::string_view received) {
  framing_ = framing;
  state_ = framing.body == BodyKind::none ? State::at_end : State::untouched;
  owes_continue_ = framing.expects_continue && received.empty();
  left_ = framing.length;
  received_ = 0;
  waited_ = milliseconds{0};
  chunks_ = {};
  input_ = received;
}

std::optional<std::uint64_t> RequestBody::announced_length() const {
  switch (framing_.body) {
    case BodyKind::none:
      return 0;
    case BodyKind::length:
      return framing_.length;
    case BodyKind::chunked:
    case BodyKind::until_close:
      break;
  }
  return std::nullopt;
}

std::expected<std::string_view, BodyError> RequestBody::fail(BodyError error) {
  state_ = State::failed;
  return std::unexpected(error);
}

std::optional<std::expected<std::string_view, BodyError>> RequestBody::take() {
  if (framing_.body == BodyKind::length) {
    if (left_ == 0) {
      state_ = State::at_end;
      return std::string_view{};
    }
    const std::string_view piece =
        input_.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, input_.size())));
    if (piece.empty()) return std::nullopt;
    input_.remove_prefix(piece.size());
    left_ -= piece.size();
    return piece;
  }
  const ChunkDecoder::Outcome outcome = chunks_.next(input_);
  switch (outcome.step) {
    case ChunkDecoder::Step::piece:
      return outcome.piece;
    case ChunkDecoder::Step::needs_more:
      return std::nullopt;
    case ChunkDecoder::Step::end:
      state_ = State::at_end;
      return std::string_view{};
    case ChunkDecoder::Step::broken:
      break;
  }
  return fail(BodyError::broken);
}

std::string_view RequestBody::take_ready() {
  if (framing_.body != BodyKind::length || state_ == State::at_end || state_ == State::failed) return {};
  const auto piece = take();
  if (!piece || !*piece) return {};
  if (state_ == State::untouched) state_ = State::begun;
  return **piece;
}

Task<std::expected<std::string_view, BodyError>> RequestBody::read() {
  if (state_ == State::at_end) co_return std::string_view{};
  if (state_ == State::failed) co_return std::unexpected(BodyError::broken);
  state_ = State::begun;
  while (true) {
    if (auto piece = take()) co_return *piece;
    is_being_read_ = true;
    const std::optional<BodyError> error = co_await receive();
    is_being_read_ = false;
    if (error) co_return fail(*error);
  }
}

milliseconds RequestBody::time_for_next() const {
  // THREATS L13: a body that drips byte by byte is never idle, and would hold its connection for days.
  const milliseconds earned{received_ / std::max<std::uint64_t>(patience_.bytes_a_second, 1) * 1000};
  return std::clamp(patience_.grace + earned - waited_, milliseconds{0}, patience_.idle);
}

Task<std::optional<BodyError>> RequestBody::receive() {
  if (owes_continue_) {
    // RFC 9110 §10.1.1: the client waits for this before it sends the body.
    owes_continue_ = false;
    Gather interim;
    interim.add("HTTP/1.1 100 Continue\r\n\r\n");
    stream_.expire_writes_after(patience_.idle);
    const IoOutcome sent = co_await stream_.write_all(interim);
    stream_.expire_writes_after(milliseconds{0});
    if (!sent.ok()) co_return BodyError::broken;
  }
  if (!buffer_) {
    const bool is_short = framing_.body == BodyKind::length && left_ < kBufferBytes;
    capacity_ = is_short ? static_cast<std::size_t>(left_) : kBufferBytes;
    buffer_ = std::make_unique_for_overwrite<char[]>(capacity_);
  }
  const Loop::TimePoint begun = stream_.loop().now();
  stream_.expire_reads_at(begun + time_for_next());
  const IoOutcome received = co_await stream_.read_some(buffer_.get(), capacity_);
  stream_.expire_reads_after(milliseconds{0});
  waited_ += std::chrono::duration_cast<milliseconds>(stream_.loop().now() - begun);
  received_ += received.bytes;
  if (received.end == IoEnd::timed_out) {
    stream_.revive();
    co_return BodyError::timed_out;
  }
  if (!received.ok()) co_return BodyError::broken;
  input_ = {buffer_.get(), received.bytes};
  co_return std::nullopt;
}

bool RequestBody::finish_before_answer() {
  owes_continue_ = false;
  if (state_ == State::untouched) {
    while (state_ == State::untouched) {
      const auto piece = take();
      if (!piece || !*piece) break;
    }
    if (state_ == State::untouched) state_ = State::failed;
  }
  if (state_ == State::begun && !is_open()) state_ = State::at_end;
  return state_ == State::at_end;
}

}  // namespace chatelaine::net
