#include <gtest/gtest.h>

#include <algorithm>

#include "inspection/testing/rows.hpp"

namespace chatelaine::inspection {
namespace {

/// Nothing else but a resource: then what is missing is a fault.
void leave_only_resource(Site& site) { site.remove(kManifest); }

const Row kRows[] = {
    {"RFC 6750 §3: a call without a token that is answered",
     [](Site& site) {
       leave_only_resource(site);
       site.at("/mcp").status = 200;
     },
     Check::challenge, Verdict::fault, "where 401 is expected", "WWW-Authenticate: Bearer"},
    {"RFC 6750 §3: 401 without a challenge",
     [](Site& site) {
       leave_only_resource(site);
       site.set_header("/mcp", "WWW-Authenticate", "Basic realm=x");
     },
     Check::challenge, Verdict::fault, "without a Bearer challenge", "WWW-Authenticate: Bearer"},
    {"RFC 9728 §5.1: a challenge without resource_metadata",
     [](Site& site) {
       leave_only_resource(site);
       site.set_header("/mcp", "WWW-Authenticate", "Bearer");
     },
     Check::challenge_metadata, Verdict::fault, "has no resource_metadata",
     "resource_metadata=\"https://todo.example/.well-known/oauth-protected-resource/mcp\""},
    {"of a plugin it is a warning", [](Site& site) { site.set_header("/mcp", "WWW-Authenticate", "Bearer"); },
     Check::challenge_metadata, Verdict::warning, "has no resource_metadata", "resource_metadata="},
    {"RFC 9728 §5.1: resource_metadata that leads nowhere",
     [](Site& site) {
       site.set_header("/mcp", "WWW-Authenticate", "Bearer resource_metadata=\"https://todo.example/nowhere\"");
     },
     Check::challenge_metadata, Verdict::fault, "https://todo.example/nowhere answers with status 404",
     "with the URL of the document"},
    {"RFC 9728 §3.3: the document that the challenge names speaks of another resource",
     [](Site& site) {
       site.at("/other") = site.at(kResource);
       site.set("/other", "resource", "https://todo.example/other");
       site.set_header("/mcp", "WWW-Authenticate", "Bearer resource_metadata=\"https://todo.example/other\"");
     },
     Check::resource_identifier, Verdict::fault, "\"https://todo.example/other\" in https://todo.example/other",
     "exactly \"https://todo.example/mcp\""},
    {"RFC 9728 §2: a further document without an authorization server",
     [](Site& site) { site.set(kRootResource, "authorization_servers", nullptr); }, Check::resource_servers,
     Verdict::fault, "missing or empty", "first in `authorization_servers`"},
    {"resource_metadata that is no URL",
     [](Site& site) { site.set_header("/mcp", "WWW-Authenticate", "Bearer resource_metadata=\"/nowhere\""); },
     Check::challenge_metadata, Verdict::fault, "which is no URL", "with the URL of the document"},
    {"a challenge that scripts may not read",
     [](Site& site) { site.set_header("/mcp", "Access-Control-Expose-Headers", "Retry-After"); }, Check::challenge_cors,
     Verdict::warning, "does not let scripts of https://claude.ai read the header WWW-Authenticate",
     "Access-Control-Expose-Headers: WWW-Authenticate"},
    {"a resource that scripts may not call", [](Site& site) { site.remove("/mcp", "OPTIONS"); }, Check::challenge_cors,
     Verdict::warning, "OPTIONS https://todo.example/mcp answers with status 404", "Answer OPTIONS at the resource"},
    {"RFC 9728 §3: no metadata",
     [](Site& site) {
       leave_only_resource(site);
       site.remove(kResource);
       site.remove(kRootResource);
     },
     Check::resource_metadata, Verdict::fault, "status 404", "/.well-known/oauth-protected-resource"},
    {"RFC 9728 §3.1: metadata at the root alone", [](Site& site) { site.remove(kResource); }, Check::resource_metadata,
     Verdict::warning, "alone", "https://todo.example/.well-known/oauth-protected-resource/mcp"},
    {"RFC 9728 §3.2: metadata of another type",
     [](Site& site) { site.set_header(kResource, "Content-Type", "text/html"); }, Check::resource_metadata,
     Verdict::fault, "text/html", "Content-Type: application/json"},
    {"RFC 9728 §3.3: a resource with a final slash",
     [](Site& site) { site.set(kResource, "resource", "https://todo.example/mcp/"); }, Check::resource_identifier,
     Verdict::fault, "they differ by the final slash", "exactly \"https://todo.example/mcp\""},
    {"RFC 9728 §3.3: a final slash that only a person added", [](Site&) {}, Check::resource_identifier, Verdict::fault,
     "they differ by the final slash", "enter \"https://todo.example/mcp\" in assistants", "https://todo.example/mcp/"},
    {"RFC 9728 §3.3: a resource that is the whole server",
     [](Site& site) {
       site.remove(kResource);
       site.set(kRootResource, "resource", "https://todo.example");
     },
     Check::resource_identifier, Verdict::warning, "for the whole server",
     "\"resource\": \"https://todo.example/mcp\""},
    {"RFC 9728 §3.3: no resource", [](Site& site) { site.set(kResource, "resource", nullptr); },
     Check::resource_identifier, Verdict::fault, "is missing", "\"resource\": \"https://todo.example/mcp\""},
    {"RFC 9728 §2: no authorization server",
     [](Site& site) { site.set(kResource, "authorization_servers", json::array()); }, Check::resource_servers,
     Verdict::fault, "missing or empty", "first in `authorization_servers`"},
    {"an authorization server in the clear",
     [](Site& site) { site.set(kResource, "authorization_servers", json::array{"http://todo.example"}); },
     Check::resource_servers, Verdict::fault, "is http", "issuer"},
    {"offline_access among the resource's scopes",
     [](Site& site) { site.set(kResource, "scopes_supported", json::array{"offline_access"}); }, Check::resource_scopes,
     Verdict::warning, "lists offline_access", "belongs to the authorization server's"},
    {"RFC 9700 §4.3.2: tokens in the query",
     [](Site& site) { site.set(kResource, "bearer_methods_supported", json::array{"header", "query"}); },
     Check::resource_bearer, Verdict::warning, "in the query", "\"query\" out of `bearer_methods_supported`"},
    {"a resource's metadata without CORS",
     [](Site& site) { site.set_header(kResource, "Access-Control-Allow-Origin", ""); }, Check::resource_cors,
     Verdict::warning, "https://claude.ai", "Access-Control-Allow-Origin: *"},
};

// MCP's transport over HTTP: messages are posted, and GET is for a stream of events, if there is one.
TEST(Resource, AServerThatTakesPostAloneIsSound) {
  using Spoil = void (*)(Site&);
  const Spoil spoils[] = {
      [](Site& site) { site.at("/mcp").status = 405; },
      [](Site& site) { answer_with_page(site.at("/mcp")); },
      [](Site& site) {
        site.adjust = [](const Question& question, net::FetchedDocument& answer) {
          if (question.url == kMcp && question.method == "GET") answer = {.status = 406};
        };
      },
  };
  for (const Spoil spoil : spoils) {
    Site site;
    leave_only_resource(site);
    // Only the challenge says where the document is.
    site.at("/elsewhere") = site.at(kResource);
    site.remove(kResource);
    site.remove(kRootResource);
    site.at("/mcp", "POST") = site.at("/mcp");
    site.set_header("/mcp", "WWW-Authenticate", "Bearer resource_metadata=\"https://todo.example/elsewhere\"", "POST");
    site.set_header("/mcp", "WWW-Authenticate", "");
    spoil(site);
    const Findings findings = inspect_site(site, kMcp);
    EXPECT_EQ(std::ranges::count(findings, Verdict::fault, &Finding::verdict), 0) << write(findings);
    EXPECT_NE(write(findings).find("ok challenge:"), std::string::npos) << write(findings);
  }
}

TEST(Resource, AStreamOfEventsIsAskedByPost) {
  Site site;
  site.at("/mcp", "POST") = site.at("/mcp");
  site.silence("/mcp", Kind::timed_out, "There was no answer in time.", {"GET"});
  const Findings findings = inspect_site(site, kMcp);
  EXPECT_EQ(std::ranges::count(findings, Verdict::fault, &Finding::verdict), 0) << write(findings);
}

// Many a server answers whatever it does not know with its page.
TEST(Resource, AServerWithAPageForEverythingIsSound) {
  Site site;
  leave_only_resource(site);
  site.remove(kRootResource);
  answer_with_page(site.nothing);
  const Findings findings = inspect_site(site, kMcp);
  EXPECT_EQ(std::ranges::count(findings, Verdict::fault, &Finding::verdict), 0) << write(findings);
  EXPECT_NE(write(findings).find("warning manifest_served"), std::string::npos) << write(findings);
  // What is wrong with it is as bad as it would be without the page.
  site.set_header("/mcp", "WWW-Authenticate", "Bearer");
  EXPECT_NE(write(inspect_site(site, kMcp)).find("fault challenge_metadata"), std::string::npos);
}

TEST(Resource, WhatMcpClientsStumbleOverIsFound) { expect_findings(kRows, Check::challenge, Check::resource_cors); }

}  // namespace
}  // namespace chatelaine::inspection
