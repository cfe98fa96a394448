#include "accounts/world_for_test.hpp"

#include <gtest/gtest.h>

#include "oauth/handle.hpp"

namespace chatelaine::accounts::test {

AccountsSettings World::make_settings() {
  AccountsSettings settings;
  settings.cookie_base = "chatelaine";
  settings.home_path = "/account";
  settings.known_browser_key = SecretBytes("another key of thirty-two bytes.");
  return settings;
}

World::World(AccountsSettings settings, PoolSize pool, std::unique_ptr<storage::Storage> given_storage)
    : storage(std::move(given_storage)),
      passwords(pool.threads, pool.queue),
      accounts(std::move(settings), *storage, passwords, renderer, csrf, clock, randomness, ids, log) {
  accounts.add_routes(router);
}

storage::User World::add_user(const std::string& email, const std::string& name) {
  static const crypto::PasswordHash hash = crypto::hash_password(crypto::Password(kPassword));
  storage::User user;
  user.id = ids.next<oauth::UserTag>();
  user.email = email;
  user.name = name;
  user.subject = oauth::Subject("subject of " + email);
  user.password_hash = hash;
  user.created_at = clock.now();
  block_on(storage->users().add_user(user));
  return user;
}

void World::allow(const storage::User& user, const std::string& client_id, const std::string& client_name,
                  const std::string& scope) {
  oauth::Client client;
  client.id = oauth::ClientId(client_id);
  client.name = client_name;
  client.created_at = clock.now();
  block_on(storage->clients().add_client(client));
  const oauth::Consent consent{user.id, client.id, oauth::Resource("https://todo.example"), oauth::Scope({scope}),
                               clock.now()};
  const storage::SessionId session_id{oauth::parse_handle("ctl_se_", begin_session(user))->id};
  block_on(storage->consents().remember_consents({consent}, session_id));
}

oauth::GrantId World::connect(const storage::User& user, const std::string& client_id) {
  const storage::SessionId session_id{oauth::parse_handle("ctl_se_", begin_session(user))->id};
  oauth::AuthorizationCode code;
  code.id = ids.next<oauth::AuthorizationCodeTag>();
  code.client_id = oauth::ClientId(client_id);
  code.user_id = user.id;
  block_on(storage->authorization_codes().add_authorization_code(code, session_id));
  oauth::Grant grant;
  grant.id = ids.next<oauth::GrantTag>();
  grant.client_id = code.client_id;
  grant.user_id = user.id;
  grant.created_at = clock.now();
  grant.expires_at = clock.now() + std::chrono::days{1};
  block_on(storage->authorization_codes().redeem_authorization_code(code.id, grant, std::nullopt));
  return grant.id;
}

std::string World::begin_session(const storage::User& user) {
  const auto id = ids.next<storage::SessionTag>();
  const oauth::Handle handle = oauth::make_handle(id.value, randomness);
  const Instant now = clock.now();
  const storage::Session session{id, handle.hash(), user.id, now, now, now + std::chrono::days{1}};
  EXPECT_TRUE(block_on(storage->sessions().begin_session(session, user.password_hash)));
  return oauth::format_handle("ctl_se_", handle);
}

std::string World::make_link(const storage::User& user, milliseconds lifetime) {
  const std::string base = "https://todo.example";
  const std::string url = block_on(make_one_time_link(*storage, user.id, base, lifetime, clock, randomness, ids));
  return url.substr(base.size());
}

net::Response Visitor::send(pages::test::MadeRequest& request) {
  std::string header;
  for (const auto& [name, value] : cookies) header += (header.empty() ? "" : "; ") + name + "=" + value;
  if (!header.empty()) request.add_header("Cookie", header);
  net::Response response = block_on(world_.router.route(request.get()));
  for (const net::Header& set : response.headers) {
    if (set.name != "Set-Cookie") continue;
    const auto equals = set.value.find('=');
    const std::string name = set.value.substr(0, equals);
    const std::string value = set.value.substr(equals + 1, set.value.find(';') - equals - 1);
    if (value.empty()) {
      cookies.erase(name);
    } else {
      cookies[name] = value;
    }
  }
  return response;
}

net::Response Visitor::get(const std::string& target) {
  pages::test::MadeRequest request(net::Method::get, target);
  return send(request);
}

net::Response Visitor::head(const std::string& target) {
  pages::test::MadeRequest request(net::Method::head, target);
  return send(request);
}

net::Response Visitor::post(const std::string& target, const std::vector<Form::Field>& fields) {
  pages::test::MadeRequest request(net::Method::post, target);
  request.set_form(encode_form(fields));
  return send(request);
}

net::Response Visitor::submit(const std::string& page, const std::string& action, std::vector<Form::Field> fields) {
  fields.push_back({"form_token", token_of(get(page).body, action)});
  return post(action, fields);
}

net::Response Visitor::sign_in(const std::string& email, const std::string& password, const std::string& query) {
  const std::string page = "/sign-in" + query;
  const std::string body = get(page).body;
  const auto begin = body.find("action=\"") + std::string_view("action=\"").size();
  const std::string action = body.substr(begin, body.find('"', begin) - begin);
  return submit(page, action, {{"email", email}, {"password", password}});
}

bool Visitor::is_signed_in() { return get("/account").status == 200; }

std::string with_other_secret(std::string_view prefix, const std::string& handle) {
  const auto known = oauth::parse_handle(prefix, handle);
  SystemRandomness randomness;
  return oauth::format_handle(prefix, oauth::make_handle(known.value().id, randomness));
}

std::string token_of(const std::string& body, const std::string& action) {
  constexpr std::string_view kBefore = "name=\"form_token\" value=\"";
  const auto form = body.find("action=\"" + action + "\"");
  if (form == std::string::npos) return {};
  const auto field = body.find(kBefore, form);
  if (field == std::string::npos) return {};
  const auto begin = field + kBefore.size();
  return body.substr(begin, body.find('"', begin) - begin);
}

}  // namespace chatelaine::accounts::test
