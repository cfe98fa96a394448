#include "oauth/clients/registration_members.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace chatelaine::oauth {
namespace {

json::object parse(std::string_view text) { return parse_json(text).value().as_object(); }

struct Wrong {
  const char* sentence;
  std::string request;
  const char* description;
  ErrorCode code = ErrorCode::invalid_client_metadata;
};

void expect_refused(const std::vector<Wrong>& rows) {
  for (const Wrong& row : rows) {
    SCOPED_TRACE(row.sentence);
    const auto read = read_requested_metadata(parse(row.request));
    ASSERT_FALSE(read);
    EXPECT_EQ(to_string(read.error().code), to_string(row.code));
    EXPECT_EQ(read.error().description, row.description);
  }
}

/// A list of `count` times the same element.
std::string repeat(const std::string& element, int count) {
  std::string list = "[" + element;
  for (int i = 1; i < count; ++i) list += "," + element;
  return list + "]";
}

/// RFC 7591 §2: the members have types, and whoever sends another is told which.
TEST(ClientMetadata, WrongTypesAreNamed) {
  expect_refused({
      {"RFC 7591 §3.2.2: redirect_uris is no list", R"({"redirect_uris":"https://a.example/"})",
       "The member 'redirect_uris' must be a list of strings, not a string.", ErrorCode::invalid_redirect_uri},
      {"an element is no text", R"({"redirect_uris":["https://a.example/",7]})",
       "The member 'redirect_uris' must be a list of strings without exception, not a number.",
       ErrorCode::invalid_redirect_uri},
      {"a method is no text", R"({"token_endpoint_auth_method":["none"]})",
       "The member 'token_endpoint_auth_method' must be a string, not an array."},
      {"grant types are no text", R"({"grant_types":"authorization_code"})",
       "The member 'grant_types' must be a list of strings, not a string."},
      {"response types are an object", R"({"response_types":{"code":true}})",
       "The member 'response_types' must be a list of strings, not an object."},
      {"a name is a number", R"({"client_name":5})", "The member 'client_name' must be a string, not a number."},
      {"a page is a boolean", R"({"client_uri":true})", "The member 'client_uri' must be a string, not a boolean."},
      {"a scope is a list", R"({"scope":["a","b"]})", "The member 'scope' must be a string, not an array."},
      {"contacts are one text", R"({"contacts":"a@example.com"})",
       "The member 'contacts' must be a list of strings, not a string."},
      {"a flag is a text", R"({"require_pushed_authorization_requests":"true"})",
       "The member 'require_pushed_authorization_requests' must be true or false, not a string."},
      {"a flag is a number", R"({"require_auth_time":1})",
       "The member 'require_auth_time' must be true or false, not a number."},
      {"an age is a text", R"({"default_max_age":"3600"})",
       "The member 'default_max_age' must be a number of seconds, 0 or more."},
      {"an age is negative", R"({"default_max_age":-1})",
       "The member 'default_max_age' must be a number of seconds, 0 or more."},
      {"an age is a fraction", R"({"default_max_age":1.5})",
       "The member 'default_max_age' must be a number of seconds, 0 or more."},
      {"an age is beyond all bounds", R"({"default_max_age":18446744073709551615})",
       "The member 'default_max_age' must be a number of seconds, 0 or more."},
      {"keys are a text", R"({"jwks":"{}"})", "The member 'jwks' must be a JWK Set, which is an object, not a string."},
  });
}

/// RFC 7591 §2, OpenID Connect Dynamic Client Registration §2: values that we do not have.
TEST(ClientMetadata, UnknownValuesAreNamed) {
  expect_refused({
      {"a method that we do not have", R"({"token_endpoint_auth_method":"tls_client_auth"})",
       "The member 'token_endpoint_auth_method' cannot be 'tls_client_auth'; supported: client_secret_post, "
       "client_secret_basic, private_key_jwt, none."},
      {"RFC 9700 §2.1.2: the implicit grant", R"({"grant_types":["authorization_code","implicit"]})",
       "The member 'grant_types' cannot be 'implicit'; supported: authorization_code, refresh_token, "
       "client_credentials, urn:ietf:params:oauth:grant-type:device_code."},
      // DEVIATION RFC 7591 §2.1, OpenID Connect Core §15.2, OpenID Connect Discovery §3: code alone.
      {"RFC 9700 §2.1.2: the response type token", R"({"response_types":["code","token"]})",
       "The member 'response_types' cannot hold 'token': code is all there is."},
      {"a hybrid response type", R"({"response_types":["code id_token"]})",
       "The member 'response_types' cannot hold 'code id_token': code is all there is."},
      {"an application that is neither", R"({"application_type":"desktop"})",
       "The member 'application_type' cannot be 'desktop'; supported: web, native."},
      {"unsigned ID tokens", R"({"id_token_signed_response_alg":"none"})",
       "The member 'id_token_signed_response_alg' cannot be 'none'; supported: ES256, RS256, PS256, EdDSA."},
      {"pairwise subjects", R"({"subject_type":"pairwise"})",
       "The member 'subject_type' must be public: subjects that differ from client to client are not supported."},
      {"RFC 6749 §3.3: a scope with a quote", R"({"scope":"a\"b"})",
       "The member 'scope' must be scopes parted by blanks (RFC 6749 section 3.3)."},
  });
}

