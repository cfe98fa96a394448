#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "gateway/settings.hpp"
#include "net/request.hpp"
#include "net/response.hpp"
#include "oauth/tokens/access_token.hpp"

/// What the gateway's tests share.
namespace chatelaine::gateway::testing_parts {

class FixedClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return now_; }
  void advance(milliseconds by) { now_ += by; }

 private:
  Instant now_ = from_numeric_date(1'700'000'000);
};

/// A request whose strings live as long as it does.
class FakeRequest {
 public:
  FakeRequest(std::string method, std::string target) : method_(std::move(method)), target_(std::move(target)) {}
  // The headers point into the texts, which a copy would have anew.
  FakeRequest(const FakeRequest&) = delete;
  FakeRequest& operator=(const FakeRequest&) = delete;
  FakeRequest(FakeRequest&&) = default;
  FakeRequest& operator=(FakeRequest&&) = delete;
  ~FakeRequest() = default;
  FakeRequest& header(std::string name, std::string value) {
    const std::string& kept_name = texts_.emplace_back(std::move(name));
    const std::string& kept_value = texts_.emplace_back(std::move(value));
    headers_.push_back({kept_name, kept_value});
    return *this;
  }
  [[nodiscard]] net::Request get() const {
    const std::string_view target = target_;
    const std::size_t question = std::min(target.find('?'), target.size());
    net::Request request;
    request.method = method_ == "GET"       ? net::Method::get
                     : method_ == "HEAD"    ? net::Method::head
                     : method_ == "POST"    ? net::Method::post
                     : method_ == "OPTIONS" ? net::Method::options
                     : method_ == "DELETE"  ? net::Method::delete_
                                            : net::Method::other;
    request.method_name = method_;
    request.target = target;
    request.path = target.substr(0, question);
    request.query = question < target.size() ? target.substr(question + 1) : std::string_view();
    request.headers = headers_;
    request.remote_address = "203.0.113.9";
    return request;
  }

 private:
  std::string method_;
  std::string target_;
  std::deque<std::string> texts_;
  std::vector<net::HeaderView> headers_;
};

[[nodiscard]] inline GatewaySettings make_settings() {
  GatewaySettings settings;
  settings.realm.name = "Todo";
  settings.issuer = oauth::Issuer("https://todo.example.com");
  settings.resource.identifier = oauth::Resource("https://todo.example.com/api");
  settings.own_cookie_names = {"__Host-chatelaine", "__Host-csrf"};
  return settings;
}

[[nodiscard]] inline oauth::AccessToken make_token(std::vector<std::string> scope) {
  return {.id = {7},
          .issuer = oauth::Issuer("https://todo.example.com"),
          .subject = oauth::Subject("user-1"),
          .client_id = oauth::ClientId("client-1"),
          .audience = {oauth::Resource("https://todo.example.com/api")},
          .scope = oauth::Scope(std::move(scope)),
          .grant_id = oauth::GrantId{42},
          .issued_at = from_numeric_date(1'700'000'000),
          .expires_at = from_numeric_date(1'700'003'600)};
}

/// The values of every header of that name.
template <class H>
[[nodiscard]] std::vector<std::string> values_of(const std::vector<H>& headers, std::string_view name) {
  std::vector<std::string> values;
  for (const auto& header : headers) {
    if (net::equals_ignoring_case(header.name, name)) values.emplace_back(header.value);
  }
  return values;
}

}  // namespace chatelaine::gateway::testing_parts
