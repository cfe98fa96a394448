#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chatelaine::net {

/// A blocking TCP socket for tests that care about single bytes.
class TestSocket {
 public:
  /// Connects to a port of 127.0.0.1.
  explicit TestSocket(std::uint16_t port);
  /// Takes over a socket.
  [[nodiscard]] static TestSocket own(int descriptor);
  TestSocket(TestSocket&& other) noexcept;
  TestSocket& operator=(TestSocket&&) = delete;
  ~TestSocket();

  /// Whether all of it was taken.
  bool send(std::string_view bytes);
  /// Whether a read would not wait.
  [[nodiscard]] bool has_input() const;
  /// What one read gives; empty at the end, after an error or after the time-out.
  [[nodiscard]] std::string receive_some();
  /// Everything up to the end of the connection.
  [[nodiscard]] std::string receive_all();
  /// Reads until `text` has been seen, and gives everything up to and with it; less where the connection ends first.
  [[nodiscard]] std::string receive_until(std::string_view text);
  /// One answer with Content-Length or without body.
  [[nodiscard]] std::string receive_answer();
  /// Whether the last read met a reset rather than an end.
  [[nodiscard]] bool was_reset() const { return was_reset_; }
  /// Whether the last read waited in vain.
  [[nodiscard]] bool has_timed_out() const { return has_timed_out_; }
  void shutdown_send();
  void close();
  /// Closes so that the peer sees a reset.
  void reset();
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  TestSocket(int descriptor, int);
  void set_timeout();

  int descriptor_;
  bool was_reset_ = false;
  bool has_timed_out_ = false;
  std::string pending_;
};

/// A listening socket on a free port of 127.0.0.1.
class TestListener {
 public:
  /// `backlog`: how many wait to be accepted, and one more; whoever comes then hears nothing.
  explicit TestListener(int backlog = 64);
  ~TestListener();
  TestListener(const TestListener&) = delete;
  TestListener& operator=(const TestListener&) = delete;
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] TestSocket accept();
  /// Whether somebody connects within the time.
  [[nodiscard]] bool is_connected_within(std::chrono::milliseconds time);

 private:
  int descriptor_;
  std::uint16_t port_ = 0;
};

}  // namespace chatelaine::net
