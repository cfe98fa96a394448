#include "provider/testing/world.hpp"

#include <mutex>
#include <stdexcept>

#include "base/base64url.hpp"
#include "base/block_on.hpp"
#include "net/message_head.hpp"
#include "oauth/clients/authentication.hpp"
#include "storage/memory/memory_storage.hpp"
#include "tokens/stored_key.hpp"

namespace chatelaine::provider::testing {
namespace {

constexpr Instant kStart{std::chrono::sys_days{std::chrono::year{2026} / 1 / 2} + std::chrono::hours{3}};

/// A P-256 key in PKCS #8 that signs nothing but these tests, so that `kid` is the same in every run.
constexpr std::string_view kTestKey =
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgDoQsEWE4StuBSktd5lzsA80Ji_-X_I82yqN51Ghv-0OhRANCAAQ_QaeojNBkXlD3Gi"
    "QacPC4ImrS3GFwIrWZtyt3Jwiq_xj7iVqqmL99Ckgf9yVXhnEBoH8B1s-oO7WSYeCENUKM";

class MovableClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return now_; }
  void move(milliseconds by) { now_ += by; }

 private:
  Instant now_ = kStart;
};

/// Bytes that count: 0, 1, 2, ….
class CountingRandomness final : public Randomness {
 public:
  void fill(std::span<std::byte> bytes) override {
    const std::scoped_lock lock(mutex_);
    for (auto& byte : bytes) byte = static_cast<std::byte>(next_++ & 0xff);
  }

 private:
  std::mutex mutex_;
  unsigned next_ = 0;
};

class KeptLog final : public Log {
 public:
  void write(Level, std::string_view event, std::initializer_list<Field> fields) override {
    const std::scoped_lock lock(mutex_);
    text_ += event;
    for (const auto& field : fields) text_.append(" ").append(field.name).append("=").append(field.value);
    text_ += '\n';
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::mutex mutex_;
  std::string text_;
};

/// A body that is there at once.
class WholeBody final : public net::BodyReader {
 public:
  explicit WholeBody(std::string_view body) : rest_(body), length_(body.size()) {}
  Task<std::expected<std::string_view, net::BodyError>> read() override { co_return std::exchange(rest_, {}); }
  [[nodiscard]] std::optional<std::uint64_t> announced_length() const override { return length_; }

