#include "oauth/clients/client_metadata_document.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "crypto/jwk.hpp"
#include "oauth/facts_for_tests.hpp"

namespace chatelaine::oauth {
namespace {

const ClientId kUrl("https://assistant.example/client.json");

struct UrlRow {
  std::string_view sentence;
  std::string client_id;
  /// Empty: taken.
  std::string description;
};
class DocumentUrls : public testing::TestWithParam<UrlRow> {};
TEST_P(DocumentUrls, AreThoseOfTheDraft) {
  const auto url = parse_document_url(ClientId(GetParam().client_id));
  EXPECT_EQ(url ? "" : url.error(), GetParam().description) << GetParam().sentence;
}
constexpr const char* kDots = "The client_id must not have . or .. in its path.";
constexpr const char* kNoHttps = "The client_id must start with https://.";
// draft-ietf-oauth-client-id-metadata-document-03 §3: https, a path, and no part that could be read in two ways.
INSTANTIATE_TEST_SUITE_P(
    Section3, DocumentUrls,
    testing::Values(
        UrlRow{"a URL with a path", "https://assistant.example/client.json", ""},
        UrlRow{"a root is a path, if not recommended", "https://assistant.example/", ""},
        UrlRow{"a port is allowed", "https://assistant.example:8443/client", ""},
        UrlRow{"a query is not recommended, and allowed", "https://assistant.example/client?v=1", ""},
        UrlRow{"https alone", "http://assistant.example/client", kNoHttps},
        UrlRow{"as it is written", "HTTPS://assistant.example/client", kNoHttps},
        UrlRow{"another scheme", "javascript:alert(1)", kNoHttps},
        UrlRow{"no path", "https://assistant.example",
               "The client_id must have a path, such as https://example.com/client.json."},
        UrlRow{"no path, but a query", "https://assistant.example?x=/",
               "The client_id must have a path, such as https://example.com/client.json."},
        UrlRow{"a user name", "https://good.example@evil.example/c",
               "The client_id must not hold a user name or password."},
        UrlRow{"a password", "https://a:b@evil.example/c", "The client_id must not hold a user name or password."},
        UrlRow{"a fragment", "https://assistant.example/c#x", "The client_id must not have a fragment."},
        UrlRow{"an empty fragment", "https://assistant.example/c#", "The client_id must not have a fragment."},
        UrlRow{"a single dot", "https://assistant.example/./c", kDots},
        UrlRow{"two dots", "https://assistant.example/a/../c", kDots},
        UrlRow{"two dots at the end", "https://assistant.example/a/..", kDots},
        UrlRow{"dots as browsers read them", "https://assistant.example/a/%2E%2e/c", kDots},
        UrlRow{"half of them", "https://assistant.example/a/.%2e/c", kDots},
        UrlRow{"dots within a name are none", "https://assistant.example/..a/b.../c.json", ""},
        UrlRow{"dots in the query are none", "https://assistant.example/c?x=/../", ""},
        UrlRow{"too long", "https://assistant.example/" + std::string(500, 'x'),
               "The client_id is longer than 512 characters."},
        UrlRow{"no URL", "https://", "The client_id names no host."},
        UrlRow{"white space", "https://assistant.example/a b",
               "The client_id is not an absolute URL such as https://example.com/path."}));

json::object good_document() {
  return {{"client_id", kUrl.value()},
          {"client_name", "Assistant"},
          {"redirect_uris", json::array{"https://assistant.example/callback"}}};
}
json::object public_key() {
  static const auto key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256);
  return key.public_jwk();
}
json::object key_set(const json::object& jwk) { return {{"keys", json::array{jwk}}}; }
json::object private_key() {
  json::object jwk = public_key();
  jwk["d"] = "AAAA";
  return jwk;
}

struct Member {
  std::string name;
  std::optional<json::value> value;
};
std::string document_with(const std::vector<Member>& changes) {
  json::object document = good_document();
  for (const auto& change : changes) {
    document.erase(change.name);
    if (change.value) document[change.name] = *change.value;
  }
  return json::serialize(document);
}

struct DocumentRow {
  std::string_view sentence;
  std::string text;
  std::string description;
};
class WrongDocuments : public testing::TestWithParam<DocumentRow> {};
TEST_P(WrongDocuments, AreToldToTheirAuthor) {
  const auto document = parse_client_metadata_document(kUrl, GetParam().text);
  ASSERT_FALSE(document) << GetParam().sentence;
  EXPECT_TRUE(document.error().starts_with(GetParam().description)) << GetParam().sentence << ": " << document.error();
}
constexpr const char* kWrongMethod = "The member token_endpoint_auth_method must be none or private_key_jwt.";
constexpr const char* kSteering = "The member client_name holds a character that steers how text is shown.";
// draft-ietf-oauth-client-id-metadata-document-03 §4, §4.1: each fault has a sentence for whoever wrote the document.
INSTANTIATE_TEST_SUITE_P(
    Section4, WrongDocuments,
    testing::Values(
        DocumentRow{"§4: a JSON document", "<html>", "The document is not JSON: this is an HTML or XML page"},
        DocumentRow{"an object", "[]", "The document must be a JSON object."},
        DocumentRow{"a member twice", R"({"client_id":"a","client_id":"b"})", "The document is not JSON: "},
        DocumentRow{"§4: client_id is required", document_with({{"client_id", {}}}),
                    "The member client_id is missing."},
        DocumentRow{"client_id is a text", document_with({{"client_id", 1}}), "The member client_id is missing."},
        DocumentRow{"THREATS N42: client_id is the document's URL",
                    document_with({{"client_id", "https://assistant.example/other.json"}}),
                    "The member client_id must be the document's own URL."},
        DocumentRow{"§3: compared as bytes, the default port included",
                    document_with({{"client_id", "https://assistant.example:443/client.json"}}),
                    "The member client_id must be the document's own URL."},
        DocumentRow{"§4.1: no secret", document_with({{"client_secret", "x"}}),
                    "The document is public: take the member client_secret out."},
        DocumentRow{"§4.1: nor its expiry", document_with({{"client_secret_expires_at", 0}}),
                    "The document is public: take the member client_secret_expires_at out."},
        DocumentRow{"MCP: client_name is required", document_with({{"client_name", {}}}),
                    "The member client_name is missing"},
        DocumentRow{"a name of blanks", document_with({{"client_name", "  "}}), "The member client_name is missing"},
        DocumentRow{"an empty name", document_with({{"client_name", ""}}), "The member client_name is missing"},
        DocumentRow{"a name that is no text", document_with({{"client_name", 1}}),
                    "The member client_name must be a text."},
        DocumentRow{"a long name", document_with({{"client_name", json::string(201, 'x')}}),
                    "The member client_name is longer than 200 bytes."},
        DocumentRow{"a name with a line break", document_with({{"client_name", "a\nb"}}), kSteering},
        DocumentRow{"a name that is written backwards", document_with({{"client_name", "a\u202eb"}}), kSteering},
        DocumentRow{"redirect_uris are required", document_with({{"redirect_uris", {}}}),
                    "The member redirect_uris is missing."},
        DocumentRow{"an empty list", document_with({{"redirect_uris", json::array{}}}),
                    "The member redirect_uris is missing."},
        DocumentRow{"no list", document_with({{"redirect_uris", "https://assistant.example/callback"}}),
                    "The member redirect_uris must be a list of texts."},
        DocumentRow{"a list of other things", document_with({{"redirect_uris", json::array{1}}}),
                    "The member redirect_uris must be a list of texts."},
        DocumentRow{"33 of them", document_with({{"redirect_uris", json::array(33, "https://assistant.example/")}}),
                    "The member redirect_uris holds more than 32."},
        DocumentRow{"http beyond loopback",
                    document_with({{"redirect_uris", json::array{"http://assistant.example/"}}}),
                    "The redirect URI 'http://assistant.example/' must be https"},
        DocumentRow{"script", document_with({{"redirect_uris", json::array{"javascript:alert(1)"}}}),
                    "The redirect URI 'javascript:alert(1)'"},
        DocumentRow{"a fragment", document_with({{"redirect_uris", json::array{"https://assistant.example/#"}}}),
                    "The redirect URI 'https://assistant.example/#' must not have a fragment."},
        DocumentRow{"one wrong among good ones",
                    document_with({{"redirect_uris", json::array{"https://assistant.example/", "data:x"}}}),
                    "The redirect URI 'data:x'"},
        DocumentRow{"grant_types without authorization_code",
                    document_with({{"grant_types", json::array{"client_credentials", "refresh_token"}}}),
                    "The member grant_types must hold authorization_code."},
        DocumentRow{"RFC 7591 §2: response_types without code",
                    document_with({{"response_types", json::array{"token"}}}),
                    "The member response_types must hold code."},
        DocumentRow{"§4.1: a shared secret's method",
                    document_with({{"token_endpoint_auth_method", "client_secret_basic"}}), kWrongMethod},
        DocumentRow{"another", document_with({{"token_endpoint_auth_method", "client_secret_post"}}), kWrongMethod},
        DocumentRow{"a third", document_with({{"token_endpoint_auth_method", "client_secret_jwt"}}), kWrongMethod},
        DocumentRow{"one that we do not know", document_with({{"token_endpoint_auth_method", "tls_client_auth"}}),
                    kWrongMethod},
        DocumentRow{"private_key_jwt without keys", document_with({{"token_endpoint_auth_method", "private_key_jwt"}}),
                    "private_key_jwt needs the client's public keys: jwks or jwks_uri."},
        DocumentRow{"RFC 7591 §2: keys at two places",
                    document_with({{"jwks", key_set(public_key())}, {"jwks_uri", "https://assistant.example/jwks"}}),
                    "The document has both jwks and jwks_uri"},
        DocumentRow{"§4.1: a private key", document_with({{"jwks", key_set(private_key())}}),
                    "The JWK Set cannot be taken: "},
        DocumentRow{"a symmetric key", document_with({{"jwks", key_set({{"kty", "oct"}, {"k", "AAAA"}})}}),
                    "The JWK Set cannot be taken: "},
        DocumentRow{"jwks is no set", document_with({{"jwks", "x"}}), "The member jwks must be a JWK Set."},
        DocumentRow{"THREATS N40: a jwks_uri without TLS", document_with({{"jwks_uri", "http://assistant.example/"}}),
                    "The jwks_uri must start with https://."},
        DocumentRow{"a jwks_uri of another scheme", document_with({{"jwks_uri", "file:///etc/passwd"}}),
                    "The jwks_uri must start with https://"},
        DocumentRow{"scope is a text", document_with({{"scope", json::array{"a"}}}),
                    "The member scope must be a text."},
        DocumentRow{"RFC 6749 §3.3: of scopes", document_with({{"scope", "a\"b"}}),
                    "The member scope must hold scopes parted by blanks."},
        DocumentRow{"RFC 9126 §6: true or false", document_with({{"require_pushed_authorization_requests", "yes"}}),
                    "The member require_pushed_authorization_requests must be true or false."}));

const Scope kOffered({"lists:read", "lists:write"});

// DEVIATION RFC 7591 §2: other defaults.
TEST(ClientMetadataDocumentTest, ABareDocumentMakesAPublicClientThatMayRefresh) {
  const auto document = parse_client_metadata_document(kUrl, document_with({{"logo_uri", "https://x.example/"}}));
  ASSERT_TRUE(document) << document.error();
  const Client client = make_client(*document, kOffered, kNow);
  EXPECT_EQ(client.id, kUrl);
  EXPECT_EQ(client.name, "Assistant");
  EXPECT_EQ(client.origin, ClientOrigin::metadata_document);
  EXPECT_FALSE(client.is_confidential());
  EXPECT_EQ(client.pkce, PkcePolicy::required);
  EXPECT_EQ(client.redirect_uris, std::vector{RedirectUri("https://assistant.example/callback")});
  EXPECT_EQ(client.grant_types, (std::vector{GrantType::authorization_code, GrantType::refresh_token}));
  EXPECT_EQ(client.scope, kOffered) << "all that the server offers, where it does not say";
  EXPECT_EQ(client.created_at, kNow);
}

TEST(ClientMetadataDocumentTest, Section82AClientWithKeysIsConfidential) {
  const auto document =
      parse_client_metadata_document(kUrl, document_with({{"token_endpoint_auth_method", "private_key_jwt"},
                                                          {"jwks_uri", "https://assistant.example/jwks"},
                                                          {"require_pushed_authorization_requests", true}}));
  ASSERT_TRUE(document) << document.error();
  const Client client = make_client(*document, kOffered, kNow);
  EXPECT_TRUE(client.is_confidential());
  EXPECT_EQ(client.authentication_methods, std::vector{AuthenticationMethod::private_key_jwt});
  EXPECT_EQ(client.jwks_uri, "https://assistant.example/jwks");
  EXPECT_EQ(client.pkce, PkcePolicy::required);
  EXPECT_TRUE(client.requires_pushed_requests);

  const auto inline_keys = parse_client_metadata_document(
      kUrl, document_with({{"token_endpoint_auth_method", "private_key_jwt"}, {"jwks", key_set(public_key())}}));
  ASSERT_TRUE(inline_keys) << inline_keys.error();
  EXPECT_EQ(inline_keys->jwks, json::serialize(key_set(public_key())));
}

struct ScopeRow {
  std::string_view sentence;
  std::vector<Member> changes;
  std::string scope;
};
TEST(ClientMetadataDocumentTest, ItMayAskForNoMoreThanTheServerOffers) {
  for (const ScopeRow& row :
       {ScopeRow{"what it wants", {{"scope", "lists:read"}}, "lists:read"},
        ScopeRow{"and what is offered", {{"scope", "lists:read openid admin"}}, "lists:read"},
        ScopeRow{"nothing of it is", {{"scope", "admin"}}, ""}, ScopeRow{"it wants nothing", {{"scope", ""}}, ""},
        ScopeRow{"it does not say", {}, "lists:read lists:write"}}) {
    const auto document = parse_client_metadata_document(kUrl, document_with(row.changes));
    ASSERT_TRUE(document) << row.sentence;
    EXPECT_EQ(make_client(*document, kOffered, kNow).scope.to_string(), row.scope) << row.sentence;
  }
}

TEST(ClientMetadataDocumentTest, Rfc7591Section2AClientThatDoesNotRefreshNeedNot) {
  const auto document =
      parse_client_metadata_document(kUrl, document_with({{"grant_types", json::array{"authorization_code", "x"}}}));
  ASSERT_TRUE(document) << document.error();
  EXPECT_EQ(document->grant_types, std::vector{GrantType::authorization_code});
}

/// draft-ietf-oauth-client-id-metadata-document-03 §7.1: and no other does.
TEST(ClientMetadataDocumentTest, AClientIdThatIsAUrlNamesADocument) {
  EXPECT_TRUE(names_document(kUrl));
  EXPECT_FALSE(names_document(ClientId("todo-helper-7k2vq9xmpd")));
  EXPECT_FALSE(names_document(ClientId("http://assistant.example/")));
  EXPECT_FALSE(names_document(ClientId("")));
}

}  // namespace
}  // namespace chatelaine::oauth
