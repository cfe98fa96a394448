#include "net/server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <thread>

#include "base/unavailable.hpp"
#include "net/sleep.hpp"
#include "net/test_socket.hpp"

namespace chatelaine::net {
namespace {

using std::chrono::steady_clock;

/// Gives pieces with a pause before each.
class PacedSource final : public BodySource {
 public:
  PacedSource(std::vector<std::string> pieces, milliseconds pause, std::optional<std::uint64_t> length)
      : pieces_(std::move(pieces)), pause_(pause), length_(length) {}
  Task<std::expected<std::string_view, std::string>> read() override {
    if (next_ == pieces_.size()) co_return std::string_view{};
    if (pause_ > milliseconds{0}) co_await sleep_for(pause_);
    if (pieces_[next_] == "!") co_return std::unexpected("made to fail");
    if (pieces_[next_] == "?") throw std::runtime_error("a fault");
    co_return std::string_view(pieces_[next_++]);
  }
  [[nodiscard]] std::optional<std::uint64_t> length() const override { return length_; }

 private:
  std::vector<std::string> pieces_;
  milliseconds pause_;
  std::optional<std::uint64_t> length_;
  std::size_t next_ = 0;
};

Response stream(std::vector<std::string> pieces, milliseconds pause, std::optional<std::uint64_t> length) {
  Response response = make_response(200, "text/plain", "");
  response.stream = std::make_unique<PacedSource>(std::move(pieces), pause, length);
  return response;
}

Task<Response> echo_body(const Request& request) {
  const auto body = co_await read_whole_body(request, 1024 * 1024);
  if (body) co_return make_response(200, "text/plain", *body);
  switch (body.error()) {
    case BodyError::too_large:
      co_return make_response(413, "text/plain", "too large");
    case BodyError::timed_out:
      co_return make_response(408, "text/plain", "too slow");
    case BodyError::broken:
      break;
  }
  co_return make_response(400, "text/plain", "broken");
}

Task<Response> count_body(const Request& request) {
  std::uint64_t total = 0;
  std::size_t largest = 0;
  while (true) {
    const auto piece = co_await request.body->read();
    if (!piece) co_return make_response(400, "text/plain", "broken");
    if (piece->empty()) break;
    total += piece->size();
    largest = std::max(largest, piece->size());
  }
  co_return make_response(200, "text/plain", std::to_string(total) + (largest <= 65536 ? " in small pieces" : ""));
}

std::atomic<int> slow_answers{0};
/// /hold comes to this when it has begun, and once more before it ends; in between it keeps its loop's thread.
std::barrier<>* holding = nullptr;
/// /watch tells whether this has an answer already.
const TestSocket* watched = nullptr;

Task<Response> handle(const Request& request) {
  const std::string_view path = request.path;
  if (path == "/echo") co_return co_await echo_body(request);
  if (path == "/count") co_return co_await count_body(request);
  if (path == "/ignore") co_return make_response(200, "text/plain", "ignored");
  if (path == "/throw") throw std::runtime_error("a fault");
  if (path == "/busy") throw Unavailable("a full queue");
  if (path == "/split") {
    Response response = make_response(200, "text/plain", "x");
    response.add_header("A", "b\r\nSet-Cookie: c");
    co_return response;
  }
  if (path == "/204") {
    Response response;
    response.status = 204;
    co_return response;
  }
  if (path == "/slow") {
    co_await sleep_for(milliseconds{300});
    ++slow_answers;
    co_return make_response(200, "text/plain", "slow");
  }
  if (path == "/forever") {
    co_await sleep_for(milliseconds{600'000});
    co_return make_response(200, "text/plain", "at last");
  }
  if (path == "/hold") {
    holding->arrive_and_wait();
    holding->arrive_and_wait();
    co_return make_response(200, "text/plain", "held");
  }
  if (path == "/watch") co_return make_response(200, "text/plain", watched->has_input() ? "answered" : "waiting");
  if (path == "/address") co_return make_response(200, "text/plain", std::string(request.remote_address));
  if (path == "/peer") {
    const char* trust = request.is_from_trusted_proxy ? " is trusted" : " is not trusted";
    co_return make_response(200, "text/plain", std::string(request.peer_address) + trust);
  }
  if (path == "/id") co_return make_response(200, "text/plain", std::string(request.id));
  if (path == "/chunks") co_return stream({"one", "two", "three"}, milliseconds{0}, std::nullopt);
  if (path == "/events") co_return stream({"data: 1\n\n", "data: 2\n\n"}, milliseconds{400}, std::nullopt);
  if (path == "/sized") co_return stream({"one", "two"}, milliseconds{0}, 6);
  if (path == "/short") co_return stream({"one"}, milliseconds{0}, 6);
  if (path == "/long") co_return stream({"one", "twotwo"}, milliseconds{0}, 6);
  if (path == "/breaks") co_return stream({"one", "!"}, milliseconds{0}, std::nullopt);
  if (path == "/faults") co_return stream({"one", "?"}, milliseconds{0}, std::nullopt);
  if (path == "/large") co_return make_response(200, "text/plain", std::string(8 * 1024 * 1024, 'x'));
  co_return make_response(200, "text/plain", std::string(request.method_name) + ' ' + std::string(request.target));
}

class ServerTest : public testing::Test {
 protected:
  ServerTest() { restart({}); }
  void restart(ServerLimits limits, std::vector<std::string> trusted = {}, unsigned threads = 2) {
    server_.reset();
    ServerSettings settings;
    settings.listen = "127.0.0.1:0";
    settings.threads = threads;
    settings.limits = limits;
    settings.trusted_proxies = std::move(trusted);
    server_ = std::make_unique<Server>(settings, handle, log_);
    server_->start();
  }
  [[nodiscard]] TestSocket connect() const { return TestSocket(server_->port()); }
  /// Sends, closes the sending side, and gives everything that comes.
  [[nodiscard]] std::string exchange(std::string_view bytes) const {
    TestSocket client = connect();
    client.send(bytes);
    client.shutdown_send();
    return client.receive_all();
  }

  SilentLog log_;
  std::unique_ptr<Server> server_;
};

std::string get(std::string_view path, std::string_view headers = "") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n" + std::string(headers) + "\r\n";
}
std::string post(std::string_view path, std::string_view headers, std::string_view body) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n" + std::string(headers) + "\r\n" + std::string(body);
}
bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }
std::string body_of(std::string_view answer) { return std::string(answer.substr(answer.find("\r\n\r\n") + 4)); }

TEST_F(ServerTest, answers_with_framing_date_and_the_requests_id) {
  const std::string answer = exchange(get("/id"));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_TRUE(contains(answer, "Content-Length: 16\r\n")) << answer;
  EXPECT_TRUE(contains(answer, " GMT\r\n")) << answer;
  EXPECT_TRUE(contains(answer, "X-Request-Id: " + body_of(answer) + "\r\n")) << answer;
}

TEST_F(ServerTest, pipelined_requests_are_answered_in_order) {
  const std::string all = exchange(get("/slow") + post("/echo", "Content-Length: 3\r\n", "abc") +
                                   post("/echo", "Transfer-Encoding: chunked\r\n", "2\r\nde\r\n0\r\n\r\n") + get("/z"));
  const std::vector<std::string> parts{"slow", "abc", "de", "GET /z"};
  std::size_t at = 0;
  for (const std::string& part : parts) {
    at = all.find("\r\n\r\n" + part, at);
    EXPECT_NE(at, std::string::npos) << part << " in " << all;
  }
}

TEST_F(ServerTest, what_came_in_together_is_answered_together) {
  restart({}, {}, 1);
  std::barrier meeting(2);
  holding = &meeting;
  TestSocket holder = connect();
  TestSocket first = connect();
  TestSocket second = connect();
  watched = &first;
  // The loop knows both connections, and is then kept from reading until both have something to read.
  for (TestSocket* client : {&first, &second}) {
    client->send(get("/z"));
    ASSERT_TRUE(contains(client->receive_answer(), "GET /z"));
  }
  holder.send(get("/hold"));
  meeting.arrive_and_wait();
  first.send(get("/z"));
  second.send(get("/watch"));
  meeting.arrive_and_wait();
  EXPECT_EQ(body_of(second.receive_answer()), "waiting");
  EXPECT_EQ(body_of(first.receive_answer()), "GET /z");
}

TEST_F(ServerTest, a_request_may_come_byte_by_byte) {
  TestSocket client = connect();
  for (const char c : post("/echo", "Transfer-Encoding: chunked\r\n", "3;x\r\nabc\r\n0\r\nT: v\r\n\r\n")) {
    client.send({&c, 1});
  }
  EXPECT_EQ(body_of(client.receive_answer()), "abc");
  client.send(get("/next"));
  EXPECT_EQ(body_of(client.receive_answer()), "GET /next");
}

TEST_F(ServerTest, rfc_9112_section_2_2_empty_lines_are_judged_alike_however_they_arrive) {
  const auto drip = [this](std::string_view bytes) {
    TestSocket client = connect();
    for (const char c : bytes) {
      client.send({&c, 1});
      if (c == '\n') std::this_thread::sleep_for(milliseconds{20});
    }
    client.shutdown_send();
    return client.receive_all();
  };
  EXPECT_TRUE(drip("\r\n" + get("/a")).starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(drip("\r\n\r\n" + get("/a")).starts_with("HTTP/1.1 400 "));
}

struct ExchangeRow {
  std::string_view sentence;
  std::string sent;
  std::string_view begins;
  std::string_view ends;
};

TEST_F(ServerTest, what_comes_back) {
  const std::vector<ExchangeRow> rows{
      {"HTTP/1.0 is answered and closed", "GET /a HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK\r\n", "GET /a"},
      {"an empty line in front is passed over", "\r\n" + get("/a"), "HTTP/1.1 200 OK\r\n", "GET /a"},
      {"two empty lines are not", "\r\n\r\n" + get("/a"), "HTTP/1.1 400 ", "request line.\n"},
      {"HEAD has a length and no body", "HEAD /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
       "HTTP/1.1 200 OK\r\n", "Content-Length: 7\r\nConnection: close\r\n\r\n"},
      {"204 has neither", get("/204", "Connection: close\r\n"), "HTTP/1.1 204 No Content\r\n",
       "\r\nConnection: close\r\n\r\n"},
      {"a stream is chunked", get("/chunks"), "HTTP/1.1 200 OK\r\n", "3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n"},
      {"a stream for HTTP/1.0 ends with the connection", "GET /chunks HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK\r\n",
       "Connection: close\r\n\r\nonetwothree"},
      {"a stream of known length", get("/sized"), "HTTP/1.1 200 OK\r\n", "Content-Length: 6\r\n\r\nonetwo"},
      {"a stream that ends early breaks off", get("/short"), "HTTP/1.1 200 OK\r\n", "\r\n\r\none"},
      {"a stream never exceeds its length", get("/long"), "HTTP/1.1 200 OK\r\n", "\r\n\r\none"},
      {"a failing stream has no last chunk", get("/breaks"), "HTTP/1.1 200 OK\r\n", "3\r\none\r\n"},
      {"so has one that throws, and the server lives on", get("/faults"), "HTTP/1.1 200 OK\r\n", "3\r\none\r\n"},
      {"a fault is 500", get("/throw"), "HTTP/1.1 500 ", "id.\n"},
      {"unavailable is 503", get("/busy"), "HTTP/1.1 503 ", "moment.\n"},
      {"a header that would split the answer is 500", get("/split"), "HTTP/1.1 500 ", "sent.\n"},
      {"garbage", std::string("\x16\x03\x01\x02\x00", 5), "HTTP/1.1 400 ", "This is not HTTP.\n"},
      {"smuggling",
       post("/echo", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nGET /x HTTP/1.1\r\n"),
       "HTTP/1.1 400 ", "other.\n"},
      {"a broken chunk", post("/echo", "Transfer-Encoding: chunked\r\n", "x\r\n"), "HTTP/1.1 400 ", "broken"},
      {"a body that ends early", post("/echo", "Content-Length: 5\r\n", "abc"), "HTTP/1.1 400 ", "broken"},
      {"a body over the reader's limit", post("/echo", "Content-Length: 2000000\r\n", "abc"), "HTTP/1.1 413 ",
       "too large"},
      {"a header without end", "GET / HTTP/1.1\r\nHost: a\r\nA: " + std::string(40'000, 'a'), "HTTP/1.1 431 ",
       "too large.\n"},
      {"a body nobody asked for is skipped where it is there",
       post("/ignore", "Content-Length: 3\r\n", "abc") + get("/b"), "HTTP/1.1 200 OK\r\n", "GET /b"},
      {"and ends the connection where it is not", post("/ignore", "Content-Length: 3000\r\n", "abc") + get("/b"),
       "HTTP/1.1 200 OK\r\n", "\r\n\r\nignored"},
  };
  for (const ExchangeRow& row : rows) {
    const std::string answer = exchange(row.sent);
    EXPECT_TRUE(answer.starts_with(row.begins)) << row.sentence << ":\n" << answer;
    EXPECT_TRUE(answer.ends_with(row.ends)) << row.sentence << ":\n" << answer;
  }
  EXPECT_TRUE(contains(exchange(get("/busy")), "Retry-After: 1\r\n"));
}

TEST_F(ServerTest, rfc_9110_section_10_1_1_continue_is_sent_when_the_body_is_read) {
  TestSocket client = connect();
  client.send(post("/echo", "Expect: 100-continue\r\nContent-Length: 3\r\n", ""));
  EXPECT_EQ(client.receive_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("abc");
  EXPECT_EQ(body_of(client.receive_answer()), "abc");

  TestSocket refused = connect();
  refused.send(post("/ignore", "Expect: 100-continue\r\nContent-Length: 3\r\n", ""));
  const std::string answer = refused.receive_until("ignored");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK")) << answer;
  EXPECT_TRUE(contains(answer, "Connection: close\r\n")) << answer;
}

TEST_F(ServerTest, a_piece_is_sent_before_the_next_is_made) {
  TestSocket client = connect();
  client.send(get("/events"));
  const std::string first = client.receive_until("data: 1");
  const auto seen = steady_clock::now();
  EXPECT_FALSE(contains(first, "data: 2"));
  EXPECT_TRUE(contains(client.receive_until("data: 2"), "data: 2"));
  EXPECT_GE(steady_clock::now() - seen, milliseconds{250});
}

TEST_F(ServerTest, a_large_upload_arrives_in_bounded_pieces) {
  constexpr std::size_t kSize = 64 * 1024 * 1024;
  TestSocket client = connect();
  client.send(post("/count", "Content-Length: " + std::to_string(kSize) + "\r\n", ""));
  const std::string block(1024 * 1024, 'x');
  for (std::size_t sent = 0; sent < kSize; sent += block.size()) ASSERT_TRUE(client.send(block));
  EXPECT_EQ(body_of(client.receive_answer()), std::to_string(kSize) + " in small pieces");
}

TEST_F(ServerTest, rfc_9112_section_9_6_a_refused_upload_still_gets_its_answer) {
  TestSocket client = connect();
  client.send(post("/echo", "Content-Length: 8000000\r\n", ""));
  client.send(std::string(4'000'000, 'x'));
  EXPECT_TRUE(client.receive_all().starts_with("HTTP/1.1 413 "));
}

TEST_F(ServerTest, a_large_answer_waits_for_a_slow_reader) {
  TestSocket client = connect();
  client.send(get("/large"));
  std::this_thread::sleep_for(milliseconds{100});
  EXPECT_EQ(body_of(client.receive_answer()).size(), 8U * 1024 * 1024);
}

TEST_F(ServerTest, x_forwarded_for_counts_from_a_trusted_proxy_alone) {
  const std::string headers = "X-Forwarded-For: 1.1.1.1, 192.0.2.7\r\n";
  EXPECT_EQ(body_of(exchange(get("/address", headers))), "127.0.0.1");
  EXPECT_EQ(body_of(exchange(get("/peer", headers))), "127.0.0.1 is not trusted");
  restart({}, {"127.0.0.0/8"});
  EXPECT_EQ(body_of(exchange(get("/address", headers))), "192.0.2.7");
  EXPECT_EQ(body_of(exchange(get("/peer", headers))), "127.0.0.1 is trusted");
}

TEST_F(ServerTest, a_client_that_goes_while_its_handler_runs_hurts_nobody) {
  slow_answers = 0;
  for (int i = 0; i < 8; ++i) {
    TestSocket client = connect();
    client.send(get("/slow"));
    i % 2 == 0 ? client.reset() : client.close();
  }
  EXPECT_EQ(body_of(exchange(get("/after"))), "GET /after");
  for (int i = 0; i < 100 && slow_answers < 4; ++i) std::this_thread::sleep_for(milliseconds{20});
  EXPECT_GE(slow_answers, 4);
}

TEST_F(ServerTest, stopping_lets_requests_under_way_finish_and_ends_idle_connections) {
  TestSocket busy = connect();
  TestSocket idle = connect();
  idle.send(get("/"));
  EXPECT_FALSE(idle.receive_answer().empty());
  busy.send(get("/slow"));
  std::this_thread::sleep_for(milliseconds{100});
  const auto start = steady_clock::now();
  server_->stop(milliseconds{5'000});
  EXPECT_LT(steady_clock::now() - start, milliseconds{2'000});
  const std::string answer = busy.receive_all();
  EXPECT_TRUE(answer.ends_with("\r\n\r\nslow")) << answer;
  EXPECT_TRUE(contains(answer, "Connection: close\r\n")) << answer;
  EXPECT_EQ(idle.receive_all(), "");
  EXPECT_THROW(connect(), std::runtime_error);
}

TEST_F(ServerTest, stopping_serves_whoever_was_let_in) {
  std::vector<TestSocket> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(connect());
    clients.back().send(get("/a"));
  }
  server_->stop(milliseconds{5'000});
  for (std::size_t i = 0; i < clients.size(); ++i) {
    const std::string answer = clients[i].receive_all();
    EXPECT_TRUE(answer.ends_with("GET /a")) << "client " << i << " got '" << answer << "'";
  }
}

TEST_F(ServerTest, stopping_does_not_wait_beyond_its_patience) {
  TestSocket sleeper = connect();
  sleeper.send(get("/forever"));
  TestSocket uploader = connect();
  uploader.send(post("/echo", "Content-Length: 5\r\n", "ab"));
  TestSocket reader = connect();
  reader.send(get("/large"));
  std::this_thread::sleep_for(milliseconds{100});
  const auto start = steady_clock::now();
  server_->stop(milliseconds{200});
  EXPECT_LT(steady_clock::now() - start, milliseconds{3'000});
}

TEST_F(ServerTest, an_address_in_use_is_named) {
  ServerSettings settings;
  settings.listen = server_->address();
  try {
    const Server second(settings, handle, log_);
    FAIL() << "two servers listen on one port";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), "cannot listen on " + server_->address() + ": Address already in use");
  }
}

}  // namespace
}  // namespace chatelaine::net