 private:
  std::string_view rest_;
  std::uint64_t length_;
};

std::vector<crypto::MasterKey> master_keys() {
  std::vector<crypto::MasterKey> keys;
  keys.emplace_back(std::string(32, 'k'));
  return keys;
}

oauth::ProtectedResources make_resources() {
  oauth::ProtectedResource own{
      .identifier = oauth::Resource(World::kIssuer),
      .aliases = {oauth::Resource("urn:example:todo"), oauth::Resource(std::string(World::kIssuer) + "/mcp")}};
  oauth::ProtectedResource notes{.identifier = oauth::Resource("https://notes.example.com/mcp"),
                                 .name = "Notes",
                                 .scopes = oauth::Scope({"notes:read", "lists:read"}),
                                 .access_token_format = oauth::AccessTokenFormat::opaque,
                                 .access_token_lifetime = seconds{30}};
  return oauth::ProtectedResources(std::move(own), {std::move(notes)});
}

std::vector<oauth::ProtectedResourceMetadata> describe_api() {
  std::vector<oauth::ProtectedResourceMetadata> described;
  const oauth::ProtectedResources resources = make_resources();
  for (const oauth::Resource& spelling : resources.own().spellings())
    described.push_back({.resource = spelling,
                         .name = "Todo",
                         .authorization_server = oauth::Issuer(World::kIssuer),
                         .scopes = oauth::Scope({"lists:read", "lists:write", "lists:delete"})});
  return described;
}

ProviderSettings make_settings() {
  ProviderSettings settings;
  settings.issuer = oauth::Issuer(World::kIssuer);
  settings.resources = make_resources();
  settings.protected_resources = describe_api();
  settings.access_token_lifetime = seconds{59};
  settings.scopes = {
      {"lists:read", "read your lists"}, {"lists:write", "add to your lists"}, {"lists:delete", "delete lists"}};
  settings.openapi = "openapi: 3.0.1\ninfo: {title: Todo, version: v1}\npaths: {}\n";
  settings.openapi_content_type = "application/yaml";
  settings.manifest = oauth::ManifestSource{.name_for_human = "Todo",
                                            .name_for_model = "todo",
                                            .description_for_human = "Keeps your lists.",
                                            .description_for_model = "Keeps the user's lists.",
                                            .scope = "",
                                            .client_url = std::string(World::kIssuer) + "/oauth/authorize",
                                            .authorization_url = std::string(World::kIssuer) + "/oauth/token",
                                            .encoding = oauth::TokenRequestEncoding::json,
                                            .verification_tokens = {{"openai", "0123456789abcdef0123456789abcdef"},
                                                                    {"chatelaine", "fedcba9876543210fedcba9876543210"}},
                                            .api_url = std::string(World::kIssuer) + "/.well-known/openapi.yaml",
                                            .logo_url = std::string(World::kIssuer) + "/logo.png",
                                            .contact_email = "support@example.com",
                                            .legal_info_url = "https://example.com/legal"};
  return settings;
}

accounts::AccountsSettings make_accounts_settings() {
  accounts::AccountsSettings settings;
  settings.cookie_base = "chatelaine";
  settings.home_path = "/account";
  return settings;
}

using oauth::AuthenticationMethod;
using oauth::GrantType;

oauth::Client make_client(const std::string& id, const std::string& name) {
  oauth::Client client;
  client.id = oauth::ClientId(id);
  client.name = name;
  client.secret_hash = oauth::hash_client_secret(oauth::ClientSecret("secret-of-" + id));
  client.authentication_methods = {AuthenticationMethod::client_secret_basic, AuthenticationMethod::client_secret_post};
  client.grant_types = {GrantType::authorization_code, GrantType::refresh_token};
  client.scope = *oauth::Scope::parse("lists:read lists:write");
  client.created_at = kStart;
  return client;
}

std::vector<oauth::Client> make_clients() {
  auto plugin = make_client("todo-plugin", "Todo Helper");
  plugin.pkce = oauth::PkcePolicy::optional;
  plugin.redirect_uris = {oauth::RedirectUri(std::string(World::kPluginRedirect))};

  auto strict = make_client("strict-web", "Strict Web");
  strict.authentication_methods = {AuthenticationMethod::client_secret_basic};
  strict.redirect_uris = {oauth::RedirectUri("https://strict.example/cb"),
                          oauth::RedirectUri("https://strict.example/cb2?from=todo")};

  auto desktop = make_client("desktop-app", "Desktop App");
  desktop.secret_hash.reset();
  desktop.authentication_methods = {AuthenticationMethod::none};
  desktop.redirect_uris = {oauth::RedirectUri("http://127.0.0.1/callback")};

  auto worker = make_client("worker", "Worker");
  worker.grant_types = {GrantType::client_credentials};
  worker.scope = *oauth::Scope::parse("lists:read");

  worker.introspects = {oauth::Resource(World::kIssuer)};

  auto newcomer = make_client("newcomer", "Newcomer");

  auto tv = make_client("tv-app", "Todo TV");
  tv.secret_hash.reset();
  tv.authentication_methods = {AuthenticationMethod::none};
  tv.grant_types = {GrantType::device_code, GrantType::refresh_token};

  auto push_only = make_client("push-only", "Push Only");
  push_only.pkce = oauth::PkcePolicy::optional;
  push_only.redirect_uris = {oauth::RedirectUri("https://push.example/cb")};
  push_only.requires_pushed_requests = true;

  auto portal = make_client("portal", "Portal");
  portal.redirect_uris = {oauth::RedirectUri(std::string(World::kPortalRedirect))};
  portal.post_logout_redirect_uris = {oauth::RedirectUri("https://portal.example/bye?from=todo")};
  portal.pkce = oauth::PkcePolicy::optional;
  portal.scope = *oauth::Scope::parse("lists:read");

  auto signer = make_client("signer", "Signer");
  signer.secret_hash.reset();
  signer.authentication_methods = {AuthenticationMethod::private_key_jwt};
  signer.grant_types.push_back(GrantType::client_credentials);
  signer.redirect_uris = {oauth::RedirectUri("https://signer.example/cb")};
  signer.jwks = json::serialize(json::object{{"keys", json::array{signer_key().public_jwk()}}});

  auto publisher = signer;
  publisher.id = oauth::ClientId("publisher");
  publisher.name = "Publisher";
  publisher.jwks.clear();
  publisher.jwks_uri = World::kPublishedKeys;

  auto organizer = make_client("organizer", "Organizer");
  organizer.pkce = oauth::PkcePolicy::optional;
  organizer.grant_types = {GrantType::authorization_code, GrantType::refresh_token, GrantType::client_credentials};
  organizer.redirect_uris = {oauth::RedirectUri("https://organizer.example/cb")};
  organizer.scope = *oauth::Scope::parse("lists:read lists:write notes:read");

  auto notes = make_client("notes-api", "Notes");
  notes.grant_types = {GrantType::client_credentials};
  notes.introspects = {oauth::Resource("https://notes.example.com/mcp")};
  return {plugin, strict, desktop, worker, newcomer, tv, push_only, portal, signer, publisher, organizer, notes};
}

void publish_documents(Web& web) {
  const auto publish = [&](const std::string& host, const char* name, json::array redirect_uris) {
    const std::string url = "https://" + host + "/client.json";
    web.publish(url, json::serialize(json::object{{"client_id", url},
                                                  {"client_name", name},
                                                  {"redirect_uris", std::move(redirect_uris)},
                                                  {"token_endpoint_auth_method", "none"}}));
  };
  publish("published.example", "Published", {"https://published.example/cb"});
  publish("local.example", "Local", {"http://localhost/cb", "http://127.0.0.1/cb"});
}

}  // namespace

