#include "net/upstream_address.hpp"

#include "net/upstream_connection.hpp"

namespace chatelaine::net {

struct UpstreamAddress::Lookup {
  Lookup(Loop& its_loop, std::string its_host, std::uint16_t its_port)
      : loop(its_loop), resolver(its_loop.context()), host(std::move(its_host)), port(its_port) {}

  Loop& loop;
  Resolver resolver;
  std::string host;
  std::uint16_t port;
  bool is_running = false;
  /// Empty: not known.
  Endpoints found;
  Loop::TimePoint found_at{};
  std::vector<Waiter*> waiters;

  [[nodiscard]] bool is_fresh() const { return !found.empty() && loop.now() < found_at + kKeptFor; }
};

/// One task that waits for the look-up, for as long as it may.
class UpstreamAddress::Waiter final : private Loop::Watched {
 public:
  Waiter(Lookup& lookup, UpstreamWait wait) : Watched(lookup.loop), lookup_(lookup), wait_(wait) {
    lookup_.waiters.push_back(this);
  }
  ~Waiter() { std::erase(lookup_.waiters, this); }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  Task<void> wait() {
    const auto start = [this](Resume<int> resume) { resume_.emplace(resume); };
    co_await suspend<int>(start);
  }
  void end() {
    if (auto resume = std::exchange(resume_, std::nullopt)) (*resume)(0);
  }

 private:
  void tick() override {
    if (wait_.is_over(lookup_.loop)) end();
  }

  Lookup& lookup_;
  UpstreamWait wait_;
  std::optional<Resume<int>> resume_;
};

UpstreamAddress::UpstreamAddress(Loop& loop, std::string host, std::uint16_t port)
    : lookup_(std::make_shared<Lookup>(loop, std::move(host), port)) {}

Task<std::expected<Endpoints, UpstreamError>> UpstreamAddress::find(UpstreamWait wait) {
  // An address needs no thread that waits for a name server.
  boost::system::error_code error;
  const auto address = asio::ip::make_address(lookup_->host, error);
  if (!error) {
    const asio::ip::tcp::endpoint endpoint(address, lookup_->port);
    co_return Endpoints::create(endpoint, lookup_->host, std::to_string(lookup_->port));
  }
  if (!lookup_->is_fresh()) {
    if (!lookup_->is_running) look_up(lookup_);
    Waiter waiter(*lookup_, wait);
    co_await waiter.wait();
  }
  if (lookup_->is_fresh()) co_return lookup_->found;
  co_return std::unexpected(lookup_->is_running ? UpstreamError::timed_out : UpstreamError::unreachable);
}

void UpstreamAddress::look_up(const std::shared_ptr<Lookup>& lookup) {
  lookup->is_running = true;
  lookup->resolver.async_resolve(lookup->host, std::to_string(lookup->port),
                                 [lookup](const boost::system::error_code& failure, Endpoints found) {
                                   lookup->is_running = false;
                                   lookup->found = failure ? Endpoints{} : std::move(found);
                                   lookup->found_at = lookup->loop.now();
                                   for (Waiter* waiter : lookup->waiters) waiter->end();
                                 });
}

void UpstreamAddress::forget() { lookup_->found = {}; }

UpstreamAddress& address_of(Loop& loop, const UpstreamFacts& facts) {
  return loop.kept<UpstreamAddress>(facts.address_number,
                                    [&] { return new UpstreamAddress(loop, facts.url.host, facts.url.port); });
}

}  // namespace chatelaine::net
