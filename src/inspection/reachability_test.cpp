#include <gtest/gtest.h>

#include "inspection/testing/rows.hpp"

namespace chatelaine::inspection {
namespace {

const Row kRows[] = {
    {"plain http beyond loopback", [](Site&) {}, Check::https, Verdict::fault, "is http: codes, secrets and tokens",
     "Serve it over https", "http://todo.example/mcp"},
    {"a name that does not resolve",
     [](Site& site) { site.silence("/mcp", Kind::unresolvable, "The host was not found."); }, Check::reachable,
     Verdict::fault, "was not found", "publish its name in the DNS"},
    {"a private address", [](Site& site) { site.silence("/mcp", Kind::forbidden_address, "It is private."); },
     Check::reachable, Verdict::fault, "private", "give a loopback URL"},
    {"a certificate that is refused",
     [](Site& site) { site.silence("/mcp", Kind::tls_failed, "TLS failed: certificate has expired."); },
     Check::certificate, Verdict::fault, "has expired", "intermediate certificates"},
    {"a certificate of ten days",
     [](Site& site) { site.at("/mcp").certificate_ends_at = now_for_test() + std::chrono::days{10}; },
     Check::certificate, Verdict::warning, "in 10 days", "Renew the certificate"},
    {"a certificate of ten days on the token endpoint's host",
     [](Site& site) {
       site.set_metadata("token_endpoint", "https://id.todo.example/token");
       site.at("https://id.todo.example/token", "POST") = site.at("/oauth/token", "POST");
       site.at("https://id.todo.example/token", "POST").certificate_ends_at = now_for_test() + std::chrono::days{10};
     },
     Check::certificate, Verdict::warning, "of id.todo.example ends at", "Renew the certificate"},
    {"a clock that is ahead",
     [](Site& site) { site.set_header("/oauth/token", "Date", "Fri, 02 Jan 2026 03:05:06 GMT", "POST"); }, Check::clock,
     Verdict::warning, "61 s ahead of", "NTP"},
    {"a clock that is behind",
     [](Site& site) { site.set_header("/oauth/token", "Date", "Fri, 02 Jan 2026 03:03:04 GMT", "POST"); }, Check::clock,
     Verdict::warning, "61 s behind", "NTP"},
    {"RFC 9111 §5.1: a page from a cache tells of no clock",
     [](Site& site) {
       for (const auto path : {kManifest, kMetadata, kOpenId}) site.remove(path);
       site.set_header("/mcp", "Date", "Fri, 02 Jan 2026 01:00:00 GMT");
       site.set_header("/mcp", "Age", "7445");
     },
     Check::clock, Verdict::skipped, "from a cache", ""},
    {"a page from a cache, and a token endpoint that is right",
     [](Site& site) {
       site.set_header("/mcp", "Date", "Fri, 02 Jan 2026 01:00:00 GMT");
       site.set_header("/mcp", "Age", "7445");
     },
     Check::clock, Verdict::ok, "agree", ""},
    {"no Date", [](Site& site) { site.set_header("/oauth/token", "Date", "", "POST"); }, Check::clock, Verdict::warning,
     "no header Date", "Send the header Date"},
    {"a Date of another form", [](Site& site) { site.set_header("/oauth/token", "Date", "now", "POST"); }, Check::clock,
     Verdict::warning, "is no HTTP date", "Sun, 06 Nov 1994"},
    {"a URL that is redirected", [](Site& site) { redirect_to(site.at("/mcp"), "https://www.todo.example/mcp", 301); },
     Check::redirect, Verdict::warning, "https://www.todo.example/mcp", "Enter the URL that the redirect leads to"},
    {"http that answers", [](Site& site) { site.at("http://todo.example/").status = 200; }, Check::plain_http,
     Verdict::warning, "status 200", "301 or 308"},
    {"a server that fails", [](Site& site) { site.at("/mcp").status = 502; }, Check::reachable, Verdict::warning,
     "status 502", "server's log"},
    {"a large home page with nothing behind it",
     [](Site& site) { site.silence("https://elsewhere.example", Kind::too_large, "It is too large."); }, Check::role,
     Verdict::fault, "neither a plugin's, nor an issuer", "Give the plugin's domain", "https://elsewhere.example"},
    {"the certificate of a server whose home page is large",
     [](Site& site) {
       site.silence("/mcp", Kind::too_large, "It is too large.");
       site.at(kManifest).certificate_ends_at = now_for_test() + std::chrono::days{10};
     },
     Check::certificate, Verdict::warning, "in 10 days", "Renew the certificate"},
    {"nothing of all this", [](Site&) {}, Check::role, Verdict::fault, "neither a plugin's, nor an issuer",
     "Give the plugin's domain", "https://elsewhere.example"},
};

TEST(Reachability, WhatKeepsAssistantsAwayIsFound) { expect_findings(kRows, Check::https, Check::plain_http); }

}  // namespace
}  // namespace chatelaine::inspection
