#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "net/chunk.hpp"
#include "net/message_check.hpp"
#include "net/request.hpp"
#include "net/stream.hpp"

namespace chatelaine::net {

/// The body of the request that a connection is answering.
class RequestBody final : public BodyReader {
 public:
  /// How long is waited for the client. Only the time that is spent waiting for it counts: a handler, or an upstream,
  /// may take its own.
  struct Patience {
    milliseconds idle;
    milliseconds grace;
    std::uint64_t bytes_a_second;
  };
  RequestBody(Stream& stream, Patience patience) : stream_(stream), patience_(patience) {}

  /// `received` follows the head in the connection's buffer and may reach into the next request.
  void begin(const Framing& framing, std::string_view received);
  Task<std::expected<std::string_view, BodyError>> read() override;
  [[nodiscard]] std::optional<std::uint64_t> announced_length() const override;
  [[nodiscard]] std::string_view take_ready() override;

  /// From here on no `100 Continue` may be sent. Says whether the connection can carry another request: the body has
  /// been read to its end, or was never asked for and is all there.
  [[nodiscard]] bool finish_before_answer();
  /// Whether more of it may come.
  [[nodiscard]] bool is_open() const {
    // A reader that took the last piece need not have asked for the empty one after it.
    const bool is_taken = state_ == State::begun && framing_.body == BodyKind::length && left_ == 0;
    return !is_taken && (state_ == State::untouched || state_ == State::begun);
  }
  /// Whether some task waits in `read`.
  [[nodiscard]] bool is_being_read() const { return is_being_read_; }
  /// What was received behind the body's end.
  [[nodiscard]] std::string_view rest() const { return input_; }
  /// Gives back memory that only large bodies need; `rest` is gone.
  void release() { buffer_.reset(); }

 private:
  enum class State : std::uint8_t { untouched, begun, at_end, failed };
  /// A piece of what is there; nothing where more must be received.
  [[nodiscard]] std::optional<std::expected<std::string_view, BodyError>> take();
  [[nodiscard]] std::expected<std::string_view, BodyError> fail(BodyError error);
  Task<std::optional<BodyError>> receive();
  [[nodiscard]] milliseconds time_for_next() const;

  Stream& stream_;
  Patience patience_;
  Framing framing_;
  State state_ = State::at_end;
  bool owes_continue_ = false;
  bool is_being_read_ = false;
  std::uint64_t left_ = 0;
  std::uint64_t received_ = 0;
  milliseconds waited_{0};
  ChunkDecoder chunks_;
  std::string_view input_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
};

}  // namespace chatelaine::net
