#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <expected>
#include <memory>
#include <string>

#include "net/loop.hpp"
#include "net/upstream.hpp"

namespace chatelaine::net {

struct UpstreamFacts;

/// How long somebody waits for a connection.
struct UpstreamWait {
  Loop::TimePoint deadline;
  Cancellation* cancellation = nullptr;
  [[nodiscard]] bool is_over(const Loop& loop) const {
    return loop.now() >= deadline || loop.is_abandoned() || is_cancelled(cancellation);
  }
};

using Resolver = asio::ip::basic_resolver<asio::ip::tcp, LoopExecutor>;
using Endpoints = Resolver::results_type;

/// Where an upstream is, as one loop knows it: a name is looked up by one thread a loop, which nothing can hurry, so
/// that all callers share one look-up and what it found is good for a while.
class UpstreamAddress {
 public:
  static constexpr milliseconds kKeptFor{30'000};

  UpstreamAddress(Loop& loop, std::string host, std::uint16_t port);

  /// Ends with the wait, whatever the name server does; the look-up itself goes on for those who come later.
  [[nodiscard]] Task<std::expected<Endpoints, UpstreamError>> find(UpstreamWait wait);
  void forget();

 private:
  struct Lookup;
  // It is final, which the check does not see from here.
  class Waiter;  // NOLINT(cppcoreguidelines-virtual-class-destructor)
  static void look_up(const std::shared_ptr<Lookup>& lookup);

  /// Shared with a look-up under way, which may end after the loop's tasks have.
  std::shared_ptr<Lookup> lookup_;
};

[[nodiscard]] UpstreamAddress& address_of(Loop& loop, const UpstreamFacts& facts);

}  // namespace chatelaine::net
