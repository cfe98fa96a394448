#include "admin/world_for_test.hpp"

namespace chatelaine::admin::test {

accounts::AccountsSettings World::make_accounts_settings(const AdminSettings& settings) {
  accounts::AccountsSettings made = accounts::test::World::make_settings();
  made.page_prefix = settings.page_prefix;
  return made;
}

World::World(AdminSettings given)
    : people(make_accounts_settings(given)),
      settings(std::move(given)),
      admin(settings, *people.storage, people.accounts, people.renderer, people.clock, people.log) {
  admin.add_routes(people.router);
}

Visitor World::sign_in(storage::Role role) {
  storage::User user;
  user.id = people.ids.next<oauth::UserTag>();
  user.email = std::string(to_string(role)) + "@example.com";
  user.subject = oauth::Subject(user.email);
  user.role = role;
  user.created_at = people.clock.now();
  block_on(storage().users().add_user(user));
  Visitor visitor(people);
  visitor.cookies["__Host-chatelaine_session"] = people.begin_session(user);
  return visitor;
}

oauth::Client World::make_client(const std::string& id) {
  oauth::Client client;
  client.id = oauth::ClientId(id);
  client.name = "The client " + id;
  client.redirect_uris = {oauth::RedirectUri("https://chat.example/callback")};
  client.grant_types = {oauth::GrantType::authorization_code, oauth::GrantType::refresh_token};
  client.authentication_methods = {oauth::AuthenticationMethod::none};
  client.created_at = accounts::test::MovableClock().now();
  return client;
}

void World::add(const oauth::Client& client) { block_on(storage().clients().add_client(client)); }

storage::FlightStep World::make_step(const std::string& request_id) const {
  storage::FlightStep step;
  step.at = people.clock.now();
  step.request_id = request_id;
  step.status = 400;
  step.notes.stage = FlightStage::token_request;
  step.notes.tell(FlightOutcome::failed, "The code was redeemed before.");
  return step;
}

void World::add(const std::vector<storage::FlightStep>& steps) { block_on(storage().flights().add_steps(steps)); }

}  // namespace chatelaine::admin::test
