#include "provider/documents/documents.hpp"

#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "base/json.hpp"
#include "provider/testing/web.hpp"

namespace chatelaine::provider {
namespace {

using net::DocumentCache;
using net::DocumentFault;
using testing::Web;
using Kind = net::FetchError::Kind;

constexpr const char* kUrl = "https://client.example/jwks";

class DocumentsTest : public ::testing::Test {
 protected:
  DocumentsTest() : documents_(web_, settings_, clock_) {}

  static std::string key_set() {
    static const auto key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256);
    return json::serialize(json::object{{"keys", json::array{key.public_jwk()}}});
  }
  DocumentCache<ClientKeys>::Outcome keys() { return block_on(documents_.client_keys().find(kUrl)); }

  Web web_;
  SystemClock clock_;
  Live<ProviderSettings> settings_{ProviderSettings{}};
  Documents documents_;
};

/// draft-ietf-oauth-client-id-metadata-document-03 §8.6, THREATS N40, N41: what the one door is asked for.
TEST_F(DocumentsTest, KeysAreFetchedFromPublicAddressesWithinBounds) {
  web_.publish(kUrl, key_set());
  ASSERT_TRUE(keys());
  ASSERT_EQ(web_.requests().size(), 1U);
  const auto request = web_.requests().front();
  EXPECT_EQ(request.url, kUrl);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.policy.addresses, net::AddressPolicy::public_only);
  EXPECT_EQ(request.policy.most_bytes, 65'536U);
  EXPECT_EQ(request.policy.timeout, seconds(5));
}

TEST_F(DocumentsTest, DevelopmentLetsThemStandOnLoopback) {
  ProviderSettings development;
  development.fetch_addresses = net::AddressPolicy::public_and_loopback;
  settings_.set(development);
  web_.publish(kUrl, key_set());
  ASSERT_TRUE(keys());
  EXPECT_EQ(web_.requests().front().policy.addresses, net::AddressPolicy::public_and_loopback);
}

TEST_F(DocumentsTest, KeysComeAsJson) {
  for (const char* type : {"application/json", "Application/JWK-Set+JSON; charset=utf-8", "application/json ;x=y"}) {
    Documents documents(web_, settings_, clock_);
    web_.publish(kUrl, key_set(), type);
    EXPECT_TRUE(block_on(documents.client_keys().find(kUrl))) << type;
  }
}

/// THREATS N41: a wrong type, a redirect, a compressed or endless answer are no document; each is said.
TEST_F(DocumentsTest, WhatIsNoSetOfKeysIsSaid) {
  struct Row {
    std::string_view sentence;
    net::FetchedDocument answer;
    DocumentFault::Kind kind;
    std::string description;
  };
  const auto json_of = [](std::string body) {
    return net::FetchedDocument{200, {{"Content-Type", "application/json"}}, std::move(body)};
  };
  using enum DocumentFault::Kind;
  const std::string url = kUrl;
  const std::vector<Row> rows{
      {"a redirect, to loopback or anywhere",
       {302, {{"Location", "http://127.0.0.1/"}}, {}},
       definite,
       url + " answered with a redirect (302), which is not followed."},
      {"not there", {404, {}, {}}, definite, url + " answered with status 404."},
      {"nothing to be had now", {503, {}, {}}, passing, url + " answered with status 503."},
      {"too many asked", {429, {}, {}}, passing, url + " answered with status 429."},
      {"a page",
       {200, {{"Content-Type", "text/html"}}, key_set()},
       definite,
       url + " is not served as application/json."},
      {"no type", {200, {}, key_set()}, definite, url + " is not served as application/json."},
      {"a compressed answer, though none was asked for", json_of("\x1f\x8b\x08"), definite, url + " is no JWK Set: "},
      {"no JSON", json_of("{"), definite, url + " is no JWK Set: "},
      {"an empty set", json_of(R"({"keys":[]})"), definite, url + " holds no key that verifies signatures."},
      {"a shared secret", json_of(R"({"keys":[{"kty":"oct","k":"AAAA"}]})"), definite, url + " is no JWK Set: "},
  };
  for (const Row& row : rows) {
    Documents documents(web_, settings_, clock_);
    web_.publish(kUrl, row.answer);
    const auto outcome = block_on(documents.client_keys().find(kUrl));
    ASSERT_FALSE(outcome) << row.sentence;
    EXPECT_EQ(outcome.error().kind, row.kind) << row.sentence;
    EXPECT_TRUE(outcome.error().sentence.starts_with(row.description)) << row.sentence << outcome.error().sentence;
  }
}

TEST_F(DocumentsTest, WhatTheDoorRefusesIsDefiniteAndWhatItCouldNotDoIsNot) {
  for (const auto& [kind, expected] : {std::pair(Kind::forbidden_address, DocumentFault::Kind::definite),
                                       std::pair(Kind::bad_url, DocumentFault::Kind::definite),
                                       std::pair(Kind::too_large, DocumentFault::Kind::definite),
                                       std::pair(Kind::unresolvable, DocumentFault::Kind::passing),
                                       std::pair(Kind::unreachable, DocumentFault::Kind::passing),
                                       std::pair(Kind::timed_out, DocumentFault::Kind::passing),
                                       std::pair(Kind::tls_failed, DocumentFault::Kind::passing),
                                       std::pair(Kind::bad_answer, DocumentFault::Kind::passing)}) {
    Documents documents(web_, settings_, clock_);
    web_.break_off(kUrl, kind);
    const auto outcome = block_on(documents.client_keys().find(kUrl));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, expected) << static_cast<int>(kind);
    EXPECT_EQ(outcome.error().sentence, std::string(kUrl) + " broke off.");
  }
}

}  // namespace
}  // namespace chatelaine::provider
