#include <fmt/format.h>

#include "host/connect.hpp"
#include "host/plugins.hpp"
#include "oauth/handle.hpp"

// A connect link is an attempt that nobody has begun yet. It is kept as one, so that its single use and its end are
// storage's own; the ticket's hash and an unmatched browser hash keep it from ever passing for a `state`, and a `state`
// (which providers see) from passing for a ticket.

namespace chatelaine::host {
namespace {

using Kind = HostError::Kind;

constexpr std::string_view kTicketPrefix = "ctl_ct_";

crypto::Sha256 hash_ticket(const oauth::Handle& ticket) {
  std::string text = "connect ticket/";
  text += ticket.secret.reveal();
  const crypto::Sha256 hash = crypto::sha256(text);
  wipe(text.data(), text.size());
  return hash;
}

std::unexpected<HostError> refuse_ticket() {
  return refuse(
      Kind::bad_request,
      "This link was used before, has expired (it works once, for ten minutes), or is incomplete. Ask for a new "
      "one with \"chatelaine plugin connect\".");
}

}  // namespace

Task<Outcome<std::string>> make_connect_link(const HostContext& host, storage::PluginId plugin_id,
                                             oauth::UserId user_id) {
  const auto plugin = co_await find_usable_plugin(host, plugin_id);
  if (!plugin) co_return std::unexpected(plugin.error());
  const auto user = co_await check_user(host, user_id);
  if (!user) co_return std::unexpected(user.error());
  const auto free = co_await check_not_connected(host, *plugin->documents, plugin_id, user_id);
  if (!free) co_return std::unexpected(free.error());

  storage::ConnectionAttempt attempt;
  attempt.id = host.ids.next<storage::ConnectionAttemptTag>();
  const oauth::Handle ticket = oauth::make_handle(attempt.id.value, host.randomness);
  attempt.plugin_id = plugin_id;
  attempt.user_id = user_id;
  attempt.state_hash = hash_ticket(ticket);
  attempt.browser_hash = crypto::sha256(host.randomness.bytes(32));
  attempt.expires_at = host.clock.now() + kConnectLifetime;
  co_await host.storage.connections().add_connection_attempt(attempt);
  co_return fmt::format("{}/plugins/{}/connect?ticket={}", host.settings.url, plugin_id.value(),
                        oauth::format_handle(kTicketPrefix, ticket));
}

Task<Outcome<oauth::UserId>> redeem_connect_ticket(const HostContext& host, storage::PluginId plugin_id,
                                                   std::string text) {
  const auto ticket = oauth::parse_handle(kTicketPrefix, text);
  if (!ticket) co_return refuse_ticket();
  const storage::ConnectionAttemptId id{ticket->id};
  const auto attempt = co_await host.storage.connections().take_connection_attempt(id, hash_ticket(*ticket));
  if (!attempt || attempt->plugin_id != plugin_id || attempt->expires_at <= host.clock.now()) {
    co_return refuse_ticket();
  }
  co_return attempt->user_id;
}

}  // namespace chatelaine::host
