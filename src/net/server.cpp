#include "net/server.hpp"

#include <sched.h>

#include <algorithm>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <stdexcept>
#include <thread>

#include "base/live.hpp"
#include "net/connection.hpp"

namespace chatelaine::net {
namespace {

using asio::ip::tcp;
using Acceptor = asio::basic_socket_acceptor<tcp, LoopExecutor>;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr int kBacklog = 4096;
constexpr milliseconds kBetweenWarnings{1'000};

Task<void> serve_connection(ServerFacts& facts, Loop& loop, Socket socket, TlsSession tls) {
  Connection connection(facts, loop, std::move(socket), std::move(tls));
  co_await connection.serve();
}

/// Those that this process may run on: a container or `taskset` may leave it fewer than the machine has.
unsigned count_usable_cores() {
  cpu_set_t usable;
  if (::sched_getaffinity(0, sizeof usable, &usable) == 0) return static_cast<unsigned>(CPU_COUNT(&usable));
  // The machine has more than such a set can name.
  return std::max(1U, std::thread::hardware_concurrency());
}

void open_reusable(Acceptor& acceptor, const tcp::endpoint& endpoint) {
  acceptor.open(endpoint.protocol());
  acceptor.set_option(Acceptor::reuse_address(true));
}

}  // namespace

/// A loop with its thread and its listening socket.
class Worker {
 public:
  Worker(ServerFacts& facts, const Live<TlsContext>& tls) : facts_(facts), tls_(tls), acceptor_(loop_.context()) {}

  void listen(const tcp::endpoint& endpoint) {
    open_reusable(acceptor_, endpoint);
    acceptor_.set_option(ReusePort(true));
    acceptor_.bind(endpoint);
    acceptor_.listen(kBacklog);
    acceptor_.non_blocking(true);
  }
  [[nodiscard]] tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

  void start() {
    accept_next();
    thread_ = std::thread([this] { loop_.run(); });
  }
  void begin_stop(milliseconds patience) {
    loop_.begin_stop(patience, [this] { stop_accepting(); });
  }
  void join() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  void accept_next();
  void stop_accepting();
  void take(Socket socket);
  void warn_of_limit();

  ServerFacts& facts_;
  const Live<TlsContext>& tls_;
  Loop loop_;
  Acceptor acceptor_;
  std::thread thread_;
  Loop::TimePoint warn_after_{};
};

void Worker::accept_next() {
  acceptor_.async_accept([this](const boost::system::error_code& error, Socket socket) {
    // Also where the acceptor was closed meanwhile: the client was let in.
    if (!error) take(std::move(socket));
    if (!acceptor_.is_open()) return;
    if (!error) return accept_next();
    // Out of descriptors, say: others close theirs meanwhile.
    facts_.log.warning("a connection could not be accepted", {{"fault", error.message()}});
    auto pause = std::make_shared<LoopTimer>(loop_.context(), Loop::kTick);
    pause->async_wait([this, pause](const boost::system::error_code&) {
      if (acceptor_.is_open()) accept_next();
    });
  });
}

void Worker::take(Socket socket) {
  if (facts_.connections.fetch_add(1, std::memory_order_relaxed) >= facts_.limits.connections) {
    facts_.connections.fetch_sub(1, std::memory_order_relaxed);
    warn_of_limit();
    return;
  }
  TlsSession session;
  if (const TlsContext& context = tls_.get()) {
    session = accept_tls(context, socket.native_handle());
    if (!session) {
      facts_.connections.fetch_sub(1, std::memory_order_relaxed);
      return;
    }
  }
  loop_.start(serve_connection(facts_, loop_, std::move(socket), std::move(session)));
}

void Worker::warn_of_limit() {
  if (loop_.now() < warn_after_) return;
  warn_after_ = loop_.now() + kBetweenWarnings;
  facts_.log.warning("a connection was closed at once: there are as many as may be",
                     {{"limit", std::to_string(facts_.limits.connections)}});
}

void Worker::stop_accepting() {
  // Clients that were already let into the queue are served, since closing it would reset them.
  for (boost::system::error_code error; acceptor_.is_open();) {
    Socket socket = acceptor_.accept(error);
    if (error) break;
    take(std::move(socket));
  }
  boost::system::error_code ignored;
  acceptor_.close(ignored);
}

struct Server::State {
  State(ServerSettings server_settings, Handler handler, Log& log)
      : settings(std::move(server_settings)),
        facts{.limits = settings.limits, .handler = std::move(handler), .log = log} {}

  ServerSettings settings;
  ServerFacts facts;
  /// Null for plain HTTP.
  Live<TlsContext> tls{nullptr};
  std::vector<std::unique_ptr<Worker>> workers;
  tcp::endpoint endpoint;

  void listen(tcp::endpoint wanted);
};

void Server::State::listen(tcp::endpoint wanted) {
  try {
    {
      // Sockets with SO_REUSEPORT would share a port with another server of ours; this one finds out.
      Loop probe_loop;
      Acceptor probe(probe_loop.context());
      open_reusable(probe, wanted);
      probe.bind(wanted);
      if (wanted.port() != 0) probe.listen(1);
    }
    for (const auto& worker : workers) {
      worker->listen(wanted);
      wanted = worker->endpoint();
    }
  } catch (const boost::system::system_error& error) {
    throw std::runtime_error("cannot listen on " + settings.listen + ": " + error.code().message());
  }
  endpoint = wanted;
}

Server::Server(ServerSettings settings, Handler handler, Log& log)
    : state_(std::make_unique<State>(std::move(settings), std::move(handler), log)) {
  const auto endpoint = parse_endpoint(state_->settings.listen);
  if (!endpoint) throw std::runtime_error(endpoint.error());
  for (const std::string& text : state_->settings.trusted_proxies) {
    auto block = AddressBlock::parse(text);
    if (!block) throw std::runtime_error(block.error());
    state_->facts.trusted_proxies.push_back(*block);
  }
  if (!state_->settings.tls_certificate_file.empty()) {
    if (const auto loaded = reload_certificate(); !loaded) throw std::runtime_error(loaded.error());
  }
  const unsigned threads = state_->settings.threads == 0 ? count_usable_cores() : state_->settings.threads;
  for (unsigned i = 0; i < threads; ++i) {
    state_->workers.push_back(std::make_unique<Worker>(state_->facts, state_->tls));
  }
  state_->listen(*endpoint);
}

Server::~Server() { stop(milliseconds{0}); }

void Server::start() {
  for (const auto& worker : state_->workers) worker->start();
}

std::string Server::address() const {
  const std::string host = state_->endpoint.address().to_string();
  return (state_->endpoint.address().is_v6() ? '[' + host + ']' : host) + ':' + std::to_string(port());
}

std::uint16_t Server::port() const { return state_->endpoint.port(); }

void Server::stop(milliseconds patience) {
  for (const auto& worker : state_->workers) worker->begin_stop(patience);
  for (const auto& worker : state_->workers) worker->join();
  state_->workers.clear();
}

std::expected<void, std::string> Server::reload_certificate() {
  auto context = make_server_tls(state_->settings.tls_certificate_file, state_->settings.tls_private_key_file);
  if (!context) return std::unexpected(context.error());
  state_->tls.set(std::move(*context));
  return {};
}

}  // namespace chatelaine::net
