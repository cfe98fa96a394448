#include "net/stream.hpp"

#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>

namespace chatelaine::net {
namespace {

// A peer whose machine vanished without a word is noticed after two minutes of silence.
constexpr int kSilentSeconds = 60;
constexpr int kProbeSeconds = 15;
constexpr int kProbes = 4;

void probe_silent_peers(int socket) {
  const auto set = [socket](int level, int name, int value) {
    ::setsockopt(socket, level, name, &value, sizeof value);
  };
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, kSilentSeconds);
  set(IPPROTO_TCP, TCP_KEEPINTVL, kProbeSeconds);
  set(IPPROTO_TCP, TCP_KEEPCNT, kProbes);
}

}  // namespace

std::size_t Gather::fill(std::span<iovec> vectors) const {
  for (std::size_t i = 0; i < count_; ++i) {
    vectors[i] = {const_cast<char*>(pieces_[i].data()), pieces_[i].size()};
  }
  return count_;
}

void Gather::drop(std::size_t bytes) {
  std::size_t gone = 0;
  while (gone < count_ && bytes >= pieces_[gone].size()) bytes -= pieces_[gone++].size();
  if (gone < count_) pieces_[gone].remove_prefix(bytes);
  if (gone > 0) std::ranges::copy(std::span(pieces_).subspan(gone), pieces_.begin());
  count_ -= gone;
}

Stream::Stream(Loop& loop, Socket socket) : Watched(loop), loop_(loop), socket_(std::move(socket)) {
  boost::system::error_code ignored;
  socket_.native_non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  probe_silent_peers(socket_.native_handle());
}

Stream::TimePoint Stream::deadline(milliseconds duration) const {
  return duration == milliseconds{0} ? TimePoint::max() : loop_.now() + duration;
}

void Stream::cancel() {
  cancelled_ = true;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void Stream::tick() {
  if (loop_.is_abandoned() || (is_idle_ && loop_.is_draining() && is_quiet())) return cancel();
  if (std::min(read_deadline_, write_deadline_) < loop_.now()) {
    timed_out_ = true;
    cancel();
  }
}

Peer Stream::look_at_peer() {
  // Peeking would not do: a TLS peer leaves its farewell behind as bytes that nobody reads.
  pollfd state{.fd = socket_.native_handle(), .events = POLLRDHUP, .revents = 0};
  if (::poll(&state, 1, 0) <= 0) return Peer::there;
  if ((state.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0) return Peer::gone;
  return (state.revents & POLLRDHUP) != 0 ? Peer::has_finished_sending : Peer::there;
}

bool Stream::is_quiet() {
  if (cancelled_ || (tls_ && SSL_has_pending(tls_.get()) != 0)) return false;
  char byte = 0;
  return ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

void Stream::shutdown_send() {
  if (tls_) {
    ERR_clear_error();
    SSL_shutdown(tls_.get());
  }
  boost::system::error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

void Stream::reset_on_close() {
  boost::system::error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
}

Stream::Progress Stream::after_tls(int result, IoOutcome& outcome) {
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Progress::wants_read;
    case SSL_ERROR_WANT_WRITE:
      return Progress::wants_write;
    case SSL_ERROR_ZERO_RETURN:
      outcome.end = IoEnd::end;
      break;
    default:
      outcome.end = IoEnd::failed;
      break;
  }
  // OpenSSL's queue of errors belongs to the thread: what one connection left must not confuse the next.
  ERR_clear_error();
  return Progress::done;
}

Stream::Progress Stream::try_read(char* data, std::size_t size, IoOutcome& outcome) {
  ERR_clear_error();
  const int result = SSL_read(tls_.get(), data, static_cast<int>(std::min<std::size_t>(size, 1U << 30)));
  if (result <= 0) return after_tls(result, outcome);
  outcome.bytes = static_cast<std::size_t>(result);
  return Progress::done;
}

Stream::Progress Stream::try_write(Gather& pieces, IoOutcome& outcome) {
  if (tls_) return try_tls_write(pieces, outcome);
  while (!pieces.empty()) {
    std::array<iovec, 4> vectors;
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = pieces.fill(vectors);
    const ssize_t sent = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      outcome.bytes += static_cast<std::size_t>(sent);
      pieces.drop(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      return Progress::wants_write;
    } else if (errno != EINTR) {
      outcome.end = IoEnd::failed;
      return Progress::done;
    }
  }
  return Progress::done;
}

Stream::Progress Stream::try_tls_write(Gather& pieces, IoOutcome& outcome) {
  while (!pieces.empty()) {
    const std::string_view piece = pieces.front();
    ERR_clear_error();
    const int result =
        SSL_write(tls_.get(), piece.data(), static_cast<int>(std::min<std::size_t>(piece.size(), 1U << 30)));
    if (result <= 0) return after_tls(result, outcome);
    outcome.bytes += static_cast<std::size_t>(result);
    pieces.drop(static_cast<std::size_t>(result));
  }
  return Progress::done;
}

Stream::Progress Stream::try_handshake(IoOutcome& outcome) {
  ERR_clear_error();
  const int result = SSL_do_handshake(tls_.get());
  return result == 1 ? Progress::done : after_tls(result, outcome);
}

namespace {
template <class Progress>
std::optional<Socket::wait_type> direction_of(Progress progress) {
  switch (progress) {
    case Progress::wants_read:
      return Socket::wait_read;
    case Progress::wants_write:
      return Socket::wait_write;
    case Progress::done:
      break;
  }
  return std::nullopt;
}
}  // namespace

bool Stream::Read::await_ready() {
  // Cancelled, it ends in the attempt.
  return (stream_.tls_ || stream_.cancelled_) && StreamAwaiter::await_ready();
}

void Stream::Read::await_suspend(std::coroutine_handle<> waiting) {
  if (stream_.tls_) return StreamAwaiter::await_suspend(waiting);
  stream_.socket_.async_read_some(asio::buffer(data_, size_),
                                  [this, waiting](const boost::system::error_code& error, std::size_t bytes) {
                                    outcome_.bytes = bytes;
                                    if (error == asio::error::eof) {
                                      outcome_.end = IoEnd::end;
                                    } else if (error) {
                                      outcome_.end = cancelled_end();
                                    }
                                    waiting.resume();
                                  });
}

std::optional<Socket::wait_type> Stream::Read::attempt_once() {
  if (stream_.cancelled_) {
    outcome_.end = cancelled_end();
    return std::nullopt;
  }
  return direction_of(stream_.try_read(data_, size_, outcome_));
}

std::optional<Socket::wait_type> Stream::Write::attempt_once() {
  if (stream_.cancelled_) {
    outcome_.end = cancelled_end();
    return std::nullopt;
  }
  return direction_of(stream_.try_write(pieces_, outcome_));
}

std::optional<Socket::wait_type> Stream::Handshake::attempt_once() {
  if (stream_.cancelled_) {
    outcome_.end = cancelled_end();
    return std::nullopt;
  }
  return direction_of(stream_.try_handshake(outcome_));
}

}  // namespace chatelaine::net