struct World::State {
  MovableClock clock;
  CountingRandomness randomness;
  IdSequence ids{clock, randomness};
  KeptLog log;
  FlightNotes notes;
  StorageWatch watch;
  std::unique_ptr<storage::Storage> storage = make_watched_storage(storage::make_memory_storage(), watch);
  crypto::Sealer sealer{master_keys(), randomness};
  Live<ProviderSettings> settings{make_settings()};
  tokens::KeyRing keys{*storage, sealer, clock, randomness, ids, {crypto::SignatureAlgorithm::ES256}};
  tokens::Verifier verifier{*storage, keys, settings.get().issuer, settings.get().resources.own().spellings(), clock};
  accounts::PasswordPool passwords{1, 4};
  pages::Renderer renderer{{.service_name = "Todo", .assets_path = "/oauth/assets", .logo_url = ""}};
  pages::Csrf csrf{sealer.derive("csrf"), World::kIssuer};
  accounts::Accounts accounts{
      make_accounts_settings(), *storage, passwords, renderer, csrf, clock, randomness, ids, log};
  Web web;
  Provider provider{settings, *storage, accounts, keys, verifier, renderer, csrf, web, clock, randomness, ids, log};
  net::Router router;
  oauth::UserId ada;
  std::string address = "192.0.2.7";
};

World::World() : state_(new State) {
  auto& state = *state_;
  const auto key = crypto::SigningKey::from_der(crypto::PrivateKeyDer(base64url_decode(kTestKey).value()),
                                                crypto::SignatureAlgorithm::ES256);
  const auto row = tokens::seal_signing_key(key.value(), state.sealer, kStart, kStart, state.ids);
  block_on(state.storage->keys().add_key(row));

  const auto clients = make_clients();
  for (const auto& client : clients) block_on(state.storage->clients().add_client(client));

  state.ada = state.ids.next<oauth::UserTag>();
  const storage::User ada{.id = state.ada,
                          .email = std::string(kEmail),
                          .name = "Ada Lovelace",
                          .subject = oauth::Subject("user-1815"),
                          .password_hash = crypto::hash_password(crypto::Password(kPassword)),
                          .role = storage::Role::user,
                          .enabled = true,
                          .created_at = kStart};
  block_on(state.storage->users().add_user(ada));
  publish_documents(state.web);
  state.accounts.add_routes(state.router);
  state.provider.add_routes(state.router);
}
World::~World() = default;

