#include "gateway/guarded_body.hpp"

#include "net/loop.hpp"

namespace chatelaine::gateway {
namespace {

constexpr std::string_view kExpired = "the access token expired while its answer was streamed";
constexpr std::string_view kEnded = "the access token ended while its answer was streamed";

/// What the body shares with a look at its token, which may end after it.
struct Guard {
  net::BodySource* body;
  oauth::AccessTokenSecret token;
  Instant expires_at;
  const VerifyToken& verify;
  const Clock& clock;
  Instant looked_at;
  bool is_looking = false;
  /// Why the answer ends, once it does.
  std::string_view fault;

  [[nodiscard]] bool is_look_due(Instant now) const {
    // A clock that was set back must not put the next look off.
    return now - looked_at >= kStreamCheckInterval || now < looked_at;
  }
  void end(std::string_view why) {
    if (fault.empty()) fault = why;
    if (body != nullptr) body->cancel();
  }
};

Task<void> look(std::shared_ptr<Guard> guard) {
  guard->looked_at = guard->clock.now();
  guard->is_looking = true;
  bool is_good = false;
  try {
    const auto verified = co_await guard->verify(guard->token.reveal());
    is_good = verified.has_value();
  } catch (const std::exception&) {
    // What cannot be checked does not go on; the verifier's next caller reports the fault.
    is_good = false;
  }
  guard->is_looking = false;
  if (!is_good) guard->end(kEnded);
}

class GuardedBody final : public net::BodySource {
 public:
  GuardedBody(std::unique_ptr<net::BodySource> body, std::shared_ptr<Guard> guard)
      : body_(std::move(body)), guard_(std::move(guard)) {}
  ~GuardedBody() override { guard_->body = nullptr; }
  GuardedBody(const GuardedBody&) = delete;
  GuardedBody& operator=(const GuardedBody&) = delete;

  Task<std::expected<std::string_view, std::string>> read() override {
    auto piece = co_await body_->read();
    // Looked at after the wait: a piece may come long after it was asked for.
    const bool is_last = piece && piece->empty();
    if (piece && !is_last) {
      const Instant now = guard_->clock.now();
      if (now >= guard_->expires_at) {
        guard_->end(kExpired);
      } else if (guard_->is_look_due(now)) {
        co_await look(guard_);
      }
    }
    if (!is_last && !guard_->fault.empty()) co_return std::unexpected(std::string(guard_->fault));
    co_return piece;
  }
  [[nodiscard]] std::optional<std::uint64_t> length() const override { return body_->length(); }
  [[nodiscard]] std::string_view take_ready() override { return body_->take_ready(); }
  void cancel() override { body_->cancel(); }
  /// The API may have nothing to say for hours: the token ends all the same.
  void tick(net::Loop& loop) override {
    body_->tick(loop);
    if (!guard_->fault.empty()) return;
    const Instant now = guard_->clock.now();
    if (now >= guard_->expires_at) {
      guard_->end(kExpired);
    } else if (!guard_->is_looking && guard_->is_look_due(now)) {
      loop.start(look(guard_));
    }
  }

 private:
  std::unique_ptr<net::BodySource> body_;
  std::shared_ptr<Guard> guard_;
};

}  // namespace

std::unique_ptr<net::BodySource> guard_body(std::unique_ptr<net::BodySource> body, oauth::AccessTokenSecret token,
                                            Instant expires_at, const VerifyToken& verify, const Clock& clock) {
  auto guard =
      std::make_shared<Guard>(Guard{body.get(), std::move(token), expires_at, verify, clock, clock.now(), false, {}});
  return std::make_unique<GuardedBody>(std::move(body), std::move(guard));
}

}  // namespace chatelaine::gateway
