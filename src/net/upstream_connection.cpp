#include "net/upstream_connection.hpp"

#include <boost/asio/connect.hpp>

#include "net/upstream_address.hpp"

namespace chatelaine::net {
namespace {

/// Gives up on connecting once the wait is over.
class Attempt final : private Loop::Watched {
 public:
  Attempt(Loop& loop, UpstreamWait wait) : Watched(loop), loop_(loop), wait_(wait), socket_(loop.context()) {}

  Task<std::expected<Socket, UpstreamError>> connect(const Endpoints& endpoints) {
    const auto start = [&](Resume<bool> resume) {
      asio::async_connect(
          socket_, endpoints,
          [resume](const boost::system::error_code& error, const asio::ip::tcp::endpoint&) mutable { resume(!error); });
    };
    const bool connected = co_await suspend<bool>(start);
    if (timed_out_) co_return std::unexpected(UpstreamError::timed_out);
    if (!connected) co_return std::unexpected(UpstreamError::unreachable);
    co_return std::move(socket_);
  }

 private:
  void tick() override {
    if (!wait_.is_over(loop_)) return;
    timed_out_ = true;
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

  Loop& loop_;
  UpstreamWait wait_;
  Socket socket_;
  bool timed_out_ = false;
};

}  // namespace

Task<std::expected<std::shared_ptr<UpstreamConnection>, UpstreamError>> connect_upstream(const UpstreamFacts& facts,
                                                                                         Loop& loop,
                                                                                         UpstreamWait wait) {
  UpstreamAddress& address = address_of(loop, facts);
  const auto endpoints = co_await address.find(wait);
  if (!endpoints) co_return std::unexpected(endpoints.error());
  Attempt attempt(loop, wait);
  auto socket = co_await attempt.connect(*endpoints);
  if (!socket) {
    // It may have moved; not so where nobody waited for it.
    if (!is_cancelled(wait.cancellation)) address.forget();
    co_return std::unexpected(socket.error());
  }
  auto connection = std::make_shared<UpstreamConnection>(loop, std::move(*socket));
  if (!facts.tls) co_return connection;

  TlsSession session = connect_tls(facts.tls, connection->stream.socket().native_handle(), facts.url.host);
  if (!session) co_return std::unexpected(UpstreamError::unreachable);
  connection->stream.use_tls(std::move(session));
  connection->stream.expire_reads_at(wait.deadline);
  const Cancellation::Watch watch(wait.cancellation, [&connection] { connection->stream.cancel(); });
  const IoOutcome shaken = co_await connection->stream.handshake();
  if (shaken.ok()) co_return connection;
  co_return std::unexpected(shaken.end == IoEnd::timed_out ? UpstreamError::timed_out : UpstreamError::unreachable);
}

void UpstreamPool::tick() {
  std::erase_if(kept_, [this](const std::shared_ptr<UpstreamConnection>& connection) {
    return connection->kept_since + kKeptFor < loop_.now() || !connection->stream.is_quiet();
  });
}

std::shared_ptr<UpstreamConnection> UpstreamPool::take() {
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
  connection->kept_since = loop_.now();
  if (kept_.size() == kMostKept) kept_.erase(kept_.begin());
  kept_.push_back(std::move(connection));
}

UpstreamPool& pool_of(Loop& loop, const UpstreamFacts& facts) {
  return loop.kept<UpstreamPool>(facts.pool_number, [&loop] { return new UpstreamPool(loop); });
}

}  // namespace chatelaine::net
