#include "host/testing/world.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/json.hpp"
#include "host/verify.hpp"
#include "storage/memory/memory_storage.hpp"

namespace chatelaine::host::testing {
namespace {

std::vector<crypto::MasterKey> master_keys() {
  std::vector<crypto::MasterKey> keys;
  keys.emplace_back(std::string(32, 'k'));
  return keys;
}

constexpr std::string_view kOpenApi = R"(openapi: 3.0.1
info: {{title: Todo, version: "1"}}
servers:
  - url: "{}"
paths:
  /todos:
    get:
      operationId: listTodos
      parameters:
        - {{name: limit, in: query, schema: {{type: integer}}}}
      responses: {{"200": {{description: ok}}}}
    post:
      operationId: addTodo
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [text]
              properties:
                text: {{type: string}}
                done: {{type: boolean}}
      responses: {{"201": {{description: ok}}}}
)";

}  // namespace

void RecordingLog::write(Level, std::string_view event, std::initializer_list<Field> fields) {
  const std::scoped_lock lock(mutex_);
  text_ += event;
  for (const Field& field : fields) text_.append(" ").append(field.name).append("=").append(field.value);
  text_ += '\n';
}

std::string RecordingLog::text() const {
  const std::scoped_lock lock(mutex_);
  return text_;
}

Task<std::expected<net::FetchedDocument, net::FetchError>> ScriptedFetcher::fetch(net::FetchRequest request) {
  Answer answer;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = answers_.find(request.method + ' ' + request.url.substr(0, request.url.find('?')));
    if (found != answers_.end()) answer = found->second;
    requests_.push_back(request);
  }
  if (!answer) co_return std::unexpected(net::FetchError{net::FetchError::Kind::unreachable, "nobody listens there"});
  co_return answer(request);
}

void ScriptedFetcher::on(std::string method_and_url, Answer answer) {
  const std::scoped_lock lock(mutex_);
  answers_[std::move(method_and_url)] = std::move(answer);
}

void ScriptedFetcher::on(std::string method_and_url, int status, std::string body) {
  on(std::move(method_and_url), [status, body = std::move(body)](const net::FetchRequest&) {
    return net::FetchedDocument{status, {{"content-type", "application/json"}}, body};
  });
}

void ScriptedFetcher::remove(const std::string& method_and_url) {
  const std::scoped_lock lock(mutex_);
  answers_.erase(method_and_url);
}

std::vector<net::FetchRequest> ScriptedFetcher::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

std::vector<net::FetchRequest> ScriptedFetcher::requests_to(std::string_view method_and_url) const {
  std::vector<net::FetchRequest> out;
  for (net::FetchRequest& request : requests()) {
    if (request.method + ' ' + request.url.substr(0, request.url.find('?')) == method_and_url) out.push_back(request);
  }
  return out;
}

World::World(bool allow_local)
    : storage(storage::make_memory_storage()),
      sealer(master_keys(), randomness),
      context{
          {"https://host.example", "testhost", allow_local}, *storage, fetcher, sealer, clock, randomness, ids, log} {
  serve_metadata(404);
  serve_plugin();
}

storage::User World::add_user(std::string email, storage::Role role) {
  storage::User user;
  user.id = ids.next<oauth::UserTag>();
  user.subject = oauth::Subject(email);
  user.email = std::move(email);
  user.role = role;
  user.created_at = clock.now();
  EXPECT_EQ(block_on(storage->users().add_user(user)), storage::AddUserOutcome::added);
  return user;
}

void World::serve_manifest() { fetcher.on("GET " + std::string(kManifestUrl), 200, manifest_text()); }

std::string World::manifest_text() const {
  json::object tokens_member;
  if (!verification_token.empty()) tokens_member["testhost"] = verification_token;
  const json::object manifest{{"schema_version", "v1"},
                              {"name_for_human", "Todo"},
                              {"name_for_model", "todo"},
                              {"description_for_human", "Keeps your list."},
                              {"description_for_model", "Keeps the list of a user."},
                              {"auth",
                               {{"type", "oauth"},
                                {"client_url", client_url},
                                {"scope", "read write"},
                                {"authorization_url", token_url},
                                {"authorization_content_type", content_type},
                                {"verification_tokens", tokens_member}}},
                              {"api", {{"type", "openapi"}, {"url", api_url}}},
                              {"logo_url", "https://todo.example/logo.png"},
                              {"contact_email", "help@todo.example"},
                              {"legal_info_url", "https://todo.example/legal"}};
  return json::serialize(manifest);
}