/// Ignored, each of these would be a promise that we do not keep.
// DEVIATION RFC 9700 §2.2.1, §4.9.3, §4.10.1: tokens that are bound to a key among them.
TEST(ClientMetadata, WhatCannotBeHonouredIsRefused) {
  for (const std::string member :
       {R"("request_uris":["https://a.example/r"])", R"("sector_identifier_uri":"https://a.example/s")",
        R"("id_token_encrypted_response_alg":"RSA-OAEP-256")", R"("id_token_encrypted_response_enc":"A128GCM")",
        R"("userinfo_signed_response_alg":"RS256")", R"("userinfo_encrypted_response_alg":"RSA-OAEP-256")",
        R"("request_object_encryption_alg":"RSA-OAEP-256")", R"("authorization_signed_response_alg":"RS256")",
        R"("require_signed_request_object":true)", R"("dpop_bound_access_tokens":true)",
        R"("tls_client_certificate_bound_access_tokens":true)"}) {
    const std::string name = member.substr(1, member.find('"', 1) - 1);
    const auto read = read_requested_metadata(parse("{" + member + "}"));
    ASSERT_FALSE(read) << name;
    EXPECT_EQ(to_string(read.error().code), "invalid_client_metadata") << name;
    EXPECT_EQ(read.error().description,
              "The member '" + name + "' asks for what this server does not do: leave it out.");
  }
  EXPECT_TRUE(read_requested_metadata(parse(
      R"({"dpop_bound_access_tokens":false,"request_uris":[],"sector_identifier_uri":null,"subject_type":"public"})")));
}

/// Whatever a stranger sends is kept, and shown.
TEST(ClientMetadata, TextsAreBounded) {
  const auto name = [](const std::string& text) { return json::serialize(json::object{{"client_name", text}}); };
  const char* const unseen = "The member 'client_name' holds a control character, or one that nobody sees.";
  expect_refused({
      {"a name of 101 characters", name(std::string(101, 'a')),
       "The member 'client_name' is longer than 100 characters."},
      {"a line break", name("Todo\nHelper"), unseen},
      {"a NUL", name(std::string("Todo\0Helper", 11)), unseen},
      {"a terminal's escape", name("\x1b[31mTodo"), unseen},
      {"an override of the direction, which turns what follows", name("Todo \u202Egnp.exe"), unseen},
      {"a zero-width space", name("To\u200Bdo"), unseen},
      {"tag characters", name("Todo\U000E0041"), unseen},
      {"a software id of 201 characters", R"({"software_id":")" + std::string(201, 'a') + R"("})",
       "The member 'software_id' is longer than 200 characters."},
      {"21 redirect URIs", R"({"redirect_uris":)" + repeat(R"("https://a.example/")", 21) + "}",
       "The member 'redirect_uris' holds more than 20 elements.", ErrorCode::invalid_redirect_uri},
      {"21 contacts", R"({"contacts":)" + repeat(R"("a@example.com")", 21) + "}",
       "The member 'contacts' holds more than 20 elements."},
      {"33 keys", R"({"jwks":{"keys":)" + repeat(R"({"kty":"EC"})", 33) + "}}",
       "The member 'jwks' cannot be used: the member keys holds more than 32 keys."},
      {"keys of more than 16 KiB", R"({"jwks":{"keys":[{"kty":"RSA","n":")" + std::string(17'000, 'A') + R"("}]}})",
       "The member 'jwks' is larger than 16 KiB."},
  });
  const auto read =
      read_requested_metadata(parse(name("Ünïcode – 日本語 👩‍💻 <script>javascript:alert(1)</script>")));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->metadata.name, "Ünïcode – 日本語 👩‍💻 <script>javascript:alert(1)</script>")
      << "what a page escapes is harmless here";
}

