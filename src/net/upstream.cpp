#include "net/upstream.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <stdexcept>

#include "net/grammar.hpp"
#include "net/upstream_exchange.hpp"

namespace chatelaine::net {
namespace {

std::uint64_t next_number() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

/// The answer's body, read from the upstream as it is sent on. Its end, or the end of the interest in it, is the
/// exchange's.
class UpstreamBody final : public BodySource {
 public:
  explicit UpstreamBody(std::shared_ptr<UpstreamExchange> exchange) : exchange_(std::move(exchange)) {}
  ~UpstreamBody() override { exchange_->abandon(); }
  UpstreamBody(const UpstreamBody&) = delete;
  UpstreamBody& operator=(const UpstreamBody&) = delete;

  Task<std::expected<std::string_view, std::string>> read() override { return exchange_->read_body(); }
  [[nodiscard]] std::optional<std::uint64_t> length() const override { return exchange_->announced_length(); }
  [[nodiscard]] std::string_view take_ready() override { return exchange_->take_ready(); }
  void cancel() override { exchange_->abandon(); }

 private:
  std::shared_ptr<UpstreamExchange> exchange_;
};

/// Ends an exchange that gives no answer.
class AbandonUnlessKept {
 public:
  explicit AbandonUnlessKept(std::shared_ptr<UpstreamExchange> exchange) : exchange_(std::move(exchange)) {}
  AbandonUnlessKept(const AbandonUnlessKept&) = delete;
  AbandonUnlessKept& operator=(const AbandonUnlessKept&) = delete;
  ~AbandonUnlessKept() {
    if (exchange_) exchange_->abandon();
  }
  std::shared_ptr<UpstreamExchange> keep() { return std::move(exchange_); }

 private:
  std::shared_ptr<UpstreamExchange> exchange_;
};

// RFC 9110 §9.2.2.
bool is_idempotent(std::string_view method) {
  constexpr std::array<std::string_view, 6> kIdempotent{"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"};
  return std::ranges::find(kIdempotent, method) != kIdempotent.end();
}

bool has_body(const UpstreamRequest& request) {
  return request.body != nullptr && request.body->announced_length() != std::uint64_t{0};
}

/// A header that the gateway made of a user's data must not become two.
void check_sendable(const UpstreamRequest& request) {
  const bool is_sendable = is_token(request.method) && is_target_text(request.target) &&
                           std::ranges::all_of(request.headers, [](const HeaderView& header) {
                             return is_token(header.name) && is_field_value(header.value);
                           });
  if (!is_sendable) throw std::runtime_error("a request for the upstream has a target or header that cannot be sent");
}

/// What one connection gave: an answer, an error, or the insight that the upstream had closed it before.
struct AttemptOutcome {
  std::expected<Response, UpstreamError> answer;
  bool was_stale = false;
};

Task<AttemptOutcome> attempt(std::shared_ptr<const UpstreamFacts> facts, std::shared_ptr<UpstreamConnection> connection,
                             const UpstreamRequest& request, Loop::TimePoint deadline) {
  const auto exchange = std::make_shared<UpstreamExchange>(std::move(facts), std::move(connection));
  AbandonUnlessKept guard(exchange);
  const Cancellation::Watch watch(request.cancellation, [&exchange] { exchange->abandon(); });
  const auto begun = co_await exchange->begin(request, deadline);
  std::expected<Framing, UpstreamError> framing = std::unexpected(begun ? UpstreamError::broken_answer : begun.error());
  if (begun) framing = co_await exchange->receive_head(request);
  if (!framing) {
    const bool was_stale = framing.error() == UpstreamError::broken_answer && exchange->is_untouched();
    co_return AttemptOutcome{std::unexpected(framing.error()), was_stale};
  }
  Response response = exchange->take_response(*framing);
  const bool is_small = exchange->is_small_and_there();
  if (is_small) response.body = exchange->take_ready();
  if (is_small || framing->body == BodyKind::none) {
    // Reading the end gives the connection back before the answer is even sent on.
    static_cast<void>(co_await exchange->read_body());
  }
  if (is_small) co_return AttemptOutcome{std::move(response)};
  response.stream = std::make_unique<UpstreamBody>(guard.keep());
  co_return AttemptOutcome{std::move(response)};
}

}  // namespace

Upstream::Upstream(HttpUrl url, milliseconds timeout, const std::string& ca_file) {
  TlsContext tls;
  if (url.scheme == "https") {
    auto made = make_client_tls(ca_file);
    if (!made) throw std::runtime_error(made.error());
    tls = std::move(*made);
  }
  std::string authority = url.authority();
  facts_ = std::make_shared<const UpstreamFacts>(UpstreamFacts{.url = std::move(url),
                                                               .authority = std::move(authority),
                                                               .timeout = timeout,
                                                               .tls = std::move(tls),
                                                               .pool_number = next_number(),
                                                               .address_number = next_number()});
}

Task<std::expected<Response, UpstreamError>> Upstream::send(UpstreamRequest request) {
  // Copied, so that an answer may outlive this object.
  const std::shared_ptr<const UpstreamFacts> facts = facts_;
  Loop* const loop = Loop::current();
  if (loop == nullptr) throw std::logic_error("an upstream is asked from a server's loop alone");

  check_sendable(request);
  if (is_cancelled(request.cancellation)) co_return std::unexpected(UpstreamError::cancelled);
  const Loop::TimePoint deadline = loop->now() + facts->timeout;
  if (auto kept = pool_of(*loop, *facts).take()) {
    AttemptOutcome outcome = co_await attempt(facts, std::move(kept), request, deadline);
    // RFC 9112 §9.3.1: an idempotent request may be sent again where the connection closed before any answer.
    const bool may_retry = outcome.was_stale && is_idempotent(request.method) && !has_body(request);
    if (!may_retry) co_return std::move(outcome.answer);
  }
  const UpstreamWait wait{deadline, request.cancellation};
  // The wait looks by itself; whether anybody would be told is what the client is looked after for.
  const Cancellation::Watch watch(request.cancellation, [] {});
  auto connection = co_await connect_upstream(*facts, *loop, wait);
  if (is_cancelled(request.cancellation)) co_return std::unexpected(UpstreamError::cancelled);
  if (!connection) co_return std::unexpected(connection.error());
  AttemptOutcome outcome = co_await attempt(facts, std::move(*connection), request, deadline);
  co_return std::move(outcome.answer);
}

}  // namespace chatelaine::net
