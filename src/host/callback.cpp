#include "host/connect.hpp"
#include "host/connection_state.hpp"
#include "host/plugins.hpp"
#include "host/revoke.hpp"
#include "host/token_endpoint.hpp"
#include "host/vault.hpp"
#include "relying_party/authorization_response.hpp"

namespace chatelaine::host {
namespace {

using Kind = HostError::Kind;
using relying_party::IssuerParameter;
using relying_party::TokenFailure;

/// One sentence for every way in which an attempt is not this browser's own: whoever forges one learns nothing.
std::unexpected<HostError> refuse_state() {
  return refuse(
      Kind::bad_request,
      "This sign-in was not begun in this browser, was used before, or is older than ten minutes. Begin again "
      "from the list of plugins.");
}

/// RFC 6749 §10.12 and THREATS N22: the state is ours, unused, in time, and this browser's, this plugin's, this user's.
Task<Outcome<storage::ConnectionAttempt>> take_attempt(const HostContext& host, const ConnectionCallback& callback) {
  const auto state = oauth::parse_handle(kStatePrefix, callback.query.get_or_empty("state"));
  if (!state) co_return refuse_state();
  const storage::ConnectionAttemptId id{state->id};
  auto attempt = co_await host.storage.connections().take_connection_attempt(id, state->hash());
  if (!attempt) co_return refuse_state();
  if (attempt->expires_at <= host.clock.now() || attempt->plugin_id != callback.plugin_id) co_return refuse_state();
  if (!callback.browser_cookie ||
      !crypto::equal_in_constant_time(attempt->browser_hash, crypto::sha256(*callback.browser_cookie))) {
    co_return refuse_state();
  }
  if (callback.signed_in && *callback.signed_in != attempt->user_id) {
    co_return refuse(Kind::forbidden,
                     "Somebody else is signed in to this host now than when the sign-in began. Begin again.");
  }
  co_return std::move(*attempt);
}

HostError describe(const TokenFailure& failure) {
  if (failure.kind == TokenFailure::Kind::grant_refused) {
    return {Kind::plugin_fault,
            "The plugin's server did not take the code that it had just issued. " + failure.message};
  }
  return {Kind::plugin_fault, failure.message};
}

ConnectionTokens to_connection_tokens(relying_party::TokenAnswer answer, const PluginDocuments& documents) {
  return {std::move(answer.access_token), std::move(answer.refresh_token), answer.expires_in,
          documents.manifest.authorization_url.text, documents.api_base.origin()};
}

storage::Connection make_connection(const HostContext& host, const storage::ConnectionAttempt& attempt,
                                    const ConnectionTokens& tokens) {
  storage::Connection connection;
  connection.id = host.ids.next<storage::ConnectionTag>();
  connection.plugin_id = attempt.plugin_id;
  connection.user_id = attempt.user_id;
  connection.sealed_tokens = seal_tokens(host, connection, tokens);
  connection.connected_at = host.clock.now();
  if (tokens.lifetime) connection.access_token_expires_at = connection.connected_at + *tokens.lifetime;
  return connection;
}

Task<Outcome<ConnectionTokens>> exchange(const HostContext& host, const UsablePlugin& plugin,
                                         const storage::ConnectionAttempt& attempt,
                                         oauth::AuthorizationCodeSecret code) {
  relying_party::CodeExchange request{std::move(code), host.settings.callback_url(plugin.stored.id), std::nullopt};
  if (!attempt.sealed_code_verifier.empty()) {
    request.code_verifier = open_code_verifier(host, attempt);
    if (!request.code_verifier) co_return refuse_state();
  }
  const relying_party::TokenEndpoint endpoint = token_endpoint_of(*plugin.documents);
  auto answer = co_await relying_party::exchange_code(host.fetcher, endpoint, plugin.credentials, request);
  if (!answer) {
    host.log.warning("code exchange failed",
                     {{"plugin", plugin.stored.id.value()}, {"reason", answer.error().message}});
    co_return std::unexpected(describe(answer.error()));
  }
  co_return to_connection_tokens(std::move(*answer), *plugin.documents);
}

HostError describe(relying_party::AuthorizationFailure failure) {
  const bool is_denied = failure.kind == relying_party::AuthorizationFailure::Kind::denied;
  return {is_denied ? Kind::denied : Kind::bad_request, std::move(failure.message)};
}

/// Keeps the connection. An earlier one that it took the place of (two sign-ins at once) would live on at the provider
/// where nobody could end it, and so would this one's tokens where it was not kept: both are revoked.
Task<Outcome<void>> keep(const HostContext& host, const UsablePlugin& plugin, const storage::Connection& connection) {
  const storage::PutConnection put = co_await host.storage.connections().put_connection(connection);
  if (!put.is_kept) {
    co_await revoke_connection(host, plugin.stored, connection);
    co_return refuse(Kind::forbidden, "The plugin or this account was removed meanwhile, so nothing was connected.");
  }
  if (put.replaced && !put.replaced->needs_sign_in) co_await revoke_connection(host, plugin.stored, *put.replaced);
  co_return Outcome<void>{};
}

}  // namespace

Task<Outcome<FinishedConnection>> finish_connection(const HostContext& host, ConnectionCallback callback) {
  const auto attempt = co_await take_attempt(host, callback);
  if (!attempt) co_return std::unexpected(attempt.error());
  const relying_party::ExpectedIssuer expected{attempt->expected_issuer, attempt->issuer_is_promised
                                                                             ? IssuerParameter::promised
                                                                             : IssuerParameter::not_promised};
  auto code = relying_party::judge_authorization_response(callback.query, expected);
  if (!code) {
    host.log.info("sign-in to a plugin was not completed",
                  {{"plugin", callback.plugin_id.value()}, {"reason", code.error().message}});
    co_return std::unexpected(describe(std::move(code.error())));
  }
  const auto plugin = co_await find_usable_plugin(host, callback.plugin_id);
  if (!plugin) co_return std::unexpected(plugin.error());
  const auto user = co_await check_user(host, attempt->user_id);
  if (!user) co_return std::unexpected(user.error());

  const auto tokens = co_await exchange(host, *plugin, *attempt, std::move(*code));
  if (!tokens) co_return std::unexpected(tokens.error());
  const storage::Connection connection = make_connection(host, *attempt, *tokens);
  const auto kept = co_await keep(host, *plugin, connection);
  if (!kept) co_return std::unexpected(kept.error());
  host.log.info("plugin connected", {{"plugin", callback.plugin_id.value()}, {"user", user->email}});
  co_return FinishedConnection{callback.plugin_id, attempt->user_id, plugin->documents->manifest.name_for_human};
}

}  // namespace chatelaine::host
