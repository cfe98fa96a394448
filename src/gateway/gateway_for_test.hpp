#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/block_on.hpp"
#include "gateway/gateway.hpp"
#include "gateway/guard.hpp"
#include "gateway/testing.hpp"

/// The gateway in front of an API of a test's own.
namespace chatelaine::gateway::testing_parts {

inline constexpr std::string_view kDescription = R"(
openapi: 3.0.1
components: {securitySchemes: {oauth: {type: oauth2, flows: {}}}}
paths:
  /todos:
    get: {security: [{oauth: [read]}]}
    post: {security: [{oauth: [read, write]}]}
  /todos/{id}:
    delete: {security: [{oauth: [write]}]}
  /status:
    get: {}
  /events:
    get: {}
)";

class Events final : public net::BodySource {
 public:
  Task<std::expected<std::string_view, std::string>> read() override { co_return std::string_view("data: 1\n\n"); }
  [[nodiscard]] std::optional<std::uint64_t> length() const override { return std::nullopt; }
};

using Verified = std::expected<std::shared_ptr<const oauth::AccessToken>, tokens::TokenRefusal>;
using Answer = std::expected<net::Response, net::UpstreamError>;

/// The gateway with an upstream that remembers what it was sent, and a verifier that knows a few tokens.
class GatewayFixture : public testing::Test {
 public:
  GatewayFixture()
      : live_(make_default_settings()),
        guard_({.verify = [this](std::string_view token) { return verify(token); },
                .signing_key = [this] { return read_key(); },
                .record = [this](storage::CallRecord record) { records_.push_back(std::move(record)); },
                .find_sign_in = [this](oauth::GrantId) { return find_sign_in(); },
                .find_consent = [this](const oauth::AccessToken&, const oauth::Resource&) { return find_consent(); },
                .ask_user = [this](storage::Confirmation question, Instant) { return ask(std::move(question)); }},
               clock_, log_),
        gateway_(live_, guard_, [this](net::UpstreamRequest request) { return send(std::move(request)); }, log_) {}

  static GatewaySettings make_default_settings() {
    GatewaySettings settings = make_settings();
    settings.description =
        std::make_shared<const openapi::Description>(openapi::read_description(kDescription).value());
    settings.public_paths = {"/logo.png", "/docs/*"};
    return settings;
  }

  net::Response call(const FakeRequest& request) {
    net::Request sent = request.get();
    notes_ = {};
    sent.notes = &notes_;
    return block_on(gateway_.handle(sent));
  }

 protected:
  Task<Verified> verify(std::string_view token) {
    ++verifications_;
    if (token == "revoked" || token == revoked_) co_return std::unexpected(tokens::TokenFault::revoked);
    if (token == "reader") co_return std::make_shared<const oauth::AccessToken>(make_token({"read"}));
    if (token == "writer") co_return std::make_shared<const oauth::AccessToken>(make_token({"read", "write"}));
    if (token == "knower") co_return std::make_shared<const oauth::AccessToken>(make_token({"openid", "profile"}));
    if (token == "elsewhere") co_return std::make_shared<const oauth::AccessToken>(make_token({"notes", "openid"}));
    if (token == "both") co_return std::make_shared<const oauth::AccessToken>(make_token({"notes", "openid", "read"}));
    if (token == "machine") {
      oauth::AccessToken machine = make_token({"read"});
      machine.grant_id.reset();
      co_return std::make_shared<const oauth::AccessToken>(std::move(machine));
    }
    co_return std::unexpected(tokens::TokenFault::unknown);
  }
  Task<crypto::SigningKey> read_key() {
    ++signatures_;
    co_return key_;
  }
  Task<std::optional<Instant>> find_sign_in() { co_return signed_in_at_; }
  Task<std::optional<oauth::Consent>> find_consent() { co_return consent_; }
  Task<UsersAnswer> ask(storage::Confirmation question) {
    questions_.push_back(std::move(question));
    co_return users_answer_;
  }
  Task<Answer> send(net::UpstreamRequest request) {
    ++sent_;
    target_ = request.target;
    method_ = request.method;
    headers_.clear();
    for (const net::HeaderView& header : request.headers) {
      headers_.push_back({std::string(header.name), std::string(header.value)});
    }
    body_.clear();
    if (request.body != nullptr) {
      const auto piece = co_await request.body->read();
      body_ = piece.value_or("broken");
    }
    if (error_) co_return std::unexpected(*error_);
    if (request.target == "/events") {
      net::Response events = net::make_response(200, "text/event-stream", "");
      events.stream = std::make_unique<Events>();
      co_return events;
    }
    co_return net::make_response(200, "text/plain", "from the API");
  }

  FixedClock clock_;
  SilentLog log_;
  /// What was noted of the last call.
  FlightNotes notes_;
  crypto::SigningKey key_ = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256);
  int verifications_ = 0;
  int signatures_ = 0;
  int sent_ = 0;
  std::string target_;
  std::string method_;
  std::string body_;
  std::vector<net::Header> headers_;
  std::optional<net::UpstreamError> error_;
  std::string revoked_;
  std::vector<storage::CallRecord> records_;
  std::optional<Instant> signed_in_at_;
  std::optional<oauth::Consent> consent_;
  UsersAnswer users_answer_;
  std::vector<storage::Confirmation> questions_;
  Live<GatewaySettings> live_;
  Guard guard_;
  Gateway gateway_;
};

}  // namespace chatelaine::gateway::testing_parts