TestResponse World::send(const TestRequest& request) {
  std::vector<net::HeaderView> headers;
  headers.reserve(request.headers.size());
  for (const auto& [name, value] : request.headers) headers.push_back({name, value});
  WholeBody body(request.body);
  const std::string_view target = request.target;
  const auto mark = std::min(target.find('?'), target.size());
  net::Request sent;
  sent.method = net::to_method(request.method);
  sent.method_name = request.method;
  sent.target = target;
  sent.path = target.substr(0, mark);
  sent.query = target.substr(std::min(mark + 1, target.size()));
  sent.headers = headers;
  sent.remote_address = state_->address;
  sent.id = "test";
  sent.body = &body;
  state_->notes = {};
  sent.notes = &state_->notes;
  auto answer = block_on(state_->router.route(sent));
  return {answer.status, std::move(answer.headers), std::move(answer.body)};
}

std::string World::sign_in(std::string_view email) {
  const auto cookies_of = [](const TestResponse& answer) {
    std::string cookies;
    for (const auto& [name, value] : answer.headers) {
      if (!net::equals_ignoring_case(name, "Set-Cookie")) continue;
      cookies += (cookies.empty() ? "" : "; ") + value.substr(0, value.find(';'));
    }
    return cookies;
  };
  const auto page = send(get("/sign-in"));
  auto post = post_form("/sign-in", {{"form_token", page.form_field("form_token")},
                                     {"email", std::string(email)},
                                     {"password", std::string(kPassword)}});
  const auto answer = send(std::move(post).with("Cookie", cookies_of(page)));
  if (answer.status != 303) throw std::runtime_error("sign-in failed: " + visible_text(answer.body));
  return cookies_of(answer);
}

oauth::UserId World::add_user(const std::string& email) {
  auto user = *block_on(state_->storage->users().find_user(state_->ada));
  user.id = state_->ids.next<oauth::UserTag>();
  user.email = email;
  user.subject = oauth::Subject("user-" + email);
  block_on(state_->storage->users().add_user(user));
  return user.id;
}

const FlightNotes& World::notes() const { return state_->notes; }
void World::move_clock(milliseconds by) { state_->clock.move(by); }
void World::set_address(std::string address) { state_->address = std::move(address); }
Instant World::now() const { return state_->clock.now(); }
void World::change_settings(const std::function<void(ProviderSettings&)>& change) {
  auto settings = state_->settings.get();
  change(settings);
  state_->settings.set(std::move(settings));
}
storage::Storage& World::storage() { return *state_->storage; }
Web& World::web() { return state_->web; }
void World::watch_storage(StorageWatch watch) { state_->watch = std::move(watch); }
std::vector<std::string> World::paths() const { return state_->router.paths(); }
void World::add_signing_key(crypto::SignatureAlgorithm algorithm) {
  const auto now = state_->clock.now();
  const auto key = crypto::SigningKey::generate(algorithm);
  block_on(tokens::add_signing_key(*state_->storage, state_->sealer, key, now, now, state_->ids));
}
void World::rotate_refresh_token_key() {
  const auto now = state_->clock.now();
  block_on(tokens::add_refresh_token_key(*state_->storage, state_->sealer, now, now, state_->randomness, state_->ids));
}
tokens::KeyRing& World::keys() { return state_->keys; }
tokens::Verifier& World::verifier() { return state_->verifier; }
oauth::UserId World::ada() const { return state_->ada; }
const std::string& World::log() const { return state_->log.text(); }

}  // namespace chatelaine::provider::testing
