#pragma once

#include <memory>
#include <optional>
#include <string>

#include "net/chunk.hpp"
#include "net/upstream_connection.hpp"

namespace chatelaine::net {

/// One request and its answer on one connection. The request's body is pumped by a task of its own, so that an answer
/// that comes before the body's end is passed on; both sides share this.
class UpstreamExchange : public std::enable_shared_from_this<UpstreamExchange> {
 public:
  UpstreamExchange(std::shared_ptr<const UpstreamFacts> facts, std::shared_ptr<UpstreamConnection> connection)
      : facts_(std::move(facts)), connection_(std::move(connection)) {}

  /// Sends the head and begins to pump the body; until `deadline` that, and an answer's head, may take. `request` is
  /// not used after it returns, but for its body.
  Task<std::expected<void, UpstreamError>> begin(const UpstreamRequest& request, Loop::TimePoint deadline);
  /// The final answer's head and framing; earlier ones are passed over.
  Task<std::expected<Framing, UpstreamError>> receive_head(const UpstreamRequest& request);
  /// The answer, once its head is there.
  [[nodiscard]] Response take_response(const Framing& framing);

  /// The next piece of the answer's body; empty at its end.
  Task<std::expected<std::string_view, std::string>> read_body();
  /// What of a body of known length is there already.
  [[nodiscard]] std::string_view take_ready();
  /// Whether the whole body has arrived with its head, and is small.
  [[nodiscard]] bool is_small_and_there() const;
  /// What Content-Length announced, for an answer to HEAD too.
  [[nodiscard]] std::optional<std::uint64_t> announced_length() const { return announced_length_; }
  /// Nobody wants the answer any more: what waits ends, nothing is read from the request's body.
  void abandon();
  /// Whether not a byte of an answer came: a kept connection that the upstream had closed.
  [[nodiscard]] bool is_untouched() const { return !has_received_; }

 private:
  Task<void> pump(BodyReader& body, bool is_chunked);
  Task<bool> send_piece(std::string_view piece, bool is_chunked);
  Task<IoOutcome> receive();
  Task<std::expected<std::size_t, UpstreamError>> receive_head_bytes();
  [[nodiscard]] std::optional<std::expected<std::string_view, std::string>> take_piece();
  [[nodiscard]] UpstreamError why(const IoOutcome& outcome) const;
  /// The answer is complete: the connection is kept where it can be.
  void complete();

  std::shared_ptr<const UpstreamFacts> facts_;
  std::shared_ptr<UpstreamConnection> connection_;
  Framing framing_;
  std::optional<std::uint64_t> announced_length_;
  std::uint64_t left_ = 0;
  ChunkDecoder chunks_;
  bool is_event_stream_ = false;
  bool has_received_ = false;
  bool has_head_ = false;
  bool pump_runs_ = false;
  bool request_is_sent_ = false;
  std::optional<UpstreamError> request_body_error_;
  bool is_abandoned_ = false;
  bool is_complete_ = false;
};

}  // namespace chatelaine::net
