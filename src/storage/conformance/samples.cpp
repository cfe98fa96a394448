#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {

crypto::Sha256 some_hash(char filler) {
  crypto::Sha256 hash;
  hash.bytes.fill(filler);
  // Bytes that a text column would not bring back.
  hash.bytes[1] = '\0';
  hash.bytes[2] = '\xff';
  return hash;
}

oauth::Client some_client(const std::string& id) {
  return {.id = oauth::ClientId(id),
          .name = "Todo Helper “" + id + "”",
          .secret_hash = some_hash('c'),
          .authentication_methods = {oauth::AuthenticationMethod::client_secret_basic,
                                     oauth::AuthenticationMethod::client_secret_post},
          .redirect_uris = {oauth::RedirectUri("https://chat.example/aip/plugin-1/oauth/callback"),
                            oauth::RedirectUri("http://127.0.0.1/\"quoted\"?a=b c")},
          .grant_types = {oauth::GrantType::authorization_code, oauth::GrantType::refresh_token},
          .scope = oauth::Scope({"lists:read", "lists:write"}),
          .pkce = oauth::PkcePolicy::optional,
          .jwks = R"({"keys":[]})",
          .jwks_uri = "https://chat.example/jwks",
          .id_token_algorithm = crypto::SignatureAlgorithm::EdDSA,
          .access_token_format = oauth::AccessTokenFormat::opaque,
          .requires_pushed_requests = true,
          .post_logout_redirect_uris = {oauth::RedirectUri("https://chat.example/signed-out")},
          .default_max_age = seconds(86'400),
          .description = {.client_uri = "https://chat.example/",
                          .logo_uri = "https://chat.example/logo.png",
                          .tos_uri = "https://chat.example/tos",
                          .policy_uri = "https://chat.example/policy",
                          .initiate_login_uri = "https://chat.example/login",
                          .contacts = {"ops@chat.example", "\"Ops\" <ops@chat.example>"},
                          .software_id = "4NRB1-0XZABZI9E6-5SM3R",
                          .software_version = "2.1",
                          .application_type = oauth::ApplicationType::native,
                          .require_auth_time = true},
          .origin = oauth::ClientOrigin::registration,
          .registration_token_hash = some_hash('r'),
          .replaced_registration_token_hash = some_hash('q'),
          .openid = false,
          .introspects = std::vector{oauth::Resource("https://api.example"), oauth::Resource("urn:example:b")},
          .exchange_redirect_uri = oauth::ExchangeRedirectUri::may_be_left_out,
          .created_at = kNow};
}

oauth::Client some_document_client(const std::string& id) {
  oauth::Client client;
  client.id = oauth::ClientId(id);
  client.name = "Assistant";
  client.authentication_methods = {oauth::AuthenticationMethod::private_key_jwt};
  client.redirect_uris = {oauth::RedirectUri("https://assistant.example/cb")};
  client.grant_types = {oauth::GrantType::authorization_code, oauth::GrantType::refresh_token};
  client.scope = oauth::Scope({"lists:read"});
  client.jwks_uri = "https://assistant.example/jwks";
  client.origin = oauth::ClientOrigin::metadata_document;
  client.created_at = kNow;
  return client;
}

oauth::InitialAccessToken some_initial_token(std::int64_t id) {
  return {.id = {id},
          .secret_hash = some_hash('i'),
          .name = "Partner “Ltd”",
          .uses_left = 2,
          .created_at = kNow,
          .expires_at = kNow + std::chrono::days(7)};
}

crypto::PasswordHash some_password_hash() { return crypto::PasswordHash("$argon2id$v=19$old"); }

User some_user(std::int64_t id) {
  return {.id = {id},
          .email = id == 1 ? "ada@example.com" : "user" + std::to_string(id) + "@example.com",
          .name = "Ada Lovelace",
          .subject = oauth::Subject("subject-" + std::to_string(id)),
          .password_hash = some_password_hash(),
          .role = Role::developer,
          .enabled = true,
          .created_at = kNow + seconds(id)};
}

Session some_session(std::int64_t id, std::int64_t user_id) {
  return {.id = {id},
          .secret_hash = some_hash('s'),
          .user_id = {user_id},
          .authenticated_at = kNow,
          .last_seen_at = kNow + seconds(1),
          .expires_at = kNow + std::chrono::hours(12)};
}

SignInAttempt some_sign_in_attempt(std::int64_t id) {
  return {.id = {id},
          .state_hash = some_hash('a'),
          .browser_hash = some_hash('b'),
          .source = "contoso",
          .return_to = "/oauth/authorize?state=%00%22'",
          .subscriber = some_hash('s'),
          .is_again = true,
          .max_age = seconds(60),
          .began_at = kNow,
          .expires_at = kNow + std::chrono::minutes(10)};
}

OneTimeLink some_link(std::int64_t id, std::int64_t user_id) {
  return {.id = {id}, .secret_hash = some_hash('l'), .user_id = {user_id}, .expires_at = kNow + std::chrono::hours(72)};
}

oauth::PushedAuthorizationRequest some_pushed_request(std::int64_t id, const std::string& client_id) {
  return {.id = {id},
          .secret_hash = some_hash('p'),
          .client_id = oauth::ClientId(client_id),
          .parameters = "client_id=" + client_id + "&state=%00%22'",
          .expires_at = kNow + std::chrono::minutes(10)};
}

oauth::UsedClientAssertion some_assertion(char filler, const std::string& client_id) {
  return {.client_id = oauth::ClientId(client_id),
          .jti_hash = some_hash(filler),
          .expires_at = kNow + std::chrono::minutes(5)};
}

oauth::Consent some_consent(std::int64_t user_id, const std::string& client_id) {
  return {.user_id = {user_id},
          .client_id = oauth::ClientId(client_id),
          .resource = oauth::Resource("https://api.example"),
          .scope = oauth::Scope({"lists:read"}),
          .given_at = kNow,
          .seen_at = {{"lists:read", kNow}}};
}

oauth::AuthorizationCode some_code(std::int64_t id, std::int64_t user_id, const std::string& client_id) {
  return {.id = {id},
          .secret_hash = some_hash('k'),
          .client_id = oauth::ClientId(client_id),
          .user_id = {user_id},
          .subject = oauth::Subject("subject-" + std::to_string(user_id)),
          .redirect_uri = oauth::RedirectUri("https://chat.example/callback"),
          .redirect_uri_was_sent = false,
          .scope = oauth::Scope({"lists:read"}),
          .resources = {oauth::Resource("https://api.example"), oauth::Resource("https://b.example/\"x\"")},
          .code_challenge = oauth::CodeChallenge{"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"},
          .nonce = "n-0S6_WzA2Mj ü\"",
          .authenticated_at = kNow - seconds(5),
          .expires_at = kNow + seconds(60),
          .grant_id = std::nullopt};
}

oauth::DeviceCode some_device_code(std::int64_t id, const std::string& client_id) {
  return {.id = {id},
          .secret_hash = some_hash('d'),
          .user_code_hash = crypto::sha256("user code " + std::to_string(id)),
          .client_id = oauth::ClientId(client_id),
          .scope = oauth::Scope({"lists:read"}),
          .resources = {oauth::Resource("https://api.example"), oauth::Resource("urn:example:b")},
          .expires_at = kNow + std::chrono::minutes(10)};
}

oauth::Grant some_grant(std::int64_t id, std::int64_t user_id, const std::string& client_id) {
  return {.id = {id},
          .client_id = oauth::ClientId(client_id),
          .user_id = {user_id},
          .subject = oauth::Subject("subject-" + std::to_string(user_id)),
          .scope = oauth::Scope({"lists:read"}),
          .resources = {oauth::Resource("https://api.example"), oauth::Resource("https://b.example/\"x\"")},
          .authenticated_at = kNow - seconds(5),
          .created_at = kNow + seconds(id),
          .expires_at = kNow + std::chrono::days(30),
          .salt = std::string("\0\xff salt of 16 by", 16),
          .generation = 0,
          .rotated_at = kNow,
          .grace_uses = 0,
          .revoked_at = std::nullopt};
}

oauth::OpaqueAccessToken some_token(std::int64_t id, const std::string& client_id) {
  oauth::AccessToken token{
      .id = {id},
      .issuer = oauth::Issuer("https://issuer.example"),
      .subject = oauth::Subject(client_id),
      .client_id = oauth::ClientId(client_id),
      .audience = {oauth::Resource("https://api.example"), oauth::Resource("https://api.example/")},
      .scope = oauth::Scope({"lists:read"}),
      .grant_id = std::nullopt,
      .issued_at = kNow,
      .expires_at = kNow + seconds(59)};
  return {.token = std::move(token), .secret_hash = some_hash('t')};
}

oauth::OpaqueAccessToken some_token_of_grant(std::int64_t id, const oauth::Grant& grant) {
  oauth::OpaqueAccessToken token = some_token(id, grant.client_id.value());
  token.token.grant_id = grant.id;
  return token;
}

StoredKey some_key(std::int64_t id, KeyPurpose purpose, const std::string& name) {
  return {
      .id = {id},
      .purpose = purpose,
      .algorithm = purpose == KeyPurpose::sign_tokens ? std::optional(crypto::SignatureAlgorithm::ES256) : std::nullopt,
      .name = name,
      .sealed = std::string("\0sealed\xfe", 8),
      .public_jwk = R"({"kty":"EC"})",
      .created_at = kNow + seconds(id),
      .active_from = kNow + seconds(60),
      .retired_at = std::nullopt};
}

Plugin some_plugin(const std::string& id, const std::string& domain) {
  return {.id = PluginId(id),
          .domain = domain,
          .manifest = std::string("{\"schema_version\":\"v1\"}\r\n\0\xff", 27),
          .openapi = "openapi: 3.0.1\n",
          .client_id = oauth::ClientId("todo-helper"),
          .sealed_client_secret = std::string("\0sealed", 7),
          .verification_token = "0123456789abcdef0123456789abcdef",
          .installed_at = kNow,
          .verified_at = std::nullopt};
}

Connection some_connection(std::int64_t id, const std::string& plugin_id, std::int64_t user_id) {
  return {.id = {id},
          .plugin_id = PluginId(plugin_id),
          .user_id = {user_id},
          .sealed_tokens = std::string("\0tokens\xff", 8),
          .access_token_expires_at = kNow + seconds(59),
          .connected_at = kNow + seconds(id),
          .version = 0,
          .refresh_lease_until = Instant{},
          .needs_sign_in = false};
}

ConnectionAttempt some_attempt(std::int64_t id, const std::string& plugin_id, std::int64_t user_id) {
  return {.id = {id},
          .plugin_id = PluginId(plugin_id),
          .user_id = {user_id},
          .state_hash = some_hash('a'),
          .browser_hash = some_hash('b'),
          .sealed_code_verifier = std::string("\0verifier", 9),
          .expected_issuer = "https://issuer.example",
          .issuer_is_promised = true,
          .expires_at = kNow + seconds(600)};
}

void furnish(Storage& storage) {
  for (const std::int64_t id : {1, 2}) {
    const User user = some_user(id);
    block_on(storage.users().add_user(user));
  }
  for (const char* id : {"todo-helper", "notes"}) {
    const oauth::Client client = some_client(id);
    block_on(storage.clients().add_client(client));
  }
  const Plugin plugin = some_plugin("plugin-1", "todo.example");
  block_on(storage.plugins().add_plugin(plugin));
}

bool sign_in(Storage& storage, const Session& session) {
  const std::optional proven = some_password_hash();
  return block_on(storage.sessions().begin_session(session, proven));
}

namespace {

/// A session that no case names.
Session own_session(Storage& storage, oauth::UserId user_id) {
  static std::atomic<std::int64_t> next{1'000'000};
  const Session session = some_session(next++, user_id.value);
  sign_in(storage, session);
  return session;
}

}  // namespace

void allow(Storage& storage, const oauth::AuthorizationCode& code) {
  const Session session = own_session(storage, code.user_id);
  block_on(storage.authorization_codes().add_authorization_code(code, session.id));
}

void allow(Storage& storage, const oauth::Consent& consent) {
  const Session session = own_session(storage, consent.user_id);
  block_on(storage.consents().remember_consents({consent}, session.id));
}

bool allow(Storage& storage, const oauth::DeviceCode& code, std::int64_t user_id) {
  const Session session = own_session(storage, {user_id});
  const oauth::DeviceAllowed allowed{.user_id = {user_id},
                                     .subject = oauth::Subject("subject-" + std::to_string(user_id)),
                                     .authenticated_at = kNow - seconds(5)};
  block_on(storage.device_codes().add_device_code(code, std::nullopt, kNow));
  return block_on(storage.device_codes().allow_device_code(code.id, allowed, session.id, kNow));
}

oauth::Grant give_grant(Storage& storage, std::int64_t id, std::int64_t user_id, const std::string& client_id) {
  const oauth::AuthorizationCode code = some_code(id, user_id, client_id);
  const oauth::Grant grant = some_grant(id, user_id, client_id);
  allow(storage, code);
  block_on(storage.authorization_codes().redeem_authorization_code(code.id, grant, kNoToken));
  return grant;
}

}  // namespace chatelaine::storage::conformance
