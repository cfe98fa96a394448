#include "inspection/testing/site.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/block_on.hpp"
#include "inspection/inspection.hpp"

namespace chatelaine::inspection {
namespace {

constexpr std::string_view kOrigin = "https://todo.example";

std::string key_of(std::string_view method, std::string_view path) {
  return path.starts_with('/') ? fmt::format("{} {}{}", method, kOrigin, path) : fmt::format("{} {}", method, path);
}

net::FetchedDocument make_answer(int status, std::string_view type, std::string body) {
  return {.status = status,
          .headers = {{"Date", "Fri, 02 Jan 2026 03:04:05 GMT"},
                      {"Content-Type", std::string(type)},
                      {"Access-Control-Allow-Origin", "*"},
                      {"Cache-Control", "no-store"}},
          .body = std::move(body),
          .certificate_ends_at = now_for_test() + std::chrono::days{90}};
}

net::FetchedDocument make_refusal(int status, std::string_view error) {
  return make_answer(status, "application/json", fmt::format(R"({{"error":"{}"}})", error));
}

constexpr std::string_view kManifest = R"({"schema_version":"v1","name_for_human":"Todo","name_for_model":"todo",
  "description_for_human":"Lists.","description_for_model":"Lists.","auth":{"type":"oauth",
  "client_url":"https://todo.example/oauth/authorize","scope":"todo.read",
  "authorization_url":"https://todo.example/oauth/token","authorization_content_type":"application/json",
  "verification_tokens":{"openai":"0123456789abcdef0123456789abcdef"}},
  "api":{"type":"openapi","url":"https://todo.example/openapi.yaml"},"logo_url":"https://todo.example/logo.svg",
  "contact_email":"a@todo.example","legal_info_url":"https://todo.example/legal"})";

constexpr std::string_view kOpenApi =
    "openapi: 3.0.3\ninfo: {title: Todo, version: '1'}\nservers: [{url: 'https://todo.example/v1'}]\n"
    "paths: {/todos: {get: {operationId: list, responses: {'200': {description: ok}}}}}\n";

constexpr std::string_view kMetadata = R"({"issuer":"https://todo.example",
  "authorization_endpoint":"https://todo.example/oauth/authorize","token_endpoint":"https://todo.example/oauth/token",
  "registration_endpoint":"https://todo.example/oauth/register","revocation_endpoint":"https://todo.example/oauth/revoke",
  "introspection_endpoint":"https://todo.example/oauth/introspect","jwks_uri":"https://todo.example/oauth/jwks",
  "response_types_supported":["code"],"grant_types_supported":["authorization_code","refresh_token"],
  "code_challenge_methods_supported":["S256"],"authorization_response_iss_parameter_supported":true,
  "client_id_metadata_document_supported":true,"scopes_supported":["todo.read"],
  "token_endpoint_auth_methods_supported":["none","client_secret_post"]})";

constexpr std::string_view kResource = R"({"resource":"https://todo.example/mcp",
  "authorization_servers":["https://todo.example"],"scopes_supported":["todo.read"],
  "bearer_methods_supported":["header"]})";

// RFC 7515 §A.3.
constexpr std::string_view kKeys = R"({"keys":[{"kty":"EC","crv":"P-256","kid":"a","use":"sig","alg":"ES256",
  "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})";

void add_preflight(Site& site, std::string_view path) {
  net::FetchedDocument& answer = site.at(path, "OPTIONS");
  answer.status = 204;
  answer.headers.push_back({"Access-Control-Allow-Headers", "Authorization, Content-Type"});
}

}  // namespace

Instant now_for_test() { return from_numeric_date(1767323045); }

