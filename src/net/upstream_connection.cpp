#include "net/upstream_connection.hpp"

#include <boost/asio/connect.hpp>

namespace chatelaine::net {
namespace {

using asio::ip::tcp;
using Resolver = asio::ip::basic_resolver<tcp, LoopExecutor>;
using Endpoints = Resolver::results_type;

/// Gives up on a name or on connecting once the time is over.
class Attempt final : private Loop::Watched {
 public:
  Attempt(Loop& loop, milliseconds timeout)
      : Watched(loop),
        loop_(loop),
        deadline_(loop.now() + timeout),
        resolver_(loop.context()),
        socket_(loop.context()) {}

  Task<std::expected<Socket, UpstreamError>> connect(const std::string& host, std::uint16_t port) {
    const Endpoints endpoints = co_await resolve(host, std::to_string(port));
    if (endpoints.empty()) co_return std::unexpected(reason());
    const auto start = [&](Resume<bool> resume) {
      asio::async_connect(
          socket_, endpoints,
          [resume](const boost::system::error_code& error, const tcp::endpoint&) mutable { resume(!error); });
    };
    const bool connected = co_await suspend<bool>(start);
    if (!connected || timed_out_) co_return std::unexpected(reason());
    co_return std::move(socket_);
  }

 private:
  Task<Endpoints> resolve(const std::string& host, const std::string& port) {
    // An address needs no thread that waits for a name server.
    boost::system::error_code error;
    if (const auto address = asio::ip::make_address(host, error); !error) {
      const auto number = static_cast<std::uint16_t>(std::stoul(port));
      co_return Endpoints::create(tcp::endpoint(address, number), host, port);
    }
    const auto start = [&](Resume<Endpoints> resume) {
      resolver_.async_resolve(host, port, [resume](const boost::system::error_code& failure, Endpoints found) mutable {
        resume(failure ? Endpoints{} : std::move(found));
      });
    };
    co_return co_await suspend<Endpoints>(start);
  }
  [[nodiscard]] UpstreamError reason() const {
    return timed_out_ ? UpstreamError::timed_out : UpstreamError::unreachable;
  }
  void tick() override {
    if (loop_.now() < deadline_ && !loop_.is_abandoned()) return;
    timed_out_ = true;
    resolver_.cancel();
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

  Loop& loop_;
  Loop::TimePoint deadline_;
  Resolver resolver_;
  Socket socket_;
  bool timed_out_ = false;
};

}  // namespace

Task<std::expected<std::shared_ptr<UpstreamConnection>, UpstreamError>> connect_upstream(const UpstreamFacts& facts,
                                                                                         Loop& loop) {
  Attempt attempt(loop, facts.timeout);
  auto socket = co_await attempt.connect(facts.url.host, facts.url.port);
  if (!socket) co_return std::unexpected(socket.error());
  auto connection = std::make_shared<UpstreamConnection>(loop, std::move(*socket));
  if (!facts.tls) co_return connection;

  TlsSession session = connect_tls(facts.tls, connection->stream.socket().native_handle(), facts.url.host);
  if (!session) co_return std::unexpected(UpstreamError::unreachable);
  connection->stream.use_tls(std::move(session));
  connection->stream.expire_reads_after(facts.timeout);
  const IoOutcome shaken = co_await connection->stream.handshake();
  if (shaken.ok()) co_return connection;
  co_return std::unexpected(shaken.end == IoEnd::timed_out ? UpstreamError::timed_out : UpstreamError::unreachable);
}

std::shared_ptr<UpstreamConnection> UpstreamPool::take(Loop& loop) {
  // The oldest have rested longest.
  while (!kept_.empty() && kept_.front()->kept_since + kKeptFor < loop.now()) kept_.pop_front();
  while (!kept_.empty()) {
    std::shared_ptr<UpstreamConnection> connection = std::move(kept_.back());
    kept_.pop_back();
    if (connection->stream.is_quiet()) return connection;
  }
  return nullptr;
}

void UpstreamPool::give_back(std::shared_ptr<UpstreamConnection> connection) {
  connection->stream.expire_reads_after(milliseconds{0});
  connection->stream.expire_writes_after(milliseconds{0});
  connection->kept_since = connection->stream.loop().now();
  if (kept_.size() == kMostKept) kept_.pop_front();
  kept_.push_back(std::move(connection));
}

UpstreamPool& pool_of(Loop& loop, const UpstreamFacts& facts) {
  return loop.kept<UpstreamPool>(facts.number, [] { return new UpstreamPool; });
}

}  // namespace chatelaine::net
