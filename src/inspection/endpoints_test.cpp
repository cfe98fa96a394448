#include <gtest/gtest.h>

#include "inspection/testing/rows.hpp"

namespace chatelaine::inspection {
namespace {

const Row kRows[] = {
    {"RFC 8414 §2: keys that are not there", [](Site& site) { site.remove("/oauth/jwks"); }, Check::keys,
     Verdict::warning, "status 404", "Serve a JWK Set"},
    {"a private key among the published",
     [](Site& site) {
       site.at("/oauth/jwks").body = R"({"keys":[{"kty":"EC","crv":"P-256","x":"a","y":"b","d":"c"}]})";
     },
     Check::keys, Verdict::fault, "makes it a private key", "of public keys"},
    {"no key at all", [](Site& site) { site.at("/oauth/jwks").body = R"({"keys":[]})"; }, Check::keys, Verdict::warning,
     "it is empty", "Serve a JWK Set"},
    {"an authorization endpoint that is not there", [](Site& site) { site.at("/oauth/authorize").status = 404; },
     Check::authorization_endpoint, Verdict::fault, "status 404", "Serve the sign-in page"},
    {"an authorization endpoint that fails", [](Site& site) { site.at("/oauth/authorize").status = 500; },
     Check::authorization_endpoint, Verdict::fault, "status 500", "in the server's log"},
    {"an authorization endpoint that has moved",
     [](Site& site) { redirect_to(site.at("/oauth/authorize"), "/oauth/authorize/", 301); },
     Check::authorization_endpoint, Verdict::warning, "status 301", "Name \"/oauth/authorize/\""},
    {"RFC 9700 §4.16: a page that can be framed",
     [](Site& site) { site.set_header("/oauth/authorize", "Content-Security-Policy", "default-src 'none'"); },
     Check::authorization_framing, Verdict::warning, "any site may frame", "frame-ancestors 'none'"},
    {"RFC 9700 §4.16: a page that everybody may frame",
     [](Site& site) {
       site.set_header("/oauth/authorize", "Content-Security-Policy",
                       "default-src 'none'; frame-ancestors 'self' https:");
       site.set_header("/oauth/authorize", "X-Frame-Options", "DENY");
     },
     Check::authorization_framing, Verdict::warning, "any site may frame", "frame-ancestors 'none'"},
    {"a header that forbids no framing",
     [](Site& site) {
       site.set_header("/oauth/authorize", "Content-Security-Policy", "");
       site.set_header("/oauth/authorize", "X-Frame-Options", "ALLOWALL");
     },
     Check::authorization_framing, Verdict::warning, "any site may frame", "frame-ancestors 'none'"},
    {"the older header that does",
     [](Site& site) {
       site.set_header("/oauth/authorize", "Content-Security-Policy", "");
       site.set_header("/oauth/authorize", "X-Frame-Options", "SAMEORIGIN");
     },
     Check::authorization_framing, Verdict::ok, "cannot be framed", ""},
    {"a token endpoint that is redirected",
     [](Site& site) { redirect_to(site.at("/oauth/token", "POST"), "https://todo.example/oauth/token/", 308); },
     Check::token_endpoint, Verdict::fault, "https://todo.example/oauth/token/",
     "Name \"https://todo.example/oauth/token/\""},
    {"RFC 6749 §5.2: a token endpoint that answers with a page",
     [](Site& site) { site.at("/oauth/token", "POST").body = "<h1>Bad Request"; }, Check::token_endpoint,
     Verdict::fault, "where a JSON error is expected", "JSON {\"error\""},
    {"RFC 6749 §5.2: a token endpoint that says 200", [](Site& site) { site.at("/oauth/token", "POST").status = 200; },
     Check::token_endpoint, Verdict::fault, "status 200", "status 400 or 401"},
    {"RFC 6749 §5.1: answers that may be stored",
     [](Site& site) { site.set_header("/oauth/token", "Cache-Control", "max-age=60", "POST"); }, Check::token_no_store,
     Verdict::warning, "max-age=60", "Cache-Control: no-store"},
    {"a token endpoint that reads forms alone",
     [](Site& site) {
       site.at_post("/oauth/token", R"({"grant_type":"urn:chatelaine:doctor"})").body =
           R"({"error":"invalid_request"})";
     },
     Check::token_json, Verdict::fault, "as if there were nothing in it", "`auth.authorization_content_type`"},
    {"a token endpoint that chokes on JSON",
     [](Site& site) {
       net::FetchedDocument& answer = site.at_post("/oauth/token", R"({"grant_type":"urn:chatelaine:doctor"})");
       answer.status = 415;
       answer.body = "Unsupported Media Type";
     },
     Check::token_json, Verdict::fault, "status 415", "Read JSON bodies"},
    {"who refuses JSON before anything else may read it, or not",
     [](Site& site) {
       site.at_post("/oauth/token", R"({"grant_type":"urn:chatelaine:doctor"})").body = R"({"error":"invalid_client"})";
       site.at_post("/oauth/token", "grant_type=urn%3Achatelaine%3Adoctor").body = R"({"error":"invalid_client"})";
     },
     Check::token_json, Verdict::skipped, "before the grant type is read", ""},
    {"a form is refused before its grant type is read, and JSON is read",
     [](Site& site) {
       site.at_post("/oauth/token", "grant_type=urn%3Achatelaine%3Adoctor").body = R"({"error":"invalid_client"})";
     },
     Check::token_json, Verdict::ok, "reads JSON", ""},
    {"JSON alone, as the manifest says",
     [](Site& site) {
       for (net::FetchedDocument* const answer :
            {&site.at("/oauth/token", "POST"), &site.at_post("/oauth/token", "grant_type=urn%3Achatelaine%3Adoctor")}) {
         answer->status = 415;
         answer->body = "";
       }
     },
     Check::token_endpoint, Verdict::ok, "unsupported_grant_type", ""},
    {"who takes an empty request is not asked again", [](Site& site) { site.at("/oauth/token", "POST").status = 200; },
     Check::token_json, Verdict::skipped, "was not asked any further", ""},
    {"a token endpoint that refuses scripts alone",
     [](Site& site) {
       site.adjust = [](const Question& question, net::FetchedDocument& answer) {
         if (find_header(question, "Origin")) answer.status = 403;
       };
     },
     Check::token_endpoint, Verdict::ok, "refuses an empty request", ""},
    {"a token endpoint whose scripts are refused",
     [](Site& site) {
       site.adjust = [](const Question& question, net::FetchedDocument& answer) {
         if (question.method == "POST" && find_header(question, "Origin")) answer.status = 403;
       };
     },
     Check::token_cors, Verdict::warning, "status 403 to scripts of https://claude.ai", "Answer OPTIONS"},
    {"a token endpoint that cannot be reached",
     [](Site& site) { site.silence("/oauth/token", Kind::unreachable, "It could not be reached."); },
     Check::token_endpoint, Verdict::fault, "It could not be reached", "open its port"},
    {"an authorization endpoint that is there for requests with a client alone",
     [](Site& site) {
       site.adjust = [](const Question& question, net::FetchedDocument& answer) {
         if (question.url == "https://todo.example/oauth/authorize") answer.status = 404;
       };
     },
     Check::authorization_endpoint, Verdict::ok, "client_id=chatelaine-doctor", ""},
    {"a token endpoint without CORS", [](Site& site) { site.at("/oauth/token", "OPTIONS").status = 405; },
     Check::token_cors, Verdict::warning, "status 405", "Answer OPTIONS at the token endpoint"},
    {"a token endpoint whose CORS forgets a header",
     [](Site& site) { site.set_header("/oauth/token", "Access-Control-Allow-Headers", "*", "OPTIONS"); },
     Check::token_cors, Verdict::warning, "the header authorization", "Content-Type, Authorization"},
    {"a registration endpoint that is not there", [](Site& site) { site.remove("/oauth/register", "POST"); },
     Check::registration_endpoint, Verdict::fault, "status 404", "Take registrations by POST"},
    {"a registration endpoint that registers anything",
     [](Site& site) { site.at("/oauth/register", "POST").status = 201; }, Check::registration_endpoint, Verdict::fault,
     "status 201", "Take registrations by POST"},
    {"a registration endpoint that wants a token", [](Site& site) { site.at("/oauth/register", "POST").status = 401; },
     Check::registration_endpoint, Verdict::warning, "who registers needs a token", "without a token"},
    {"a registration endpoint without CORS", [](Site& site) { site.remove("/oauth/register", "OPTIONS"); },
     Check::registration_cors, Verdict::warning, "status 404", "Answer OPTIONS at the registration endpoint"},
    {"RFC 7009: no revocation", [](Site& site) { site.set_metadata("revocation_endpoint", nullptr); },
     Check::revocation_endpoint, Verdict::warning, "no revocation_endpoint", "Offer `revocation_endpoint`"},
    {"a revocation endpoint that is not there", [](Site& site) { site.remove("/oauth/revoke", "POST"); },
     Check::revocation_endpoint, Verdict::fault, "status 404", "take revocation_endpoint out"},
    {"RFC 7662 §2.1: introspection by anybody", [](Site& site) { site.at("/oauth/introspect", "POST").status = 200; },
     Check::introspection_endpoint, Verdict::warning, "answers whoever asks", "Ask for credentials"},
    {"an answer with a stack trace",
     [](Site& site) { site.at("/oauth/authorize").body = "Error: oops\n    at handle (/srv/app/server.js:12:3)\n"; },
     Check::stack_traces, Verdict::warning, "at handle (/srv/app/server.js:12:3)", "debug mode off"},
};

TEST(Endpoints, WhatTheyGiveAwayOrLackIsFound) { expect_findings(kRows, Check::keys, Check::stack_traces); }

}  // namespace
}  // namespace chatelaine::inspection