Site::Site() : nothing(make_answer(404, "text/plain", "there is nothing")) {
  const auto add = [this](std::string_view path, std::string_view type, std::string_view body) {
    at(path) = make_answer(200, type, std::string(body));
  };
  constexpr std::string_view kJson = "application/json";
  add("/.well-known/ai-plugin.json", kJson, kManifest);
  add("/openapi.yaml", "application/yaml", kOpenApi);
  add("/logo.svg", "image/svg+xml", "<svg/>");
  add("/legal", "text/html", "<h1>Terms</h1>");
  add("/.well-known/oauth-authorization-server", kJson, kMetadata);
  add("/.well-known/openid-configuration", kJson, kMetadata);
  add("/.well-known/oauth-protected-resource", kJson, kResource);
  add("/.well-known/oauth-protected-resource/mcp", kJson, kResource);
  add("/oauth/jwks", kJson, kKeys);
  at("/mcp") = make_refusal(401, "invalid_token");
  set_header("/mcp", "WWW-Authenticate",
             "Bearer realm=\"mcp\", "
             "resource_metadata=\"https://todo.example/.well-known/oauth-protected-resource/mcp\"");
  set_header("/mcp", "Access-Control-Expose-Headers", "WWW-Authenticate");
  at("/oauth/authorize") = make_answer(400, "text/html; charset=utf-8", "<h1>What is missing</h1>");
  set_header("/oauth/authorize", "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  at("/oauth/token", "POST") = make_refusal(400, "invalid_request");
  at_post("/oauth/token", "grant_type=urn%3Achatelaine%3Adoctor") = make_refusal(400, "unsupported_grant_type");
  at_post("/oauth/token", R"({"grant_type":"urn:chatelaine:doctor"})") = make_refusal(400, "unsupported_grant_type");
  at("/oauth/register", "POST") = make_refusal(400, "invalid_client_metadata");
  at("/oauth/revoke", "POST") = make_refusal(400, "invalid_request");
  at("/oauth/introspect", "POST") = make_refusal(401, "invalid_client");
  add_preflight(*this, "/mcp");
  add_preflight(*this, "/oauth/token");
  add_preflight(*this, "/oauth/register");
  net::FetchedDocument& plain = at("http://todo.example/");
  plain = make_answer(301, "text/html", "");
  plain.headers.push_back({"Location", "https://todo.example/"});
}

net::FetchedDocument& Site::at(std::string_view path, std::string_view method) {
  return answers_.try_emplace(key_of(method, path), make_answer(200, "application/json", "{}")).first->second;
}

net::FetchedDocument& Site::at_post(std::string_view path, std::string_view body) {
  return answers_[key_of("POST", path) + ' ' + std::string(body)];
}

void Site::remove(std::string_view path, std::string_view method) { answers_.erase(key_of(method, path)); }

void Site::set(std::string_view path, std::string_view member, json::value value) {
  net::FetchedDocument& answer = at(path);
  json::object document = parse_json(answer.body).value().as_object();
  if (value.is_null())
    document.erase(member);
  else
    document[member] = std::move(value);
  answer.body = json::serialize(document);
}

void Site::set_metadata(std::string_view member, const json::value& value) {
  set("/.well-known/oauth-authorization-server", member, value);
  set("/.well-known/openid-configuration", member, value);
}

void Site::set_header(std::string_view path, std::string_view name, std::string value, std::string_view method) {
  std::vector<net::Header>& headers = at(path, method).headers;
  std::erase_if(headers, [&](const net::Header& header) { return header.name == name; });
  if (!value.empty()) headers.push_back({std::string(name), std::move(value)});
}

void Site::silence(std::string_view path, net::FetchError::Kind kind, std::string_view message,
                   std::initializer_list<std::string_view> methods) {
  for (const std::string_view method : methods) silences_[key_of(method, path)] = {kind, std::string(message)};
}

Task<Visit> Site::visit(Question question) {
  Visit visit{question.method, question.url,
              std::unexpected(NoAnswer{std::nullopt, "The time for all questions was over."}), now_for_test()};
  if (asked_.size() >= most_questions) co_return visit;
  const std::string key = key_of(question.method, question.url);
  asked_.push_back(key);
  if (const auto silent = silences_.find(key); silent != silences_.end()) {
    visit.answer = std::unexpected(silent->second);
    co_return visit;
  }
  auto found = answers_.find(key + ' ' + question.body);
  if (found == answers_.end()) found = answers_.find(key);
  if (found == answers_.end()) found = answers_.find(key.substr(0, key.find('?')));
  visit.answer = found != answers_.end() ? found->second : nothing;
  if (adjust) adjust(question, *visit.answer);
  co_return visit;
}

std::optional<std::string> find_header(const Question& question, std::string_view name) {
  const auto found = std::ranges::find(question.headers, name, &net::Header::name);
  return found == question.headers.end() ? std::nullopt : std::optional(found->value);
}

Findings inspect_site(Site& site, std::string_view url) {
  Findings findings;
  static_cast<void>(
      block_on(inspect(site, parse_target(url).value(), [&](const Finding& finding) { findings.push_back(finding); })));
  return findings;
}

}  // namespace chatelaine::inspection
