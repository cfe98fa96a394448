#include "accounts/account_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "accounts/activity.hpp"
#include "accounts/dates.hpp"
#include "accounts/endpoints.hpp"
#include "accounts/return_to.hpp"
#include "accounts/sessions.hpp"
#include "accounts/waiting_calls.hpp"

namespace chatelaine::accounts {
namespace {

std::string describe_scope(const AccountsSettings& settings, const std::string& scope) {
  std::string described = settings.describe_scope ? settings.describe_scope(scope) : std::string();
  return described.empty() ? scope : described;
}

// What one client may do, over all resources, and whether it can do it now: it holds a grant, or must ask for one.
struct Allowed {
  oauth::Scope scope;
  Instant since;
  bool is_connected = false;
};

using AllowedClients = std::map<oauth::ClientId, Allowed>;

Allowed& add_allowed(AllowedClients& clients, const oauth::ClientId& id, const oauth::Scope& scope, Instant since) {
  const auto [entry, is_new] = clients.try_emplace(id, Allowed{scope, since, false});
  Allowed& allowed = entry->second;
  if (!is_new) allowed.scope = allowed.scope.united_with(scope);
  allowed.since = std::min(allowed.since, since);
  return allowed;
}

/// What consents say, and what grants say that go on without one: a client whose registration has changed must ask
/// again, but what it holds it holds.
AllowedClients gather_by_client(const std::vector<oauth::Consent>& consents, const std::vector<oauth::Grant>& grants,
                                Instant now) {
  AllowedClients clients;
  for (const oauth::Consent& consent : consents)
    add_allowed(clients, consent.client_id, consent.scope, consent.given_at);
  for (const oauth::Grant& grant : grants) {
    if (grant.revoked_at || grant.expires_at <= now) continue;
    add_allowed(clients, grant.client_id, grant.scope, grant.created_at).is_connected = true;
  }
  return clients;
}

pages::Data describe_client(const AccountsSettings& settings, const oauth::Client& client, const Allowed& allowed,
                            std::size_t number) {
  pages::Data data;
  data.set("client_name", client.name)
      .set("client_id", client.id.value())
      .set("since", format_day(allowed.since))
      .set("since_date", format_date(allowed.since))
      .show("is_connected", allowed.is_connected)
      .set("title_id", fmt::format("client-{}", number));
  for (const std::string& scope : allowed.scope.tokens()) {
    pages::Data described;
    described.set("description", describe_scope(settings, scope));
    data.add("scopes", std::move(described));
  }
  return data;
}

Task<pages::Data> describe_assistants(const Context& context, oauth::UserId user_id) {
  const auto consents = co_await context.storage.consents().list_consents(user_id);
  const storage::GrantFilter of_user{.user_id = user_id, .client_id = std::nullopt};
  const auto grants = co_await context.storage.grants().list_grants(of_user);
  pages::Data data;
  std::size_t number = 0;
  for (const auto& [client_id, allowed] : gather_by_client(consents, grants, context.clock.now())) {
    const auto client = co_await context.storage.clients().find_client(client_id);
    if (!client) continue;
    pages::Data described = describe_client(context.settings, *client, allowed, ++number);
    co_await add_activity(described, context, user_id, client_id);
    data.add("clients", std::move(described));
  }
  data.show("nobody_allowed", number == 0);
  co_return data;
}

/// What a user source is called; its name, where it is configured no more.
std::string label_of(const Context& context, const std::string& source) {
  const auto& sources = context.ways->get().sources;
  const auto found = std::ranges::find(sources, source, &SignInSource::name);
  return found == sources.end() ? source : found->label;
}

std::string describe_done(std::string_view done) {
  if (done == "password") return "Your password is changed. You are signed out everywhere else.";
  if (done == "approved") return "Allowed once. Go back to the assistant and tell it to go on.";
  if (done == "denied") return "Denied. The assistant is told no when it tries again.";
  if (done == "disconnected") return "Disconnected. That assistant can do nothing more in your name.";
  return {};
}

}  // namespace

Task<net::Response> render_account(const Context& context, const SignedIn& signed_in, AccountPage page) {
  pages::Data data;
  const auto token = [&](std::string_view purpose) { return context.csrf.mint_token(purpose, signed_in.form_binding); };
  const auto identities = co_await context.storage.federated_identities().list_federated_identities(signed_in.user.id);
  for (const storage::FederatedIdentity& identity : identities) {
    pages::Data source;
    source.set("label", label_of(context, identity.who.source));
    data.add("sources", std::move(source));
  }
  data.show("has_password", signed_in.user.password_hash && may_use_password(context, signed_in.user));
  data.set("person", signed_in.user.name)
      .set("email", signed_in.user.email)
      .set("password_action", context.path(path::kPassword))
      .set("password_token", token(purpose::kPassword))
      .set("withdraw_action", context.path(path::kWithdraw))
      .set("withdraw_token", token(purpose::kWithdraw))
      .set("sign_out_action", context.path(path::kSignOut))
      .set("sign_out_token", token(purpose::kSignOut))
      .show("has_name", !signed_in.user.name.empty());
  pages::Data home;
  home.set("home_url", context.settings.home_path);
  data.add("home", std::move(home));
  if (signed_in.user.role == storage::Role::administrator && context.settings.find_administration)
    data.add_text("administration", context.settings.find_administration());
  data.add_text("notice", page.notice)
      .add_text("current_problem", page.current_problem)
      .add_text("new_problem", page.new_problem);
  if (context.settings.assistants == ConnectedAssistants::listed) {
    co_await add_waiting_calls(data, context, signed_in.user.id);
    auto assistants = co_await describe_assistants(context, signed_in.user.id);
    data.add("connected", std::move(assistants));
  }
  co_return context.renderer.render(page.status, "account", "Your account", data);
}

Task<net::Response> show_account(const Context& context, const net::Request& request) {
  const auto signed_in = co_await find_signed_in(context, request);
  if (!signed_in) co_return redirect_to_sign_in(context, context.path(path::kAccount));
  AccountPage page;
  page.notice = describe_done(read_query(request.query).get_or_empty("done"));
  co_return co_await render_account(context, *signed_in, std::move(page));
}

}  // namespace chatelaine::accounts
