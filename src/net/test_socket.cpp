#include "net/test_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <utility>

namespace chatelaine::net {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

TestSocket::TestSocket(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const sockaddr_in address = loopback(port);
  if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("the test cannot connect");
  }
  set_timeout();
}

TestSocket::TestSocket(int descriptor, int) : descriptor_(descriptor) { set_timeout(); }
TestSocket TestSocket::own(int descriptor) { return {descriptor, 0}; }
TestSocket::TestSocket(TestSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), pending_(std::move(other.pending_)) {}
TestSocket::~TestSocket() { close(); }

void TestSocket::set_timeout() {
  const timeval limit{.tv_sec = 20, .tv_usec = 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

bool TestSocket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool TestSocket::has_input() const {
  pollfd ready{.fd = descriptor_, .events = POLLIN, .revents = 0};
  return !pending_.empty() || ::poll(&ready, 1, 0) == 1;
}

std::string TestSocket::receive_some() {
  if (!pending_.empty()) return std::exchange(pending_, {});
  std::string buffer(64 * 1024, '\0');
  const ssize_t received = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
  was_reset_ = received < 0 && errno == ECONNRESET;
  has_timed_out_ = received < 0 && errno == EAGAIN;
  buffer.resize(received > 0 ? static_cast<std::size_t>(received) : 0);
  return buffer;
}

std::string TestSocket::receive_all() {
  std::string all;
  while (true) {
    const std::string piece = receive_some();
    if (piece.empty()) return all;
    all += piece;
  }
}

std::string TestSocket::receive_until(std::string_view text) {
  std::string all;
  while (true) {
    if (const std::size_t found = all.find(text); found != std::string::npos) {
      pending_ = all.substr(found + text.size());
      all.resize(found + text.size());
      return all;
    }
    const std::string piece = receive_some();
    if (piece.empty()) return all;
    all += piece;
  }
}

std::string TestSocket::receive_answer() {
  std::string answer = receive_until("\r\n\r\n");
  const std::size_t header = answer.find("Content-Length: ");
  if (header == std::string::npos) return answer;
  std::size_t left = std::stoul(answer.substr(header + 16));
  while (left > 0) {
    std::string piece = receive_some();
    if (piece.empty()) break;
    if (piece.size() > left) {
      pending_ = piece.substr(left);
      piece.resize(left);
    }
    left -= piece.size();
    answer += piece;
  }
  return answer;
}

void TestSocket::shutdown_send() { ::shutdown(descriptor_, SHUT_WR); }

void TestSocket::close() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

void TestSocket::reset() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
}

TestListener::TestListener(int backlog) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (descriptor_ < 0 || ::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::listen(descriptor_, backlog) != 0 ||
      ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("the test cannot listen");
  }
  port_ = ntohs(address.sin_port);
}

TestListener::~TestListener() { ::close(descriptor_); }

TestSocket TestListener::accept() { return TestSocket::own(::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC)); }

bool TestListener::is_connected_within(std::chrono::milliseconds time) {
  pollfd ready{.fd = descriptor_, .events = POLLIN, .revents = 0};
  return ::poll(&ready, 1, static_cast<int>(time.count())) == 1;
}

}  // namespace chatelaine::net
