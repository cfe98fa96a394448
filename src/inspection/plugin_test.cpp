#include <gtest/gtest.h>

#include "inspection/testing/rows.hpp"

namespace chatelaine::inspection {
namespace {

const Row kRows[] = {
    {"a manifest that is redirected",
     [](Site& site) { redirect_to(site.at(kManifest), "https://www.todo.example/.well-known/ai-plugin.json"); },
     Check::manifest_served, Verdict::fault, "https://www.todo.example/.well-known", "itself with 200"},
    {"strangers are sent to a sign-in page", [](Site& site) { redirect_to(site.at(kManifest), "/login"); },
     Check::manifest_served, Verdict::warning, "\"/login\"", "itself with 200"},
    {"a manifest that fails", [](Site& site) { site.at(kManifest).status = 500; }, Check::manifest_served,
     Verdict::fault, "status 500", "ai-plugin.json itself with 200"},
    {"a manifest of another type", [](Site& site) { site.set_header(kManifest, "Content-Type", "text/plain"); },
     Check::manifest_type, Verdict::fault, "text/plain", "Content-Type: application/json"},
    {"a manifest without CORS", [](Site& site) { site.set_header(kManifest, "Access-Control-Allow-Origin", ""); },
     Check::manifest_cors, Verdict::fault, "no Access-Control-Allow-Origin", "Access-Control-Allow-Origin: *"},
    {"CORS for the newer of two origins alone",
     [](Site& site) { site.set_header(kManifest, "Access-Control-Allow-Origin", "https://chatgpt.com"); },
     Check::manifest_cors, Verdict::fault, "https://chat.openai.com", "Access-Control-Allow-Origin: *"},
    {"swapped URLs",
     [](Site& site) {
       set_auth(site, "client_url", "https://todo.example/oauth/token");
       set_auth(site, "authorization_url", "https://todo.example/oauth/authorize");
     },
     Check::manifest_content, Verdict::fault, "are swapped", "client_url: where users sign in"},
    {"a page in the manifest's place", [](Site& site) { answer_with_page(site.at(kManifest)); }, Check::manifest_served,
     Verdict::warning, "an HTML page", "with 404"},
    {"JSON that speaks of something else", [](Site& site) { site.at(kManifest).body = R"({"error":"not found"})"; },
     Check::manifest_served, Verdict::warning, "no manifest", "with 404"},
    {"a manifest with a comma too many", [](Site& site) { site.at(kManifest).body.insert(1, ","); },
     Check::manifest_content, Verdict::fault, "line 1", "one JSON object"},
    {"a manifest that is too deep",
     [](Site& site) {
       site.at(kManifest).body = R"({"schema_version":)" + std::string(10'000, '[') + std::string(10'000, ']') + '}';
     },
     Check::manifest_content, Verdict::fault, "deep", "one JSON object"},
    {"a manifest behind a sign-in", [](Site& site) { site.at(kManifest).status = 401; }, Check::manifest_served,
     Verdict::warning, "status 401", "without a token"},
    {"a manifest that scripts are refused",
     [](Site& site) {
       site.adjust = [](const Question& question, net::FetchedDocument& answer) {
         if (find_header(question, "Origin")) answer.status = 403;
       };
     },
     Check::manifest_cors, Verdict::fault, "status 403 to scripts of https://chatgpt.com",
     "Access-Control-Allow-Origin: *"},
    {"a token endpoint under another root domain",
     [](Site& site) { set_auth(site, "authorization_url", "https://id.example.org/oauth/token"); },
     Check::manifest_root_domain, Verdict::warning, "id.example.org", "under one root domain"},
    {"a manifest that names another endpoint",
     [](Site& site) { set_auth(site, "client_url", "https://todo.example/login"); }, Check::manifest_agrees,
     Verdict::warning, "https://todo.example/login", "`authorization_endpoint`"},
    {"a sign-in page with a query, which hosts leave aside",
     [](Site& site) { set_auth(site, "client_url", "https://todo.example/oauth/authorize?tenant=a"); },
     Check::manifest_agrees, Verdict::ok, "the same endpoints", ""},
    {"an issuer on another origin than the sign-in page",
     [](Site& site) { site.set_metadata("issuer", "https://id.todo.example"); }, Check::manifest_agrees,
     Verdict::warning, "is on another origin", "on the issuer's own origin"},
    {"a logo that is not there", [](Site& site) { site.remove("/logo.svg"); }, Check::manifest_logo, Verdict::warning,
     "status 404", "Serve a picture at `logo_url`"},
    {"a logo that is a page", [](Site& site) { site.set_header("/logo.svg", "Content-Type", "text/html"); },
     Check::manifest_logo, Verdict::warning, "text/html", "Serve a picture at `logo_url`"},
    {"a legal page behind a loop of redirects", [](Site& site) { redirect_to(site.at("/legal"), "/legal"); },
     Check::manifest_legal, Verdict::warning, "a redirect (status 302)", "Serve a page at `legal_info_url`"},
    {"a description that wants a token", [](Site& site) { site.at("/openapi.yaml").status = 401; },
     Check::openapi_served, Verdict::fault, "status 401", "without signing in"},
    {"a description that is a page", [](Site& site) { answer_with_page(site.at("/openapi.yaml")); },
     Check::openapi_content, Verdict::fault, "", "the OpenAPI description"},
    {"a description without CORS",
     [](Site& site) { site.set_header("/openapi.yaml", "Access-Control-Allow-Origin", "https://todo.example"); },
     Check::openapi_cors, Verdict::fault, "Access-Control-Allow-Origin is \"https://todo.example\"",
     "Access-Control-Allow-Origin: *"},
    {"servers elsewhere",
     [](Site& site) {
       std::string& body = site.at("/openapi.yaml").body;
       body.replace(body.find("todo.example"), 12, "api.other.example");
     },
     Check::openapi_servers, Verdict::warning, "api.other.example", "under `servers`"},
    {"servers in the clear",
     [](Site& site) {
       std::string& body = site.at("/openapi.yaml").body;
       body.replace(body.find("https://todo"), 5, "http");
     },
     Check::openapi_servers, Verdict::fault, "is http", "under `servers`"},
    {"a server below the description's own place",
     [](Site& site) {
       std::string& body = site.at("/openapi.yaml").body;
       body.replace(body.find("https://todo.example/v1"), 23, "/v1");
     },
     Check::openapi_servers, Verdict::warning, "\"/v1\" is relative", "under `servers`"},
    {"no servers",
     [](Site& site) {
       std::string& body = site.at("/openapi.yaml").body;
       body.replace(body.find("servers"), 7, "x-servers");
     },
     Check::openapi_servers, Verdict::warning, "no server is named", "under `servers`"},
};

TEST(Plugin, WhatHostsStumbleOverIsFound) { expect_findings(kRows, Check::manifest_served, Check::openapi_servers); }

}  // namespace
}  // namespace chatelaine::inspection