void World::serve_plugin() {
  serve_manifest();
  fetcher.on("GET " + api_url, 200, fmt::format(kOpenApi, server_url));
  fetcher.on("POST " + token_url, [this](const net::FetchRequest& request) { return answer_token_request(request); });
  for (const char* call : {"GET ", "POST "}) {
    fetcher.on(call + server_url + "/todos", [this](const net::FetchRequest& request) { return answer_call(request); });
  }
}

void World::serve_metadata(int status) {
  for (const char* path : {"oauth-authorization-server", "openid-configuration"}) {
    fetcher.on(std::string("GET https://auth.todo.example/.well-known/") + path, status, "");
  }
}

void World::serve_metadata() {
  const json::object metadata{{"issuer", "https://auth.todo.example"},
                              {"authorization_endpoint", client_url},
                              {"token_endpoint", token_url},
                              {"revocation_endpoint", "https://auth.todo.example/revoke"},
                              {"code_challenge_methods_supported", {"S256"}},
                              {"authorization_response_iss_parameter_supported", true}};
  fetcher.on("GET https://auth.todo.example/.well-known/oauth-authorization-server", 200, json::serialize(metadata));
  fetcher.on("POST https://auth.todo.example/revoke", 200, "");
}

net::FetchedDocument World::answer_token_request(const net::FetchRequest& request) {
  std::this_thread::sleep_for(tokens.delay);
  const std::scoped_lock lock(mutex_);
  if (request.body.find("\"refresh_token\"") != std::string::npos) ++refreshes_;
  if (!tokens.error_body.empty()) return {400, {}, tokens.error_body};
  ++issued_;
  json::object answer{{"access_token", fmt::format("access-token-{:04}", issued_)}, {"token_type", "Bearer"}};
  secrets_.push_back(fmt::format("access-token-{:04}", issued_));
  if (tokens.expires_in >= 0) answer["expires_in"] = tokens.expires_in;
  const bool is_first = request.body.find("authorization_code") != std::string::npos;
  if (tokens.gives_refresh_token && (is_first || tokens.rotates_refresh_token)) {
    answer["refresh_token"] = fmt::format("refresh-token-{:04}", issued_);
    secrets_.push_back(fmt::format("refresh-token-{:04}", issued_));
  }
  return {200, {{"content-type", "application/json"}}, json::serialize(answer)};
}

net::FetchedDocument World::answer_call(const net::FetchRequest& request) {
  const std::scoped_lock lock(mutex_);
  const std::string newest = fmt::format("Bearer access-token-{:04}", issued_);
  for (const net::Header& header : request.headers) {
    if (header.name != "Authorization" || !header.value.starts_with("Bearer access-token-")) continue;
    if (api_is_strict && header.value != newest) return {401, {}, "expired"};
    return {200, {{"Content-Type", "application/json"}}, R"({"todos":[]})"};
  }
  return {401, {}, "no token"};
}

InstalledPlugin World::install() {
  InstallRequest request{std::string(kDomain), relying_party::ClientCredentials{oauth::ClientId("the-client"),
                                                                                oauth::ClientSecret(kClientSecret)}};
  auto installed = block_on(install_plugin(context, std::move(request)));
  EXPECT_TRUE(installed) << installed.error().message;
  return std::move(*installed);
}

storage::PluginId World::install_verified() {
  const InstalledPlugin installed = install();
  verification_token = installed.verification_token;
  serve_plugin();
  const auto verified = block_on(verify_plugin(context, installed.plugin_id));
  EXPECT_TRUE(verified) << verified.error().message;
  return installed.plugin_id;
}

void World::connect(const storage::PluginId& plugin_id, const storage::User& user) {
  const auto begun = block_on(begin_connection(context, plugin_id, user.id, std::nullopt));
  ASSERT_TRUE(begun) << begun.error().message;
  const auto finished =
      block_on(finish_connection(context, {plugin_id, consented(*begun), cookie_of(*begun), user.id}));
  ASSERT_TRUE(finished) << finished.error().message;
}

Form World::consented(const BegunConnection& begun, std::string code) {
  const auto sent = parse_form(std::string_view(begun.authorization_url).substr(begun.authorization_url.find('?') + 1));
  Form query;
  query.add("code", std::move(code));
  query.add("state", std::string(sent->get_or_empty("state")));
  query.add("iss", "https://auth.todo.example");
  return query;
}

std::string World::cookie_of(const BegunConnection& begun) {
  const std::size_t start = begun.set_cookie.find('=') + 1;
  return begun.set_cookie.substr(start, begun.set_cookie.find(';') - start);
}

std::size_t World::refreshes() const {
  const std::scoped_lock lock(mutex_);
  return refreshes_;
}

std::vector<std::string> World::secrets() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> out = secrets_;
  out.emplace_back(kClientSecret);
  out.emplace_back("authorization-code-value");
  return out;
}

}  // namespace chatelaine::host::testing
