#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <thread>

#include "net/hop_by_hop.hpp"
#include "net/server.hpp"
#include "net/test_socket.hpp"
#include "net/upstream.hpp"

/// What the tests of the upstream client share.
namespace chatelaine::net::upstream_testing {

/// Passes every request on, as a gateway would.
class Proxy {
 public:
  Proxy(const std::string& url, milliseconds timeout, ServerLimits limits = {})
      : upstream_(parse_http_url(url).value(), timeout),
        server_(
            {.listen = "127.0.0.1:0", .threads = 1, .limits = limits},
            [this](const Request& r) { return pass_on(*this, r); }, log_) {
    server_.start();
  }
  [[nodiscard]] std::uint16_t port() const { return server_.port(); }

 private:
  static Task<Response> pass_on(Proxy& self, const Request& request) {
    UpstreamRequest out;
    out.method = request.method_name;
    out.target = request.target;
    out.headers.assign(request.headers.begin(), request.headers.end());
    remove_hop_by_hop(out.headers);
    if (request.path == "/injected") out.headers.push_back({"Chatelaine-Subject", "a\r\nb: c"});
    out.body = request.body;
    out.cancellation = request.cancellation;
    auto answer = co_await self.upstream_.send(std::move(out));
    if (answer) co_return std::move(*answer);
    switch (answer.error()) {
      case UpstreamError::unreachable:
        co_return make_response(502, "text/plain", "unreachable");
      case UpstreamError::timed_out:
        co_return make_response(504, "text/plain", "timed out");
      case UpstreamError::broken_answer:
        co_return make_response(502, "text/plain", "broken answer");
      case UpstreamError::request_body_timed_out:
        co_return make_response(408, "text/plain", "request body timed out");
      case UpstreamError::cancelled:
        co_return make_response(499, "text/plain", "cancelled");
      case UpstreamError::request_body_failed:
        break;
    }
    co_return make_response(400, "text/plain", "request body failed");
  }

  SilentLog log_;
  Upstream upstream_;
  Server server_;
};

/// An upstream that a test scripts on its own thread, behind a proxy.
class UpstreamTest : public testing::Test {
 protected:
  explicit UpstreamTest(milliseconds timeout = milliseconds{5'000})
      : proxy_("http://127.0.0.1:" + std::to_string(listener_.port()) + "/base/", timeout) {}
  ~UpstreamTest() override {
    if (thread_.joinable()) thread_.join();
  }
  void script(std::function<void(TestListener&)> script) {
    if (thread_.joinable()) thread_.join();
    thread_ = std::thread([this, script = std::move(script)] { script(listener_); });
  }
  /// Each connection gets one answer and is closed.
  void answer_once(std::string answer) {
    script([answer = std::move(answer)](TestListener& listener) {
      TestSocket upstream = listener.accept();
      static_cast<void>(upstream.receive_until("\r\n\r\n"));
      upstream.send(answer);
    });
  }
  [[nodiscard]] TestSocket connect() const { return TestSocket(proxy_.port()); }
  [[nodiscard]] std::string exchange(std::string_view bytes) const {
    TestSocket client = connect();
    client.send(bytes);
    return client.receive_all();
  }

  TestListener listener_;
  Proxy proxy_;
  std::thread thread_;
};

class ImpatientUpstreamTest : public UpstreamTest {
 protected:
  ImpatientUpstreamTest() : UpstreamTest(milliseconds{400}) {}
};

inline std::string get(std::string_view path) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
}
inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace chatelaine::net::upstream_testing
