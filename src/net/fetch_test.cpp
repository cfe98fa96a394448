#include "net/fetch.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <optional>
#include <thread>

#include "base/block_on.hpp"
#include "net/server.hpp"
#include "net/sleep.hpp"
#include "net/test_socket.hpp"

namespace chatelaine::net {
namespace {

using Kind = FetchError::Kind;

TEST(Fetch, addresses_of_the_public_internet_alone) {
  for (const std::string_view address :
       {"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.1", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255",
        "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1", "2a00:1450::1", "2001:4860:4860::8888"}) {
    EXPECT_TRUE(is_address_allowed(address, AddressPolicy::public_only)) << address;
  }
  for (const std::string_view address : {"0.0.0.0",
                                         "0.1.2.3",
                                         "10.0.0.1",
                                         "100.64.0.1",
                                         "100.127.255.255",
                                         "127.0.0.1",
                                         "127.255.255.255",
                                         "169.254.169.254",
                                         "172.16.0.1",
                                         "172.31.255.255",
                                         "192.0.0.1",
                                         "192.0.2.1",
                                         "192.88.99.1",
                                         "192.168.1.1",
                                         "198.18.0.1",
                                         "198.19.255.255",
                                         "198.51.100.1",
                                         "203.0.113.1",
                                         "224.0.0.1",
                                         "239.255.255.255",
                                         "240.0.0.1",
                                         "255.255.255.255",
                                         "::",
                                         "::1",
                                         "::ffff:127.0.0.1",
                                         "::ffff:8.8.8.8",
                                         "::127.0.0.1",
                                         "64:ff9b::7f00:1",
                                         "64:ff9b::808:808",
                                         "64:ff9b:1::a00:1",
                                         "100::1",
                                         "2001::1",
                                         "2001:0:4136:e378::1",
                                         "2001:10::1",
                                         "2001:db8::1",
                                         "2002:7f00:1::1",
                                         "2002:808:808::1",
                                         "3fff::1",
                                         "fc00::1",
                                         "fd12:3456::1",
                                         "fe80::1",
                                         "fe80::1%1",
                                         "fec0::1",
                                         "ff02::1",
                                         "4000::1",
                                         "",
                                         "localhost",
                                         "2130706433",
                                         "0x7f.1",
                                         "0177.0.0.1",
                                         "127.1"}) {
    EXPECT_FALSE(is_address_allowed(address, AddressPolicy::public_only)) << address;
  }
}

TEST(Fetch, development_adds_loopback_and_nothing_else) {
  for (const std::string_view address : {"127.0.0.1", "127.9.9.9", "::1", "1.1.1.1", "2606:4700::1"}) {
    EXPECT_TRUE(is_address_allowed(address, AddressPolicy::public_and_loopback)) << address;
  }
  for (const std::string_view address :
       {"10.0.0.1", "169.254.169.254", "192.168.1.1", "0.0.0.0", "::", "::ffff:127.0.0.1", "fe80::1", "fc00::1"}) {
    EXPECT_FALSE(is_address_allowed(address, AddressPolicy::public_and_loopback)) << address;
  }
}

TEST(Fetch, networks_of_ones_own_are_those_that_are_named) {
  FetchPolicy policy;
  policy.networks = {AddressBlock::parse("10.1.0.0/16").value(), AddressBlock::parse("fd00:1::/32").value(),
                     AddressBlock::parse("169.254.0.0/16").value(), AddressBlock::parse("203.0.113.0/24").value()};
  for (const std::string_view address : {"10.1.2.3", "fd00:1::1", "1.1.1.1"}) {
    EXPECT_TRUE(is_address_allowed(address, policy)) << address;
  }
  // THREATS N40: what clouds tell a machine of itself is no network of one's own, whoever names it.
  for (const std::string_view address : {"10.2.0.1", "127.0.0.1", "::1", "192.168.1.1", "fd00:2::1", "fe80::1",
                                         "169.254.169.254", "203.0.113.1", "0.0.0.0"}) {
    EXPECT_FALSE(is_address_allowed(address, policy)) << address;
  }
  policy.networks = {AddressBlock::parse("0.0.0.0/0").value()};
  EXPECT_TRUE(is_address_allowed("192.168.1.1", policy));
  EXPECT_FALSE(is_address_allowed("169.254.169.254", policy));
  EXPECT_FALSE(is_address_allowed("fe80::1", policy));
}

/// A hundred thousand letters x, as gzip sends them.
std::string make_compressed() {
  constexpr std::string_view kBegin{
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xc1\x31\x01\x00\x00\x00\xc2\xa0\xda\x8b\x6f\x0d\x0f\xa0", 25};
  constexpr std::string_view kEnd{"\x80\x57\x03\x71\x11\x07\xfe\xa0\x86\x01\x00", 11};
  return std::string(kBegin) + std::string(96, '\0') + std::string(kEnd);
}

Task<Response> handle(const Request& request) {
  if (request.path == "/large") co_return make_response(200, "text/plain", std::string(100'000, 'x'));
  if (request.path == "/compressed") {
    Response response = make_response(200, "text/plain", make_compressed());
    response.add_header("Content-Encoding", "gzip");
    co_return response;
  }
  if (request.path == "/slow") {
    co_await sleep_for(milliseconds{3'000});
    co_return make_response(200, "text/plain", "slow");
  }
  if (request.path == "/redirect") co_return make_redirect("/elsewhere");
  const auto body = co_await read_whole_body(request, 1024);
  std::string seen(request.method_name);
  for (const HeaderView& header : request.headers) {
    if (header.name != "Host") ((seen += '|') += header.name) += ": " + std::string(header.value);
  }
  Response response = make_response(201, "text/plain", seen + '|' + body.value_or("?"));
  response.add_header("X-Answer", "yes");
  co_return response;
}

class FetchTest : public testing::Test {
 protected:
  FetchTest() : server_({.listen = "127.0.0.1:0", .threads = 1}, handle, log_) { server_.start(); }

  [[nodiscard]] std::string url(std::string_view path, std::string_view host = "127.0.0.1") const {
    return "http://" + std::string(host) + ':' + std::to_string(server_.port()) + std::string(path);
  }
  std::expected<FetchedDocument, FetchError> fetch(FetchRequest request) {
    request.policy.addresses = AddressPolicy::public_and_loopback;
    return block_on(fetcher_.fetch(std::move(request)));
  }

  SilentLog log_;
  Server server_;
  Fetcher fetcher_;
};

TEST_F(FetchTest, sends_what_was_asked_and_nothing_of_its_own) {
  FetchRequest post;
  post.method = "POST";
  post.url = url("/");
  post.headers = {{"Content-Type", "application/json"}, {"Authorization", "Bearer x"}};
  post.body = "{}";
  const auto answer = fetch(post);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 201);
  EXPECT_EQ(answer->header("x-answer"), "yes");
  EXPECT_EQ(answer->header("content-TYPE"), "text/plain");
  EXPECT_EQ(answer->header("none"), "");
  EXPECT_EQ(answer->body,
            "POST|User-Agent: chatelaine|Accept: */*|Content-Type: application/json|Authorization: Bearer x|"
            "Content-Length: 2|{}");
  FetchRequest get;
  get.url = url("/");
  EXPECT_EQ(fetch(get)->body, "GET|User-Agent: chatelaine|Accept: */*|");
  FetchRequest remove;
  remove.method = "DELETE";
  remove.url = url("/");
  EXPECT_TRUE(fetch(remove)->body.starts_with("DELETE|"));
}

TEST_F(FetchTest, a_redirect_is_an_answer) {
  FetchRequest request;
  request.url = url("/redirect");
  const auto answer = fetch(request);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 303);
  EXPECT_EQ(answer->header("Location"), "/elsewhere");
}

// THREATS N40: what may be asked in the clear does not say where it may be asked.
TEST_F(FetchTest, plain_http_may_be_allowed_and_addresses_are_checked_all_the_same) {
  FetchRequest request;
  request.url = url("/");
  request.policy.plain_http = PlainHttp::anywhere;
  const auto answer = block_on(fetcher_.fetch(request));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Kind::forbidden_address);
  request.policy.addresses = AddressPolicy::public_and_loopback;
  const auto allowed = block_on(fetcher_.fetch(request));
  ASSERT_TRUE(allowed) << allowed.error().message;
  EXPECT_EQ(allowed->certificate_ends_at, std::nullopt);
}

TEST_F(FetchTest, what_goes_wrong_is_named) {
  const TestListener silent;
  std::uint16_t closed_port = 0;
  {
    const TestListener closed;
    closed_port = closed.port();
  }
  const std::string port = std::to_string(server_.port());
  struct Row {
    std::string_view sentence;
    std::string url;
    AddressPolicy addresses;
    Kind kind;
  };
  constexpr auto kDevelopment = AddressPolicy::public_and_loopback;
  constexpr auto kPublic = AddressPolicy::public_only;
  const std::vector<Row> rows{
      {"not a URL", "nonsense", kDevelopment, Kind::bad_url},
      {"another scheme", "file:///etc/passwd", kDevelopment, Kind::bad_url},
      {"a user name in the URL", "http://a:b@127.0.0.1:" + port, kDevelopment, Kind::bad_url},
      {"plain http", "http://example.org/", kPublic, Kind::bad_url},
      {"plain http beyond loopback", "http://example.org/", kDevelopment, Kind::bad_url},
      {"loopback under the public policy", "https://127.0.0.1:" + port, kPublic, Kind::forbidden_address},
      {"localhost under the public policy", "https://localhost:" + port, kPublic, Kind::forbidden_address},
      {"IPv6 loopback under the public policy", "https://[::1]:" + port, kPublic, Kind::forbidden_address},
      {"an IPv4-mapped loopback", "https://[::ffff:127.0.0.1]:" + port, kDevelopment, Kind::forbidden_address},
      {"a decimal spelling of loopback", "https://2130706433:" + port, kPublic, Kind::forbidden_address},
      {"an octal spelling of loopback", "https://0177.0.0.1:" + port, kPublic, Kind::forbidden_address},
      {"a short spelling of loopback", "https://127.1:" + port, kPublic, Kind::forbidden_address},
      {"cloud metadata", "https://169.254.169.254/", kDevelopment, Kind::forbidden_address},
      {"a private address", "https://192.168.0.1/", kDevelopment, Kind::forbidden_address},
      {"the unspecified address", "https://0.0.0.0:" + port, kDevelopment, Kind::forbidden_address},
      {"nobody listens", "http://127.0.0.1:" + std::to_string(closed_port), kDevelopment, Kind::unreachable},
      {"nobody answers", "http://127.0.0.1:" + std::to_string(silent.port()), kDevelopment, Kind::timed_out},
      {"a slow answer", url("/slow"), kDevelopment, Kind::timed_out},
      {"a large answer", url("/large"), kDevelopment, Kind::too_large},
      {"TLS where none is spoken", "https://127.0.0.1:" + port, kDevelopment, Kind::tls_failed},
  };
  for (const Row& row : rows) {
    FetchRequest request;
    request.url = row.url;
    request.policy = {.addresses = row.addresses, .most_bytes = 65'536, .timeout = milliseconds{700}};
    const auto answer = block_on(fetcher_.fetch(request));
    ASSERT_FALSE(answer) << row.sentence;
    EXPECT_EQ(answer.error().kind, row.kind) << row.sentence << ": " << answer.error().message;
    EXPECT_FALSE(answer.error().message.empty());
  }
}

TEST_F(FetchTest, a_message_keeps_the_query_to_itself) {
  FetchRequest request;
  request.url = url("/large?secret=1");
  const auto answer = fetch(request);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message.find("secret"), std::string::npos) << answer.error().message;
}

TEST_F(FetchTest, connections_are_used_again) {
  TestListener listener;
  std::thread server([&] {
    TestSocket connection = listener.accept();
    for (int i = 0; i < 3; ++i) {
      static_cast<void>(connection.receive_until("\r\n\r\n"));
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + std::to_string(i));
    }
  });
  FetchRequest request;
  request.url = "http://127.0.0.1:" + std::to_string(listener.port());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(fetch(request)->body, std::to_string(i));
  server.join();
}

/// THREATS N41: a small answer cannot grow.
TEST_F(FetchTest, nothing_is_decompressed) {
  FetchRequest request;
  request.url = url("/compressed");
  const auto answer = fetch(request);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->header("Content-Encoding"), "gzip");
  EXPECT_EQ(answer->body, make_compressed());
}

/// What comes of a fetch from a server that does what it likes once it has been asked.
FetchError fetch_from(const std::function<void(TestSocket&)>& answer, milliseconds timeout) {
  TestListener listener;
  std::thread server([&] {
    TestSocket connection = listener.accept();
    static_cast<void>(connection.receive_until("\r\n\r\n"));
    answer(connection);
  });
  FetchRequest request;
  request.url = "http://127.0.0.1:" + std::to_string(listener.port());
  request.policy = {.addresses = AddressPolicy::public_and_loopback, .timeout = timeout};
  Fetcher fetcher;
  const auto outcome = block_on(fetcher.fetch(std::move(request)));
  server.join();
  EXPECT_FALSE(outcome);
  return outcome ? FetchError{} : outcome.error();
}

/// THREATS N41.
TEST(Fetch, a_header_without_end_is_cut_off) {
  const auto error = fetch_from(
      [](TestSocket& connection) {
        connection.send("HTTP/1.1 200 OK\r\n");
        const std::string line = "X-Filler: " + std::string(1'000, 'x') + "\r\n";
        int sent = 0;
        while (sent < 10'000 && connection.send(line)) ++sent;
      },
      milliseconds{10'000});
  EXPECT_EQ(error.kind, Kind::bad_answer) << error.message;
  EXPECT_NE(error.message.find("too large a header"), std::string::npos) << error.message;
}

/// THREATS N41: the time is the whole request's, and no byte buys more of it.
TEST(Fetch, a_body_that_drips_has_no_longer_than_another) {
  const auto begun = std::chrono::steady_clock::now();
  const auto error = fetch_from(
      [](TestSocket& connection) {
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        for (int i = 0; i < 1'000 && connection.send("x"); ++i) std::this_thread::sleep_for(milliseconds{50});
      },
      milliseconds{700});
  EXPECT_EQ(error.kind, Kind::timed_out) << error.message;
  EXPECT_LT(std::chrono::steady_clock::now() - begun, seconds{20}) << "and not the 50 seconds of its body";
}

/// A variable of the environment for as long as it lives; without a value, none of that name.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    set(value);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { set(before_ ? before_->c_str() : nullptr); }

 private:
  void set(const char* value) {
    if (value != nullptr) {
      ::setenv(name_, value, 1);
    } else {
      ::unsetenv(name_);
    }
  }

  const char* name_;
  std::optional<std::string> before_;
};

/// THREATS N40: a proxy would connect for us, to wherever it likes.
TEST_F(FetchTest, a_proxy_of_the_environment_is_not_asked) {
  TestListener proxy;
  const std::string address = "http://127.0.0.1:" + std::to_string(proxy.port());
  const Variable http("http_proxy", address.c_str());
  const Variable https("https_proxy", address.c_str());
  const Variable all("ALL_PROXY", address.c_str());
  const Variable none("no_proxy", nullptr);
  const Variable nowhere("NO_PROXY", nullptr);
  FetchRequest plain;
  plain.url = url("/");
  plain.policy.timeout = milliseconds{2'000};
  const auto answer = fetch(plain);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 201);
  FetchRequest secured;
  secured.url = "https://127.0.0.1:" + std::to_string(server_.port());
  secured.policy.timeout = milliseconds{2'000};
  EXPECT_EQ(fetch(secured).error().kind, Kind::tls_failed);
  EXPECT_FALSE(proxy.is_connected_within(milliseconds{0}));
}

TEST(Fetch, a_fetcher_that_ends_answers_what_still_waits) {
  const TestListener silent;
  auto fetcher = std::make_unique<Fetcher>();
  FetchRequest request;
  request.url = "http://127.0.0.1:" + std::to_string(silent.port());
  request.policy = {.addresses = AddressPolicy::public_and_loopback, .timeout = milliseconds{60'000}};
  auto fetching = fetcher->fetch(request);
  std::thread ender([&] {
    std::this_thread::sleep_for(milliseconds{200});
    fetcher.reset();
  });
  const auto answer = block_on(std::move(fetching));
  ender.join();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Kind::unreachable);
}

}  // namespace
}  // namespace chatelaine::net