/// RFC 7591 §2: pages of the client are addresses of the web. They are never fetched.
TEST(ClientMetadata, PagesAreHttps) {
  for (const std::string member :
       {"client_uri", "logo_uri", "tos_uri", "policy_uri", "jwks_uri", "initiate_login_uri"}) {
    for (const std::string url : {"http://a.example/", "javascript:alert(1)", "data:image/png;base64,AA", "/logo.png",
                                  "https://", "https://user@a.example/", "not a URL"}) {
      const auto read = read_requested_metadata({{member, url}});
      ASSERT_FALSE(read) << member << " " << url;
      EXPECT_EQ(read.error().description,
                "The member '" + member + "' must be an absolute https URL without a user name.");
    }
    EXPECT_TRUE(read_requested_metadata({{member, "https://a.example/x?y"}})) << member;
  }
}

/// RFC 7591 §3.2.2: each code where it belongs.
TEST(ClientMetadata, RedirectUrisAndStatementsHaveCodesOfTheirOwn) {
  const char* const no_jwt = "The software_statement is not a signed JWT.";
  expect_refused({
      {"RFC 8252 §8.3: http beside loopback", R"({"redirect_uris":["http://a.example/"]})",
       "The redirect URI 'http://a.example/' must be https; http is for loopback addresses.",
       ErrorCode::invalid_redirect_uri},
      {"RFC 8252 §7.1: a scheme without a dot", R"x({"redirect_uris":["javascript:alert(1)"]})x",
       "The redirect URI 'javascript:alert(1)' must begin with https://, or with a private-use scheme such as "
       "com.example.app:/.",
       ErrorCode::invalid_redirect_uri},
      {"RFC 6749 §3.1.2: a fragment", R"({"redirect_uris":["https://a.example/#x"]})",
       "The redirect URI 'https://a.example/#...' must not have a fragment.", ErrorCode::invalid_redirect_uri},
      {"a wildcard", R"({"redirect_uris":["https://*.a.example/"]})",
       "The redirect URI 'https://*.a.example/' holds a wildcard: it is compared byte for byte, so register each one.",
       ErrorCode::invalid_redirect_uri},
      {"OpenID Connect RP-Initiated Logout §3.1: a page after sign-out",
       R"({"post_logout_redirect_uris":["http://a.example/"]})",
       "The redirect URI 'http://a.example/' must be https; http is for loopback addresses."},
      {"a statement that is none", R"({"software_statement":"trust me"})", no_jwt,
       ErrorCode::invalid_software_statement},
      {"a statement that is no text", R"({"software_statement":{"iss":"x"}})", no_jwt,
       ErrorCode::invalid_software_statement},
      {"a statement of three words", R"({"software_statement":"a.b.c"})", no_jwt,
       ErrorCode::invalid_software_statement},
      {"a statement of somebody", R"({"software_statement":"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.AAAA"})",
       "This server trusts nobody's software statements: send the metadata as plain members.",
       ErrorCode::unapproved_software_statement},
  });
}

/// RFC 7591 §2: a client's public keys.
TEST(ClientMetadata, KeysArePublic) {
  expect_refused({
      {"no list", R"({"jwks":{}})", "The member 'jwks' cannot be used: the member keys is missing or not an array."},
      {"a key that is a text", R"({"jwks":{"keys":["x"]}})",
       "The member 'jwks' cannot be used: keys[0] is not an object."},
      {"RFC 7518 §6.2.2: a private elliptic key", R"({"jwks":{"keys":[{"kty":"EC","d":"x"}]}})",
       "The member 'jwks' cannot be used: keys[0]: the member d makes it a private key: remove it, and replace the "
       "key, "
       "which is no secret now."},
      {"RFC 7518 §6.4: a symmetric key", R"({"jwks":{"keys":[{"kty":"oct","k":"x"}]}})",
       "The member 'jwks' cannot be used: keys[0]: the member k makes it a private key: remove it, and replace the "
       "key, "
       "which is no secret now."},
  });
  const auto read = read_requested_metadata(parse(R"({"jwks":{"keys":[{"kty":"EC","crv":"P-256"}]}})"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->metadata.jwks, R"({"keys":[{"kty":"EC","crv":"P-256"}]})");
}

/// RFC 7591 §2, §2.2: what we do not know, and what is in a language, is ignored; RFC 7592 §2.2: null and empty count
/// as absent.
TEST(ClientMetadata, UnknownMembersAndEmptyValuesAreIgnored) {
  const auto read = read_requested_metadata(
      parse(R"({"client_name":"Todo","client_name#de":{"any":"thing"},"logo_uri#ja-Jpan-JP":5,"example_extension":[1],)"
            R"("client_uri":null,"logo_uri":"","contacts":[],"scope":"","jwks":null,"grant_types":[]})"));
  ASSERT_TRUE(read) << read.error().description;
  RequestedMetadata expected;
  expected.metadata.name = "Todo";
  EXPECT_EQ(read->metadata, expected.metadata);
  EXPECT_FALSE(read->scope);
  EXPECT_TRUE(read->grant_types.empty());
}

}  // namespace
}  // namespace chatelaine::oauth
