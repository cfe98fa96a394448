#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <thread>

#include "net/server.hpp"
#include "net/test_socket.hpp"

namespace chatelaine::net {
namespace {

using std::chrono::steady_clock;

class KeptLog final : public Log {
 public:
  void write(Level, std::string_view event, std::initializer_list<Field>) override {
    const std::scoped_lock lock(mutex_);
    events_.emplace_back(event);
  }
  [[nodiscard]] long count(std::string_view event) const {
    const std::scoped_lock lock(mutex_);
    return std::ranges::count(events_, event);
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> events_;
};

constexpr std::size_t kLarge = 16 * 1024 * 1024;

Task<Response> handle(const Request& request) {
  if (request.path == "/large") co_return make_response(200, "text/plain", std::string(kLarge, 'x'));
  const auto body = co_await read_whole_body(request, 1024 * 1024);
  if (body) co_return make_response(200, "text/plain", *body);
  co_return make_response(408, "text/plain", body.error() == BodyError::timed_out ? "too slow" : "broken");
}

class SlowClientTest : public testing::Test {
 protected:
  void start(ServerLimits limits) {
    ServerSettings settings{.listen = "127.0.0.1:0", .threads = 1, .limits = limits};
    server_ = std::make_unique<Server>(settings, handle, log_);
    server_->start();
  }
  [[nodiscard]] TestSocket connect() const { return TestSocket(server_->port()); }

  KeptLog log_;
  std::unique_ptr<Server> server_;
};

std::string get(std::string_view path) { return "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n"; }
std::string post(std::size_t length) {
  return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
}
/// Sends a byte every 50 ms until the server has answered or given up, for at most that long; whether it did.
bool drip(TestSocket& client, std::string_view bytes, milliseconds most) {
  const auto start = steady_clock::now();
  for (const char c : bytes) {
    if (client.has_input() || !client.send({&c, 1})) return true;
    if (steady_clock::now() - start > most) return false;
    std::this_thread::sleep_for(milliseconds{50});
  }
  return false;
}

TEST_F(SlowClientTest, time_outs) {
  start({.header_timeout = milliseconds{300},
         .body_idle_timeout = milliseconds{300},
         .keep_alive_timeout = milliseconds{300}});
  TestSocket silent = connect();
  EXPECT_EQ(silent.receive_all(), "");
  EXPECT_FALSE(silent.was_reset());
  TestSocket slow_header = connect();
  slow_header.send("GET / HTTP/1.1\r\nHost:");
  EXPECT_TRUE(slow_header.receive_all().starts_with("HTTP/1.1 408 "));
  TestSocket slow_body = connect();
  slow_body.send(post(5) + "ab");
  EXPECT_TRUE(slow_body.receive_all().ends_with("too slow"));
  TestSocket kept = connect();
  kept.send(post(0));
  EXPECT_FALSE(kept.receive_answer().empty());
  EXPECT_EQ(kept.receive_all(), "");
  TestSocket slow_reader = connect();
  slow_reader.send(get("/large"));
  std::this_thread::sleep_for(milliseconds{1500});
  EXPECT_LT(slow_reader.receive_all().size(), kLarge);
}

TEST_F(SlowClientTest, a_header_that_trickles_has_its_time_in_all) {
  start({.header_timeout = milliseconds{400}});
  TestSocket client = connect();
  EXPECT_TRUE(drip(client, "GET / HTTP/1.1\r\nHost: " + std::string(80, 'a'), milliseconds{2'000}));
  EXPECT_TRUE(client.receive_all().starts_with("HTTP/1.1 408 "));
}

TEST_F(SlowClientTest, threats_l13_a_body_that_drips_is_shed) {
  start({.body_idle_timeout = milliseconds{5'000}, .body_grace = milliseconds{400}, .body_bytes_a_second = 256});
  TestSocket client = connect();
  client.send(post(1'000));
  EXPECT_TRUE(drip(client, std::string(120, 'x'), milliseconds{5'000}));
  EXPECT_TRUE(client.receive_all().ends_with("too slow"));
}

TEST_F(SlowClientTest, a_body_that_is_slow_but_comes_is_taken) {
  start({.body_idle_timeout = milliseconds{5'000}, .body_grace = milliseconds{400}, .body_bytes_a_second = 256});
  TestSocket client = connect();
  client.send(post(4'000));
  for (int i = 0; i < 8; ++i) {
    client.send(std::string(500, 'x'));
    std::this_thread::sleep_for(milliseconds{250});
  }
  EXPECT_TRUE(client.receive_answer().ends_with(std::string(100, 'x')));
}

TEST_F(SlowClientTest, a_large_answer_is_not_cut_for_one_who_reads_slowly_but_reads) {
  start({.body_idle_timeout = milliseconds{2'000}});
  TestSocket client = connect();
  client.send(get("/large"));
  std::string answer;
  while (answer.size() < kLarge) {
    const std::string piece = client.receive_some();
    if (piece.empty()) break;
    answer += piece;
    // Twice the idle time in all, and never that long at once.
    std::this_thread::sleep_for(milliseconds{16});
  }
  EXPECT_GE(answer.size(), kLarge);
}

TEST_F(SlowClientTest, connections_over_the_limit_are_closed_at_once_and_logged_once_a_second) {
  start({.connections = 2});
  TestSocket one = connect();
  TestSocket two = connect();
  one.send(get("/"));
  two.send(get("/"));
  EXPECT_FALSE(one.receive_answer().empty());
  EXPECT_FALSE(two.receive_answer().empty());
  const auto begun = steady_clock::now();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(connect().receive_all(), "");
  const auto seconds_passed = std::chrono::duration_cast<seconds>(steady_clock::now() - begun).count();
  const long warnings = log_.count("a connection was closed at once: there are as many as may be");
  EXPECT_GE(warnings, 1);
  EXPECT_LE(warnings, seconds_passed + 2);
  one.close();
  std::string answer;
  for (int i = 0; i < 50 && answer.empty(); ++i) {
    std::this_thread::sleep_for(milliseconds{20});
    TestSocket again = connect();
    again.send(get("/"));
    answer = again.receive_answer();
  }
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
}

}  // namespace
}  // namespace chatelaine::net
