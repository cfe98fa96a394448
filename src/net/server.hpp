#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/time.hpp"
#include "net/router.hpp"

namespace chatelaine::net {

struct ServerLimits {
  std::size_t header_bytes = 32 * 1024;
  milliseconds header_timeout{10'000};
  /// Between two pieces of a body, in either direction.
  milliseconds body_idle_timeout{30'000};
  /// A request's body may keep us waiting for this long in all, and for a second more with every so many bytes.
  milliseconds body_grace{60'000};
  std::uint64_t body_bytes_a_second = 256;
  milliseconds keep_alive_timeout{75'000};
  std::size_t connections = 10'000;
};

struct ServerSettings {
  /// `127.0.0.1:8080`, `[::1]:8080` or `0.0.0.0:80`; port 0 lets the system choose.
  std::string listen;
  /// CIDR blocks whose X-Forwarded-For counts.
  std::vector<std::string> trusted_proxies;
  /// 0: as many as there are cores that the process may use.
  unsigned threads = 0;
  ServerLimits limits;
  /// PEM files; both empty: plain HTTP.
  std::string tls_certificate_file;
  std::string tls_private_key_file;
};

/// An HTTP/1.1 server: an event loop a thread, each with its own listening socket (SO_REUSEPORT). One handler serves
/// all loops at once.
class Server {
 public:
  /// Binds and listens; throws std::runtime_error with a sentence that names the address where it cannot.
  Server(ServerSettings settings, Handler handler, Log& log);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Starts the threads.
  void start();
  /// Where it listens, with the port that the system chose.
  [[nodiscard]] std::string address() const;
  [[nodiscard]] std::uint16_t port() const;
  /// Stops accepting, lets requests under way finish for at most `patience`, closes the rest and joins the threads.
  void stop(milliseconds patience);
  /// Reads certificate and key again for new connections. The error is a sentence; the old ones stay then.
  [[nodiscard]] std::expected<void, std::string> reload_certificate();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chatelaine::net
