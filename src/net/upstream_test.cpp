#include "net/upstream.hpp"

#include <unistd.h>

#include <atomic>

#include "net/upstream_testing.hpp"

namespace chatelaine::net {
namespace {

using namespace upstream_testing;
using std::chrono::steady_clock;

TEST_F(UpstreamTest, the_request_goes_on_with_its_own_framing_and_host) {
  std::string seen;
  script([&](TestListener& listener) {
    TestSocket upstream = listener.accept();
    seen = upstream.receive_until("\r\n\r\n");
    seen += upstream.receive_until("abc");
    upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: X-Hop\r\nX-Hop: 1\r\nX-End: 2\r\n\r\nok");
  });
  const std::string answer = exchange(
      "POST /a?b HTTP/1.1\r\nHost: outside\r\nX-A: 1\r\nContent-Length: 3\r\nConnection: close, X-B\r\nX-B: "
      "2\r\n\r\nabc");
  EXPECT_EQ(seen, "POST /base/a?b HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(listener_.port()) +
                      "\r\nX-A: 1\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_TRUE(contains(answer, "X-End: 2\r\n")) << answer;
  EXPECT_FALSE(contains(answer, "X-Hop")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nok")) << answer;
}

TEST_F(UpstreamTest, a_chunked_upload_stays_chunked) {
  std::string seen;
  script([&](TestListener& listener) {
    TestSocket upstream = listener.accept();
    seen = upstream.receive_until("0\r\n\r\n");
    upstream.send("HTTP/1.1 204 No Content\r\n\r\n");
  });
  TestSocket client = connect();
  client.send("PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  client.send("3\r\nabc\r\n");
  client.send("0\r\n\r\n");
  EXPECT_TRUE(client.receive_answer().starts_with("HTTP/1.1 204 "));
  EXPECT_TRUE(contains(seen, "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")) << seen;
  EXPECT_FALSE(contains(seen, "Content-Length")) << seen;
}

struct AnswerRow {
  std::string_view sentence;
  std::string answer;
  std::string_view begins;
  std::string_view ends;
};

TEST_F(UpstreamTest, answers_are_passed_on_or_refused) {
  const std::vector<AnswerRow> rows{
      {"a length", "HTTP/1.1 201 X\r\nContent-Length: 3\r\n\r\nabc", "HTTP/1.1 201 Created\r\n", "\r\n\r\nabc"},
      {"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: x\r\n\r\n",
       "HTTP/1.1 200 OK\r\n", "\r\n\r\n3\r\nabc\r\n0\r\n\r\n"},
      {"until the connection closes", "HTTP/1.0 200 OK\r\n\r\nabc", "HTTP/1.1 200 OK\r\n", "3\r\nabc\r\n0\r\n\r\n"},
      {"interim answers are passed over",
       "HTTP/1.1 103 Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "HTTP/1.1 200 OK\r\n",
       "\r\n\r\nx"},
      {"a 304 ends with its head", "HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", "HTTP/1.1 304 ", "\r\n\r\n"},
      {"no HTTP", "hello\r\n\r\n", "HTTP/1.1 502 ", "broken answer"},
      {"nothing", "", "HTTP/1.1 502 ", "broken answer"},
      {"half a header", "HTTP/1.1 200 OK\r\nA:", "HTTP/1.1 502 ", "broken answer"},
      {"both lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx", "HTTP/1.1 502 ",
       "broken answer"},
      {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", "HTTP/1.1 502 ",
       "broken answer"},
      {"an unknown coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nx", "HTTP/1.1 502 ", "broken answer"},
      {"a control character", "HTTP/1.1 200 OK\r\nA: \x01\r\n\r\n", "HTTP/1.1 502 ", "broken answer"},
      {"a bare carriage return", "HTTP/1.1 200 OK\r\nA: b\rSet-Cookie: c\r\n\r\n", "HTTP/1.1 502 ", "broken answer"},
      {"a folded header", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "HTTP/1.1 502 ", "broken answer"},
      {"a header over 64 KiB", "HTTP/1.1 200 OK\r\nA: " + std::string(70'000, 'a') + "\r\n\r\n", "HTTP/1.1 502 ",
       "broken answer"},
      {"a header of nearly 64 KiB with a body behind it",
       "HTTP/1.1 200 OK\r\nContent-Length: 90000\r\nA: " + std::string(65'000, 'a') + "\r\n\r\n" +
           std::string(90'000, 'x'),
       "HTTP/1.1 200 OK\r\n", "xxx"},
      {"a Connection that names more headers than there can be",
       "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: a" +
           [] {
             std::string names;
             for (int i = 0; i < 100; ++i) names += ",a";
             return names;
           }() +
           "\r\n\r\n",
       "HTTP/1.1 502 ", "broken answer"},
      {"endless interim answers",
       [] {
         std::string flood;
         for (int i = 0; i < 100; ++i) flood += "HTTP/1.1 100 Continue\r\n\r\n";
         return flood;
       }(),
       "HTTP/1.1 502 ", "broken answer"},
      {"a switch of protocols", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", "HTTP/1.1 502 ", "broken answer"},
      {"a body that breaks off", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "HTTP/1.1 200 OK\r\n",
       "\r\n\r\nabc"},
      {"chunks that break off", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
       "HTTP/1.1 200 OK\r\n", "\r\n\r\n3\r\nabc\r\n"},
      {"broken chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nx\r\n", "HTTP/1.1 200 OK\r\n",
       "\r\n\r\n3\r\nabc\r\n"},
  };
  for (const AnswerRow& row : rows) {
    answer_once(row.answer);
    const std::string answer = exchange(get("/"));
    EXPECT_TRUE(answer.starts_with(row.begins)) << row.sentence << ":\n" << answer;
    EXPECT_TRUE(answer.ends_with(row.ends)) << row.sentence << ":\n" << answer;
  }
}

TEST_F(UpstreamTest, head_keeps_the_length_and_has_no_body) {
  answer_once("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n");
  const std::string answer = exchange("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(contains(answer, "Content-Length: 1234\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(UpstreamTest, a_kept_connection_is_used_again) {
  script([](TestListener& listener) {
    TestSocket upstream = listener.accept();
    const std::vector<std::string> answers{
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n0",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1\r\n0\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n" + std::string(40'000, 'x'),
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlast"};
    for (const std::string& answer : answers) {
      static_cast<void>(upstream.receive_until("\r\n\r\n"));
      upstream.send(answer);
    }
  });
  for (int i = 0; i < 4; ++i) static_cast<void>(exchange(get("/")));
  EXPECT_TRUE(exchange(get("/")).ends_with("last"));
  EXPECT_FALSE(listener_.is_connected_within(milliseconds{50}));
}

TEST_F(UpstreamTest, a_stale_kept_connection_is_replaced) {
  script([](TestListener& listener) {
    TestSocket first = listener.accept();
    static_cast<void>(first.receive_until("\r\n\r\n"));
    first.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n0");
    // Closes when the next request comes, unanswered.
    static_cast<void>(first.receive_until("\r\n\r\n"));
    first.close();
    TestSocket second = listener.accept();
    static_cast<void>(second.receive_until("\r\n\r\n"));
    second.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1");
  });
  EXPECT_TRUE(exchange(get("/")).ends_with("\r\n\r\n0"));
  EXPECT_TRUE(exchange(get("/")).ends_with("\r\n\r\n1"));
}

TEST_F(UpstreamTest, a_kept_connection_that_the_upstream_has_closed_is_let_go) {
  bool was_let_go = false;
  script([&](TestListener& listener) {
    TestSocket upstream = listener.accept();
    static_cast<void>(upstream.receive_until("\r\n\r\n"));
    upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n0");
    upstream.shutdown_send();
    was_let_go = upstream.receive_all().empty() && !upstream.has_timed_out();
  });
  EXPECT_TRUE(exchange(get("/")).ends_with("\r\n\r\n0"));
  thread_.join();
  EXPECT_TRUE(was_let_go);
}

TEST_F(UpstreamTest, a_post_is_never_sent_twice) {
  script([](TestListener& listener) {
    TestSocket first = listener.accept();
    static_cast<void>(first.receive_until("\r\n\r\n"));
    first.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n0");
    static_cast<void>(first.receive_until("\r\n\r\n"));
    first.close();
  });
  EXPECT_TRUE(exchange(get("/")).ends_with("\r\n\r\n0"));
  const std::string answer = exchange("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 502 ")) << answer;
  EXPECT_FALSE(listener_.is_connected_within(milliseconds{50}));
}

TEST_F(UpstreamTest, pieces_of_an_event_stream_arrive_as_they_are_sent) {
  std::atomic<bool> first_was_seen{false};
  script([&](TestListener& listener) {
    TestSocket upstream = listener.accept();
    static_cast<void>(upstream.receive_until("\r\n\r\n"));
    upstream.send(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
    while (!first_was_seen) std::this_thread::sleep_for(milliseconds{5});
    upstream.send("3\r\ntwo\r\n0\r\n\r\n");
  });
  TestSocket client = connect();
  client.send(get("/"));
  EXPECT_TRUE(client.receive_until("one").ends_with("one"));
  first_was_seen = true;
  EXPECT_TRUE(client.receive_all().ends_with("3\r\ntwo\r\n0\r\n\r\n"));
}

TEST_F(UpstreamTest, an_answer_before_the_bodys_end_is_passed_on) {
  script([](TestListener& listener) {
    TestSocket upstream = listener.accept();
    static_cast<void>(upstream.receive_until("half"));
    upstream.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
    static_cast<void>(upstream.receive_all());
  });
  TestSocket client = connect();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhalf");
  const std::string answer = client.receive_answer();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 413 ")) << answer;
  EXPECT_TRUE(answer.ends_with("no")) << answer;
  client.close();
}

TEST_F(UpstreamTest, a_client_that_breaks_off_its_upload_breaks_it_off_upstream) {
  std::string seen;
  script([&](TestListener& listener) {
    TestSocket upstream = listener.accept();
    seen = upstream.receive_all();
  });
  {
    TestSocket client = connect();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhalf");
    client.shutdown_send();
    EXPECT_TRUE(client.receive_all().ends_with("request body failed"));
  }
  thread_.join();
  EXPECT_TRUE(seen.ends_with("half")) << seen;
}

TEST_F(UpstreamTest, a_large_upload_and_its_echo_stream_through) {
  constexpr std::size_t kSize = 16 * 1024 * 1024;
  script([](TestListener& listener) {
    TestSocket upstream = listener.accept();
    static_cast<void>(upstream.receive_until("\r\n\r\n"));
    upstream.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(kSize) + "\r\n\r\n");
    for (std::size_t total = 0; total < kSize;) {
      const std::string piece = upstream.receive_some();
      if (piece.empty() || !upstream.send(piece)) return;
      total += piece.size();
    }
  });
  TestSocket client = connect();
  std::thread sender([&] {
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(kSize) + "\r\n\r\n");
    const std::string block(256 * 1024, 'x');
    for (std::size_t sent = 0; sent < kSize; sent += block.size()) client.send(block);
  });
  TestSocket reader = TestSocket::own(::dup(client.descriptor()));
  const std::string answer = reader.receive_answer();
  sender.join();
  EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, kSize);
}

TEST_F(UpstreamTest, the_upstream_hears_soon_that_the_client_has_gone) {
  milliseconds waited{0};
  script([&](TestListener& listener) {
    TestSocket upstream = listener.accept();
    static_cast<void>(upstream.receive_until("\r\n\r\n"));
    upstream.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
    const auto start = steady_clock::now();
    static_cast<void>(upstream.receive_all());
    waited = std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
  });
  TestSocket client = connect();
  client.send(get("/"));
  static_cast<void>(client.receive_until("data: 1"));
  client.close();
  thread_.join();
  EXPECT_LT(waited, milliseconds{2'000});
}

TEST_F(UpstreamTest, a_header_that_would_become_two_is_never_sent) {
  EXPECT_TRUE(exchange(get("/injected")).starts_with("HTTP/1.1 500 "));
  EXPECT_FALSE(listener_.is_connected_within(milliseconds{50}));
}

TEST(Upstream, nobody_listens) {
  std::string url;
  {
    const TestListener closed;
    url = "http://127.0.0.1:" + std::to_string(closed.port());
  }
  const Proxy proxy(url, milliseconds{1'000});
  TestSocket client(proxy.port());
  client.send(get("/"));
  EXPECT_TRUE(client.receive_all().ends_with("unreachable"));
}

}  // namespace
}  // namespace chatelaine::net
