#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "base/block_on.hpp"
#include "net/fetch.hpp"
#include "net/server.hpp"
#include "net/test_socket.hpp"
#include "net/tls.hpp"
#include "net/upstream.hpp"

namespace chatelaine::net {
namespace {

/// A self-signed certificate for 127.0.0.1 and localhost in a directory of its own.
class TestCertificate {
 public:
  explicit TestCertificate(long serial) {
    std::string pattern = (std::filesystem::temp_directory_path() / "chatelaine-tls-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    renew(serial);
  }
  ~TestCertificate() { std::filesystem::remove_all(directory_); }
  TestCertificate(const TestCertificate&) = delete;
  TestCertificate& operator=(const TestCertificate&) = delete;

  void renew(long serial) const {
    EVP_PKEY* const key = EVP_EC_gen("P-256");
    X509* const certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* const name = X509_get_subject_name(certificate);
    const auto* text = reinterpret_cast<const unsigned char*>("chatelaine test");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_EXTENSION* const names =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
    X509_add_ext(certificate, names, -1);
    X509_sign(certificate, key, EVP_sha256());
    write(certificate_file(), [&](FILE* file) { PEM_write_X509(file, certificate); });
    write(key_file(), [&](FILE* file) { PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr); });
    X509_EXTENSION_free(names);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  [[nodiscard]] std::string certificate_file() const { return directory_ + "/certificate.pem"; }
  [[nodiscard]] std::string key_file() const { return directory_ + "/key.pem"; }

 private:
  template <class Write>
  static void write(const std::string& path, Write write_to) {
    FILE* const file = std::fopen(path.c_str(), "w");
    write_to(file);
    std::fclose(file);
  }
  std::string directory_;
};

Task<Response> handle(const Request& request) {
  const auto body = co_await read_whole_body(request, 32 * 1024 * 1024);
  co_return make_response(200, "text/plain", std::string(request.path) + '|' + body.value_or("?"));
}

Task<Response> pass_on(Upstream& upstream, const Request& request) {
  UpstreamRequest out;
  out.method = request.method_name;
  out.target = request.target;
  out.body = request.body;
  auto answer = co_await upstream.send(std::move(out));
  if (answer) co_return std::move(*answer);
  co_return make_response(502, "text/plain", "no answer");
}

class TlsTest : public testing::Test {
 protected:
  TlsTest() : server_(settings(), handle, log_) { server_.start(); }
  [[nodiscard]] ServerSettings settings() const {
    // Every address, so that 127.0.0.2 is reached and fails for its name.
    ServerSettings settings{.listen = "0.0.0.0:0", .threads = 1};
    settings.tls_certificate_file = certificate_.certificate_file();
    settings.tls_private_key_file = certificate_.key_file();
    return settings;
  }
  [[nodiscard]] std::string url() const { return "https://127.0.0.1:" + std::to_string(server_.port()); }
  [[nodiscard]] std::expected<FetchedDocument, FetchError> fetch(const std::string& ca_file, std::string body) const {
    Fetcher fetcher(ca_file);
    FetchRequest request;
    request.method = "POST";
    request.url = url() + "/fetched";
    request.body = std::move(body);
    request.policy = {.addresses = AddressPolicy::public_and_loopback, .most_bytes = 32 * 1024 * 1024};
    return block_on(fetcher.fetch(std::move(request)));
  }
  /// What a proxy that trusts these roots answers.
  [[nodiscard]] std::string ask_proxy(const std::string& ca_file, std::string_view host) {
    Upstream upstream(parse_http_url("https://" + std::string(host) + ':' + std::to_string(server_.port())).value(),
                      milliseconds{5'000}, ca_file);
    Server proxy(
        {.listen = "127.0.0.1:0", .threads = 1},
        [&upstream](const Request& request) { return pass_on(upstream, request); }, log_);
    proxy.start();
    TestSocket client(proxy.port());
    std::string answers;
    for (int i = 0; i < 2; ++i) {
      client.send("POST /passed HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
      answers = client.receive_answer();
    }
    return answers.substr(answers.find("\r\n\r\n") + 4);
  }

  TestCertificate certificate_{1};
  SilentLog log_;
  Server server_;
};

TEST_F(TlsTest, a_round_trip_of_small_and_large_bodies) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{3}, std::size_t{5'000'000}}) {
    const auto answer = fetch(certificate_.certificate_file(), std::string(size, 'x'));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body.size(), size + 9);
  }
}

TEST_F(TlsTest, an_unknown_certificate_is_refused) {
  const auto answer = fetch("", "");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, FetchError::Kind::tls_failed);
}

TEST_F(TlsTest, an_answer_says_when_the_certificate_ends) {
  const auto answer = fetch(certificate_.certificate_file(), "");
  ASSERT_TRUE(answer) << answer.error().message;
  ASSERT_TRUE(answer->certificate_ends_at);
  const auto left = *answer->certificate_ends_at - SystemClock().now();
  EXPECT_GT(left, std::chrono::minutes{55});
  EXPECT_LT(left, std::chrono::minutes{61});
}

TEST_F(TlsTest, plain_http_is_not_answered) {
  TestSocket client(server_.port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.receive_all().find("HTTP/1.1 200"), std::string::npos);
}

TEST_F(TlsTest, an_upstream_is_verified_by_address_or_name) {
  EXPECT_EQ(ask_proxy(certificate_.certificate_file(), "127.0.0.1"), "/passed|abc");
  EXPECT_EQ(ask_proxy(certificate_.certificate_file(), "localhost"), "/passed|abc");
  EXPECT_EQ(ask_proxy(certificate_.certificate_file(), "127.0.0.2"), "no answer");
  EXPECT_EQ(ask_proxy("", "127.0.0.1"), "no answer");
}

TEST_F(TlsTest, the_upstream_hears_soon_that_the_client_has_gone) {
  TestListener listener;
  Upstream upstream(parse_http_url("http://127.0.0.1:" + std::to_string(listener.port())).value(), milliseconds{5'000});
  Server proxy(settings(), [&upstream](const Request& request) { return pass_on(upstream, request); }, log_);
  proxy.start();
  std::chrono::steady_clock::duration waited{};
  std::thread api([&] {
    TestSocket connection = listener.accept();
    static_cast<void>(connection.receive_until("\r\n\r\n"));
    connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
    const auto start = std::chrono::steady_clock::now();
    static_cast<void>(connection.receive_all());
    waited = std::chrono::steady_clock::now() - start;
  });
  {
    TestSocket client(proxy.port());
    const TlsContext context = make_client_tls(certificate_.certificate_file()).value();
    const TlsSession session = connect_tls(context, client.descriptor(), "127.0.0.1");
    ASSERT_EQ(SSL_connect(session.get()), 1);
    constexpr std::string_view kRequest = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    SSL_write(session.get(), kRequest.data(), static_cast<int>(kRequest.size()));
    std::string seen;
    std::array<char, 4096> buffer{};
    while (seen.find("data: 1") == std::string::npos) {
      const int received = SSL_read(session.get(), buffer.data(), buffer.size());
      ASSERT_GT(received, 0) << seen;
      seen.append(buffer.data(), static_cast<std::size_t>(received));
    }
    // Its farewell stays unread in the server's socket.
    SSL_shutdown(session.get());
  }
  api.join();
  EXPECT_LT(waited, milliseconds{2'000});
}

TEST_F(TlsTest, a_new_certificate_counts_at_once_and_a_broken_one_changes_nothing) {
  const TestCertificate old_roots(1);
  std::filesystem::copy_file(certificate_.certificate_file(), old_roots.certificate_file(),
                             std::filesystem::copy_options::overwrite_existing);
  certificate_.renew(2);
  EXPECT_TRUE(server_.reload_certificate());
  EXPECT_TRUE(fetch(certificate_.certificate_file(), ""));
  EXPECT_FALSE(fetch(old_roots.certificate_file(), ""));

  const TestCertificate kept(3);
  std::filesystem::copy_file(certificate_.certificate_file(), kept.certificate_file(),
                             std::filesystem::copy_options::overwrite_existing);
  std::filesystem::resize_file(certificate_.certificate_file(), 10);
  const auto reloaded = server_.reload_certificate();
  ASSERT_FALSE(reloaded);
  EXPECT_NE(reloaded.error().find("certificate.pem could not be read"), std::string::npos) << reloaded.error();
  EXPECT_TRUE(fetch(kept.certificate_file(), ""));
}

TEST_F(TlsTest, a_server_without_its_certificate_does_not_start) {
  ServerSettings broken = settings();
  broken.tls_certificate_file = "/nonexistent.pem";
  EXPECT_THROW(Server(broken, handle, log_), std::runtime_error);
}

TEST_F(TlsTest, stopping_in_the_middle_of_a_handshake) {
  const TestSocket silent(server_.port());
  std::this_thread::sleep_for(milliseconds{50});
  server_.stop(milliseconds{100});
}

}  // namespace
}  // namespace chatelaine::net
