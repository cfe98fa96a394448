#include <atomic>

#include "net/test_resolver.hpp"
#include "net/upstream_testing.hpp"

namespace chatelaine::net {
namespace {

using namespace upstream_testing;
using std::chrono::steady_clock;

std::atomic<int> slow_lookups{0};
std::atomic<int> local_lookups{0};

/// For names whose name server hangs, or is late, and one whose look-ups are counted.
int answer_slowly(Lookup library, const char* name, const char* service, const addrinfo* hints, addrinfo** found) {
  const std::string_view asked(name);
  if (asked == "hangs.test") {
    ++slow_lookups;
    std::this_thread::sleep_for(std::chrono::milliseconds{2'500});
    return EAI_AGAIN;
  }
  if (asked == "counted.test") ++local_lookups;
  if (asked == "late.test") std::this_thread::sleep_for(std::chrono::milliseconds{700});
  return library("127.0.0.1", service, hints, found);
}
const OwnNames names(".test", &answer_slowly);

milliseconds since(steady_clock::time_point start) {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
}

TEST_F(ImpatientUpstreamTest, an_upstream_that_says_nothing_is_504) {
  script([](TestListener& listener) {
    TestSocket upstream = listener.accept();
    static_cast<void>(upstream.receive_all());
  });
  const auto start = steady_clock::now();
  EXPECT_TRUE(exchange(get("/")).ends_with("timed out"));
  EXPECT_LT(steady_clock::now() - start, milliseconds{2'000});
}

TEST_F(ImpatientUpstreamTest, a_header_that_trickles_has_its_time_in_all) {
  script([](TestListener& listener) {
    TestSocket upstream = listener.accept();
    for (const char c : std::string(40, 'H')) {
      if (!upstream.send({&c, 1})) return;
      std::this_thread::sleep_for(milliseconds{50});
    }
  });
  EXPECT_TRUE(exchange(get("/")).ends_with("timed out"));
}

TEST_F(ImpatientUpstreamTest, an_answer_that_stalls_breaks_off) {
  script([](TestListener& listener) {
    TestSocket upstream = listener.accept();
    static_cast<void>(upstream.receive_until("\r\n\r\n"));
    upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc");
    static_cast<void>(upstream.receive_all());
  });
  EXPECT_TRUE(exchange(get("/")).ends_with("\r\n\r\nabc"));
}

TEST_F(ImpatientUpstreamTest, an_event_stream_may_be_silent) {
  script([](TestListener& listener) {
    TestSocket upstream = listener.accept();
    static_cast<void>(upstream.receive_until("\r\n\r\n"));
    upstream.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\ndata: 1\n\n");
    std::this_thread::sleep_for(milliseconds{1'200});
    upstream.send("data: 2\n\n");
  });
  EXPECT_TRUE(contains(exchange(get("/")), "data: 2"));
}

TEST_F(ImpatientUpstreamTest, a_client_that_is_slow_with_its_upload_is_408) {
  const Proxy proxy("http://127.0.0.1:" + std::to_string(listener_.port()), milliseconds{5'000},
                    {.body_idle_timeout = milliseconds{300}});
  script([](TestListener& listener) {
    TestSocket upstream = listener.accept();
    static_cast<void>(upstream.receive_all());
  });
  TestSocket client(proxy.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhalf");
  EXPECT_TRUE(client.receive_all().ends_with("request body timed out"));
}

/// What a client that goes away before the answer's head leaves behind, by what the API has had of its request so far.
TEST_F(UpstreamTest, an_upstream_that_says_nothing_hears_soon_that_the_client_has_gone) {
  struct Row {
    const char* name;
    std::string request;
  };
  const std::string head = "HTTP/1.1\r\nHost: a\r\n";
  const std::vector<Row> rows{
      {"no body", "GET / " + head + "\r\n"},
      {"a body that goes out with the head", "POST / " + head + "Content-Length: 3\r\n\r\nabc"},
      {"a body that is pumped", "POST / " + head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"},
      {"half a body", "POST / " + head + "Content-Length: 6\r\n\r\nabc"},
  };
  for (const Row& row : rows) {
    std::atomic<bool> has_come = false;
    std::atomic<bool> has_ended = false;
    script([&](TestListener& listener) {
      TestSocket upstream = listener.accept();
      static_cast<void>(upstream.receive_until("\r\n\r\n"));
      has_come = true;
      static_cast<void>(upstream.receive_all());
      has_ended = true;
    });
    const auto start = steady_clock::now();
    {
      TestSocket client = connect();
      client.send(row.request);
      while (!has_come && since(start) < milliseconds{4'000}) std::this_thread::sleep_for(milliseconds{5});
    }
    while (!has_ended && since(start) < milliseconds{4'000}) std::this_thread::sleep_for(milliseconds{5});
    EXPECT_TRUE(has_ended) << row.name;
    thread_.join();
  }
}

/// RFC 9112 §9.3.1 is about a connection that the upstream closed: what nobody waits for is not sent again.
TEST_F(UpstreamTest, a_cancelled_request_is_not_tried_again_on_another_connection) {
  std::atomic<int> requests = 0;
  script([&](TestListener& listener) {
    TestSocket upstream = listener.accept();
    static_cast<void>(upstream.receive_until("\r\n\r\n"));
    upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
    static_cast<void>(upstream.receive_until("\r\n\r\n"));
    ++requests;
    static_cast<void>(upstream.receive_all());
    TestSocket next = listener.accept();
    ++requests;
    static_cast<void>(next.receive_until("\r\n\r\n"));
    next.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\ny");
  });
  EXPECT_TRUE(exchange(get("/")).ends_with("x"));
  {
    TestSocket client = connect();
    client.send(get("/kept"));
    while (requests == 0) std::this_thread::sleep_for(milliseconds{5});
  }
  EXPECT_TRUE(exchange(get("/")).ends_with("y"));
  EXPECT_EQ(requests, 2);
}

TEST(UpstreamAddress, who_has_gone_waits_neither_for_a_name_nor_for_a_connection) {
  // With a full queue the connection hangs, as it does where packets are dropped.
  const TestListener full(0);
  const TestSocket first(full.port());
  for (const std::string& url :
       {"http://127.0.0.1:" + std::to_string(full.port()), std::string("http://hangs.test:80")}) {
    const auto start = steady_clock::now();
    {
      const Proxy proxy(url, milliseconds{20'000});
      TestSocket client(proxy.port());
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      client.shutdown_send();
      EXPECT_TRUE(contains(client.receive_until("cancelled"), "HTTP/1.1 499 ")) << url;
    }
    EXPECT_LT(since(start), milliseconds{10'000}) << url;
  }
}

TEST(UpstreamAddress, the_look_up_and_the_answer_share_one_deadline) {
  TestListener listener;
  const Proxy proxy("http://late.test:" + std::to_string(listener.port()), milliseconds{1'000});
  std::thread upstream([&listener] {
    TestSocket connection = listener.accept();
    static_cast<void>(connection.receive_all());
  });
  const auto start = steady_clock::now();
  TestSocket client(proxy.port());
  client.send(get("/"));
  EXPECT_TRUE(client.receive_all().ends_with("timed out"));
  EXPECT_LT(since(start), milliseconds{1'600});
  upstream.join();
}

TEST(UpstreamAddress, a_name_server_that_hangs_takes_no_more_than_the_timeout_and_is_asked_once) {
  slow_lookups = 0;
  {
    const Proxy proxy("http://hangs.test:80", milliseconds{400});
    const auto start = steady_clock::now();
    std::vector<TestSocket> clients;
    for (int i = 0; i < 8; ++i) {
      clients.emplace_back(proxy.port());
      clients.back().send(get("/"));
    }
    for (TestSocket& client : clients) EXPECT_TRUE(client.receive_all().ends_with("timed out"));
    EXPECT_LT(since(start), milliseconds{2'000});
  }
  EXPECT_EQ(slow_lookups, 1);
}

TEST(UpstreamAddress, what_a_name_leads_to_is_kept_for_a_while_and_forgotten_where_nobody_is_there) {
  local_lookups = 0;
  TestListener listener;
  const Proxy proxy("http://counted.test:" + std::to_string(listener.port()), milliseconds{5'000});
  std::thread upstream([&listener] {
    for (int i = 0; i < 2; ++i) {
      TestSocket connection = listener.accept();
      static_cast<void>(connection.receive_until("\r\n\r\n"));
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx");
    }
  });
  for (int i = 0; i < 2; ++i) {
    TestSocket client(proxy.port());
    client.send(get("/"));
    EXPECT_TRUE(client.receive_all().ends_with("\r\n\r\nx"));
  }
  upstream.join();
  EXPECT_EQ(local_lookups, 1);

  std::uint16_t closed_port = 0;
  {
    const TestListener closed;
    closed_port = closed.port();
  }
  local_lookups = 0;
  const Proxy lost("http://counted.test:" + std::to_string(closed_port), milliseconds{5'000});
  for (int i = 0; i < 2; ++i) {
    TestSocket client(lost.port());
    client.send(get("/"));
    EXPECT_TRUE(client.receive_all().ends_with("unreachable"));
  }
  EXPECT_EQ(local_lookups, 2);
}

}  // namespace
}  // namespace chatelaine::net
