#include <gtest/gtest.h>

#include "inspection/testing/rows.hpp"

namespace chatelaine::inspection {
namespace {

const Row kRows[] = {
    {"RFC 8414 §3: no metadata of a resource's server",
     [](Site& site) {
       site.remove(kMetadata);
       site.remove(kOpenId);
     },
     Check::metadata_served, Verdict::fault, "status 404", "oauth-authorization-server itself with 200"},
    {"a plugin of 2023 has none",
     [](Site& site) {
       for (const auto path : {kMetadata, kOpenId, kResource, kRootResource}) site.remove(path);
     },
     Check::metadata_served, Verdict::warning, "has no metadata", "oauth-authorization-server", "https://todo.example"},
    {"metadata that is redirected",
     [](Site& site) { redirect_to(site.at(kMetadata), "https://id.example/.well-known/oauth-authorization-server"); },
     Check::metadata_served, Verdict::fault, "https://id.example/", "do not follow redirects"},
    {"a plugin without metadata sends strangers to a sign-in page",
     [](Site& site) {
       for (const auto path : {kMetadata, kOpenId, kResource, kRootResource}) site.remove(path);
       redirect_to(site.nothing, "/login");
     },
     Check::metadata_served, Verdict::warning, "\"/login\"", "oauth-authorization-server", "https://todo.example"},
    {"metadata that is a page",
     [](Site& site) {
       answer_with_page(site.at(kMetadata));
       answer_with_page(site.at(kOpenId));
     },
     Check::metadata_served, Verdict::fault, "is not JSON", "with 200 and the document"},
    {"metadata at one place alone", [](Site& site) { site.remove(kOpenId); }, Check::metadata_paths, Verdict::warning,
     "openid-configuration", "https://todo.example/.well-known/openid-configuration"},
    {"two documents that promise different things",
     [](Site& site) { site.set(kOpenId, "code_challenge_methods_supported", nullptr); }, Check::metadata_paths,
     Verdict::warning, "code_challenge_methods_supported is not the same", "the same document"},
    {"the order of a list says nothing",
     [](Site& site) {
       site.set(kOpenId, "token_endpoint_auth_methods_supported", json::array{"client_secret_post", "none"});
     },
     Check::metadata_paths, Verdict::ok, "at every place", ""},
    {"RFC 8414 §3.2: metadata of another type",
     [](Site& site) { site.set_header(kMetadata, "Content-Type", "text/plain; charset=utf-8"); }, Check::metadata_type,
     Verdict::fault, "text/plain", "Content-Type: application/json"},
    {"RFC 8414 §3.3: an issuer with a final slash that the resource names without",
     [](Site& site) { site.set_metadata("issuer", "https://todo.example/"); }, Check::metadata_issuer, Verdict::fault,
     "they differ by the final slash", "under authorization_servers"},
    {"RFC 8414 §3.3: an issuer with a slash that a person left out",
     [](Site& site) {
       site.remove(kRootResource);
       site.set_metadata("issuer", "https://todo.example/");
     },
     Check::metadata_issuer, Verdict::warning, "\"https://todo.example/\"", "Write \"https://todo.example/\"",
     "https://todo.example"},
    {"RFC 8414 §3.3: another issuer", [](Site& site) { site.set_metadata("issuer", "https://id.example"); },
     Check::metadata_issuer, Verdict::fault, "https://id.example", "the same text everywhere"},
    {"RFC 8414 §3.3: no issuer", [](Site& site) { site.set_metadata("issuer", nullptr); }, Check::metadata_issuer,
     Verdict::fault, "issuer is missing", "\"issuer\": \"https://todo.example\""},
    {"RFC 8414 §2: no token endpoint", [](Site& site) { site.set_metadata("token_endpoint", nullptr); },
     Check::metadata_members, Verdict::fault, "token_endpoint", "Add the missing members"},
    {"the Fetch standard: two headers are a list of two, which allows nobody",
     [](Site& site) { site.at(kMetadata).headers.push_back({"Access-Control-Allow-Origin", "https://claude.ai"}); },
     Check::metadata_cors, Verdict::warning, "several headers", "Access-Control-Allow-Origin: *"},
    {"metadata without CORS", [](Site& site) { site.set_header(kMetadata, "Access-Control-Allow-Origin", ""); },
     Check::metadata_cors, Verdict::warning, "https://claude.ai", "Access-Control-Allow-Origin: *"},
    {"no PKCE",
     [](Site& site) {
       site.remove(kManifest);
       site.set_metadata("code_challenge_methods_supported", nullptr);
     },
     Check::pkce, Verdict::fault, "code_challenge_methods_supported is missing", "[\"S256\"]"},
    {"no PKCE where there is a plugin, whose hosts do without",
     [](Site& site) { site.set_metadata("code_challenge_methods_supported", nullptr); }, Check::pkce, Verdict::warning,
     "code_challenge_methods_supported is missing", "[\"S256\"]"},
    {"no way for a client that nobody knows, at an issuer whose clients may all be known",
     [](Site& site) {
       for (const auto path : {kManifest, kRootResource}) site.remove(path);
       site.set_metadata("client_id_metadata_document_supported", nullptr);
       site.set_metadata("registration_endpoint", nullptr);
     },
     Check::registration, Verdict::warning, "registration_endpoint is missing", "Offer client ID metadata documents",
     "https://todo.example"},
    {"PKCE with plain",
     [](Site& site) { site.set_metadata("code_challenge_methods_supported", json::array{"S256", "plain"}); },
     Check::pkce, Verdict::warning, "\"plain\"", "Take \"plain\" out"},
    {"RFC 9207 §3: iss is not promised",
     [](Site& site) { site.set_metadata("authorization_response_iss_parameter_supported", false); },
     Check::issuer_parameter, Verdict::warning, "is false", "Send `iss` with every authorization response"},
    {"RFC 9207 §3: iss is promised in quotes",
     [](Site& site) { site.set_metadata("authorization_response_iss_parameter_supported", "true"); },
     Check::issuer_parameter, Verdict::fault, "is a string",
     "\"authorization_response_iss_parameter_supported\": true"},
    {"documents of clients without the method none",
     [](Site& site) { site.set_metadata("token_endpoint_auth_methods_supported", json::array{"private_key_jwt"}); },
     Check::client_id_documents, Verdict::warning, "is true, but", "list `none`"},
    {"no way for a client that nobody knows",
     [](Site& site) {
       site.remove(kManifest);
       site.set_metadata("client_id_metadata_document_supported", nullptr);
       site.set_metadata("registration_endpoint", nullptr);
     },
     Check::registration, Verdict::fault, "registration_endpoint is missing", "Offer client ID metadata documents"},
    {"RFC 8414 §2: unsaid methods are client_secret_basic",
     [](Site& site) { site.set_metadata("token_endpoint_auth_methods_supported", nullptr); }, Check::token_auth_methods,
     Verdict::warning, "is missing", "List the methods"},
    {"no public clients",
     [](Site& site) { site.set_metadata("token_endpoint_auth_methods_supported", json::array{"client_secret_post"}); },
     Check::token_auth_methods, Verdict::warning, "public clients cannot connect", "add \"none\""},
    {"public clients alone",
     [](Site& site) { site.set_metadata("token_endpoint_auth_methods_supported", json::array{"none"}); },
     Check::token_auth_methods, Verdict::warning, "with a secret or a key", "client_secret_post"},
    {"no refresh tokens",
     [](Site& site) { site.set_metadata("grant_types_supported", json::array{"authorization_code"}); },
     Check::grant_types, Verdict::warning, "\"authorization_code\"", "Give refresh tokens"},
    {"no codes", [](Site& site) { site.set_metadata("grant_types_supported", json::array{"refresh_token"}); },
     Check::grant_types, Verdict::fault, "\"refresh_token\"", "Add \"authorization_code\""},
    {"RFC 8414 §2: unsaid grant types are authorization_code and implicit",
     [](Site& site) { site.set_metadata("grant_types_supported", nullptr); }, Check::grant_types, Verdict::warning,
     "it means authorization_code and implicit", "Give refresh tokens"},
    {"RFC 9126 §5: requests that must be pushed",
     [](Site& site) { site.set_metadata("require_pushed_authorization_requests", true); }, Check::request_forms,
     Verdict::fault, "require_pushed_authorization_requests is true", "take the member out"},
    {"RFC 9101 §10.5: requests that must be signed",
     [](Site& site) { site.set_metadata("require_signed_request_object", true); }, Check::request_forms, Verdict::fault,
     "require_signed_request_object is true", "take the member out"},
    {"clients that prove themselves by a certificate",
     [](Site& site) {
       site.set_metadata("token_endpoint_auth_methods_supported", json::array{"none", "tls_client_auth"});
     },
     Check::token_auth_methods, Verdict::ok, "\"tls_client_auth\"", ""},
    {"an ID token beside a code is not the implicit grant",
     [](Site& site) { site.set_metadata("response_types_supported", json::array{"code", "id_token code"}); },
     Check::weak_flows, Verdict::ok, "neither the implicit", ""},
    {"an endpoint that only the server's own machine reaches",
     [](Site& site) { site.set_metadata("jwks_uri", "http://localhost:8080/jwks"); }, Check::endpoint_urls,
     Verdict::fault, "loopback", "public https URL as jwks_uri"},
    {"no scopes", [](Site& site) { site.set_metadata("scopes_supported", nullptr); }, Check::scopes, Verdict::warning,
     "scopes_supported is missing", "`scopes_supported`"},
    {"RFC 9700 §2.1.2: the implicit grant",
     [](Site& site) { site.set_metadata("response_types_supported", json::array{"code", "code id_token token"}); },
     Check::weak_flows, Verdict::warning, "the implicit grant is offered", "Switch the implicit"},
    {"RFC 9700 §2.4: the password grant",
     [](Site& site) {
       site.set_metadata("grant_types_supported", json::array{"authorization_code", "refresh_token", "password"});
     },
     Check::weak_flows, Verdict::warning, "\"password\"", "password grant off"},
    {"an endpoint in the clear",
     [](Site& site) { site.set_metadata("revocation_endpoint", "http://todo.example/oauth/revoke"); },
     Check::endpoint_urls, Verdict::fault, "revocation_endpoint", "https URL as revocation_endpoint"},
    {"an endpoint that is a path", [](Site& site) { site.set_metadata("jwks_uri", "/oauth/jwks"); },
     Check::endpoint_urls, Verdict::fault, "jwks_uri", "https URL as jwks_uri"},
    {"RFC 6749 §3.1: an endpoint with a fragment",
     [](Site& site) { site.set_metadata("authorization_endpoint", "https://todo.example/oauth/authorize#top"); },
     Check::endpoint_urls, Verdict::fault, "has a fragment", "authorization_endpoint"},
    {"an endpoint under another root domain",
     [](Site& site) { site.set_metadata("token_endpoint", "https://id.example.org/token"); },
     Check::endpoint_root_domain, Verdict::warning, "id.example.org", "under the root domain of the API"},
};

TEST(Metadata, WhatClientsStumbleOverIsFound) {
  expect_findings(kRows, Check::metadata_served, Check::endpoint_root_domain);
}

}  // namespace
}  // namespace chatelaine::inspection
