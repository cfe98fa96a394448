#include "gateway/guarded_body.hpp"

namespace chatelaine::gateway {
namespace {

class GuardedBody final : public net::BodySource {
 public:
  GuardedBody(std::unique_ptr<net::BodySource> body, oauth::AccessTokenSecret token, Instant expires_at,
              const VerifyToken& verify, const Clock& clock)
      : body_(std::move(body)),
        token_(std::move(token)),
        expires_at_(expires_at),
        verify_(verify),
        clock_(clock),
        checked_at_(clock.now()) {}

  Task<std::expected<std::string_view, std::string>> read() override {
    auto piece = co_await body_->read();
    if (!piece || piece->empty()) co_return piece;
    // Looked at after the wait: a piece may come long after it was asked for.
    const Instant now = clock_.now();
    if (now >= expires_at_) co_return std::unexpected("the access token expired while its answer was streamed");
    if (now - checked_at_ >= kStreamCheckInterval) {
      const auto verified = co_await verify_(token_.reveal());
      if (!verified) co_return std::unexpected("the access token ended while its answer was streamed");
      checked_at_ = now;
    }
    co_return piece;
  }
  [[nodiscard]] std::optional<std::uint64_t> length() const override { return body_->length(); }
  [[nodiscard]] std::string_view take_ready() override { return body_->take_ready(); }
  void cancel() override { body_->cancel(); }

 private:
  std::unique_ptr<net::BodySource> body_;
  oauth::AccessTokenSecret token_;
  Instant expires_at_;
  const VerifyToken& verify_;
  const Clock& clock_;
  Instant checked_at_;
};

}  // namespace

std::unique_ptr<net::BodySource> guard_body(std::unique_ptr<net::BodySource> body, oauth::AccessTokenSecret token,
                                            Instant expires_at, const VerifyToken& verify, const Clock& clock) {
  return std::make_unique<GuardedBody>(std::move(body), std::move(token), expires_at, verify, clock);
}

}  // namespace chatelaine::gateway
