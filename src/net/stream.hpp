#pragma once

#include <sys/uio.h>

#include <array>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <span>
#include <string_view>

#include "net/loop.hpp"
#include "net/tls.hpp"

namespace chatelaine::net {

using Socket = asio::basic_stream_socket<asio::ip::tcp, LoopExecutor>;

enum class IoEnd : std::uint8_t {
  none,
  /// The peer has said that nothing more comes.
  end,
  timed_out,
  failed
};

enum class Peer : std::uint8_t {
  there,
  /// It sends nothing more after what has arrived, and may have gone altogether.
  has_finished_sending,
  gone
};

struct IoOutcome {
  std::size_t bytes = 0;
  IoEnd end = IoEnd::none;
  [[nodiscard]] bool ok() const { return end == IoEnd::none; }
};

/// Up to four pieces that are sent as one.
class Gather {
 public:
  void add(std::string_view piece) {
    if (!piece.empty()) pieces_[count_++] = piece;
  }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::string_view front() const { return pieces_[0]; }
  [[nodiscard]] std::size_t fill(std::span<iovec> vectors) const;
  void drop(std::size_t bytes);

 private:
  std::array<std::string_view, 4> pieces_{};
  std::size_t count_ = 0;
};

/// A connected socket, plain or TLS, of one loop: one reader and one writer at a time. Operations are tried at once and
/// wait only where the kernel says so. The stream outlives what waits on it.
class Stream final : private Loop::Watched {
 public:
  Stream(Loop& loop, Socket socket);

  /// From now on through TLS; `handshake` first.
  void use_tls(TlsSession session) { tls_ = std::move(session); }

  class Read;
  class Write;
  class Handshake;
  /// At least one byte, or an end.
  [[nodiscard]] Read read_some(char* data, std::size_t size);
  /// Everything, or an end.
  [[nodiscard]] Write write_all(Gather pieces);
  [[nodiscard]] Handshake handshake();

  /// After this much time (zero: never) what waits in that direction ends with `timed_out`. The loop's tick decides.
  void expire_reads_after(milliseconds duration) { read_deadline_ = deadline(duration); }
  void expire_writes_after(milliseconds duration) { write_deadline_ = deadline(duration); }
  void expire_reads_at(Loop::TimePoint time) { read_deadline_ = time; }
  void expire_writes_at(Loop::TimePoint time) { write_deadline_ = time; }
  /// While set, `is_idle` connections end as soon as the loop drains.
  void set_idle(bool idle) { is_idle_ = idle; }

  /// What waits and whatever follows ends with `failed`.
  void cancel();
  /// After a time-out: the stream works again, so that its peer can be told.
  void revive() { cancelled_ = timed_out_ = false; }
  /// Whether the peer is still there, as far as the kernel knows. Bytes that wait to be read hide nothing.
  [[nodiscard]] Peer look_at_peer();
  /// Whether a kept connection can still be used: nothing has come, not even an end.
  [[nodiscard]] bool is_quiet();
  /// Says that nothing more is sent.
  void shutdown_send();
  /// Closing will be seen as a broken connection.
  void reset_on_close();
  [[nodiscard]] Socket& socket() { return socket_; }
  [[nodiscard]] Loop& loop() { return loop_; }

 private:
  using TimePoint = Loop::TimePoint;
  enum class Progress : std::uint8_t { done, wants_read, wants_write };

  void tick() override;
  [[nodiscard]] TimePoint deadline(milliseconds duration) const;
  [[nodiscard]] IoEnd why_cancelled() const { return timed_out_ ? IoEnd::timed_out : IoEnd::failed; }
  [[nodiscard]] Progress try_read(char* data, std::size_t size, IoOutcome& outcome);
  [[nodiscard]] Progress try_write(Gather& pieces, IoOutcome& outcome);
  [[nodiscard]] Progress try_tls_write(Gather& pieces, IoOutcome& outcome);
  [[nodiscard]] Progress try_handshake(IoOutcome& outcome);
  [[nodiscard]] Progress after_tls(int result, IoOutcome& outcome);

  Loop& loop_;
  Socket socket_;
  TlsSession tls_;
  TimePoint read_deadline_ = TimePoint::max();
  TimePoint write_deadline_ = TimePoint::max();
  bool is_idle_ = false;
  bool cancelled_ = false;
  bool timed_out_ = false;
};

/// An operation that is tried, waits for the socket, and is tried again.
template <class Operation>
class StreamAwaiter {
 public:
  [[nodiscard]] bool await_ready() { return attempt(); }
  void await_suspend(std::coroutine_handle<> waiting) {
    waiting_ = waiting;
    wait();
  }
  [[nodiscard]] IoOutcome await_resume() const { return outcome_; }

 protected:
  Stream& stream_;
  IoOutcome outcome_;

 private:
  friend Operation;
  explicit StreamAwaiter(Stream& stream) : stream_(stream) {}

  bool attempt() {
    direction_ = static_cast<Operation*>(this)->attempt_once();
    return !direction_;
  }
  void wait() {
    stream_.socket().async_wait(*direction_, [this](const boost::system::error_code& error) {
      if (error) {
        outcome_.end = static_cast<Operation*>(this)->cancelled_end();
      } else if (!attempt()) {
        wait();
        return;
      }
      waiting_.resume();
    });
  }

  std::coroutine_handle<> waiting_;
  std::optional<Socket::wait_type> direction_;
};

class Stream::Read final : public StreamAwaiter<Stream::Read> {
 public:
  Read(Stream& stream, char* data, std::size_t size) : StreamAwaiter(stream), data_(data), size_(size) {}
  /// On a plain socket Asio itself reads when the kernel says that something is there, which saves a failed attempt and
  /// a change of the poll set.
  void await_suspend(std::coroutine_handle<> waiting);
  [[nodiscard]] bool await_ready();

 private:
  friend StreamAwaiter<Read>;
  [[nodiscard]] std::optional<Socket::wait_type> attempt_once();
  [[nodiscard]] IoEnd cancelled_end() const { return stream_.why_cancelled(); }

  char* data_;
  std::size_t size_;
};

class Stream::Write final : public StreamAwaiter<Stream::Write> {
 public:
  Write(Stream& stream, Gather pieces) : StreamAwaiter(stream), pieces_(pieces) {}

 private:
  friend StreamAwaiter<Write>;
  [[nodiscard]] std::optional<Socket::wait_type> attempt_once();
  [[nodiscard]] IoEnd cancelled_end() const { return stream_.why_cancelled(); }

  Gather pieces_;
};

class Stream::Handshake final : public StreamAwaiter<Stream::Handshake> {
 public:
  explicit Handshake(Stream& stream) : StreamAwaiter(stream) {}

 private:
  friend StreamAwaiter<Handshake>;
  [[nodiscard]] std::optional<Socket::wait_type> attempt_once();
  [[nodiscard]] IoEnd cancelled_end() const { return stream_.why_cancelled(); }
};

inline Stream::Read Stream::read_some(char* data, std::size_t size) { return {*this, data, size}; }
inline Stream::Write Stream::write_all(Gather pieces) { return {*this, pieces}; }
inline Stream::Handshake Stream::handshake() { return Handshake(*this); }

}  // namespace chatelaine::net
