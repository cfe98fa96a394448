#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/uri.hpp"
#include "net/message_check.hpp"
#include "net/stream.hpp"
#include "net/upstream.hpp"
#include "net/upstream_address.hpp"

namespace chatelaine::net {

/// What all connections to one upstream share. Immutable.
struct UpstreamFacts {
  HttpUrl url;
  /// What Host says (RFC 9110 §7.2).
  std::string authority;
  milliseconds timeout;
  /// Null for plain HTTP.
  TlsContext tls;
  /// What loops keep the pool and the address by; unique in the process.
  std::uint64_t pool_number;
  std::uint64_t address_number;
};

/// One connection to the upstream, used for one request after another.
struct UpstreamConnection {
  UpstreamConnection(Loop& loop, Socket socket) : stream(loop, std::move(socket)) {}

  Stream stream;
  std::unique_ptr<char[]> buffer;
  std::size_t capacity = 0;
  /// Received and not yet taken: buffer[taken, filled).
  std::size_t taken = 0;
  std::size_t filled = 0;
  /// Memory that requests and answers use one after another.
  std::string out;
  AnswerHead head;
  Loop::TimePoint kept_since{};

  [[nodiscard]] std::string_view received() const { return {buffer.get() + taken, filled - taken}; }
};

/// Connects while the wait lasts, with TLS where the URL asks for it.
[[nodiscard]] Task<std::expected<std::shared_ptr<UpstreamConnection>, UpstreamError>> connect_upstream(
    const UpstreamFacts& facts, Loop& loop, UpstreamWait wait);

/// One loop's kept connections. Each tick closes those that have rested for long, or that the upstream has closed.
class UpstreamPool final : private Loop::Watched {
 public:
  static constexpr std::size_t kMostKept = 64;
  static constexpr milliseconds kKeptFor{30'000};

  explicit UpstreamPool(Loop& loop) : Watched(loop), loop_(loop) {}

  /// The connection that was used last and is still quiet, or null.
  [[nodiscard]] std::shared_ptr<UpstreamConnection> take();
  void give_back(std::shared_ptr<UpstreamConnection> connection);

 private:
  void tick() override;

  Loop& loop_;
  /// The one that has rested for longest first.
  std::vector<std::shared_ptr<UpstreamConnection>> kept_;
};

[[nodiscard]] UpstreamPool& pool_of(Loop& loop, const UpstreamFacts& facts);

}  // namespace chatelaine::net
