#include "host/fresh_token.hpp"

#include <algorithm>

#include "host/connection_state.hpp"
#include "host/revoke.hpp"
#include "host/token_endpoint.hpp"
#include "host/vault.hpp"
#include "net/server.hpp"

namespace chatelaine::host {
namespace {

using Kind = HostError::Kind;
using relying_party::TokenFailure;

constexpr milliseconds kPoll{25};
/// Longer than a lease, so that whoever waits for a refresher that died takes over.
constexpr int kMostPolls = 800;

struct Loaded {
  storage::Connection connection;
  ConnectionTokens tokens;
};

enum class Need : std::uint8_t { usable_as_it_is, refresh, sign_in };

std::unexpected<HostError> ask_to_sign_in(std::string why) {
  return refuse(Kind::needs_sign_in, std::move(why) + " Sign in to the plugin again.");
}

Task<Outcome<Loaded>> load(const HostContext& host, const UsablePlugin& plugin, oauth::UserId user_id) {
  auto connection = co_await host.storage.connections().find_connection(plugin.stored.id, user_id);
  if (!connection) co_return refuse(Kind::needs_sign_in, "You are not connected to this plugin: sign in to it first.");
  if (connection->needs_sign_in) co_return ask_to_sign_in("The plugin's server has ended your access.");
  auto tokens = open_tokens(host, *connection);
  if (!tokens) {
    host.log.error("tokens do not open with the keys at hand", {{"plugin", plugin.stored.id.value()}});
    co_return ask_to_sign_in("Your tokens cannot be read with this host's key.");
  }
  const PluginDocuments& documents = *plugin.documents;
  if (!are_for(*tokens, documents)) {
    co_return ask_to_sign_in("The plugin has moved since you signed in, and your tokens stay with where it was.");
  }
  co_return Loaded{std::move(*connection), std::move(*tokens)};
}

Need judge(const Loaded& loaded, Instant now, std::optional<std::uint32_t> refused_version) {
  const bool was_refused = refused_version && *refused_version == loaded.connection.version;
  const auto expires_at = loaded.connection.access_token_expires_at;
  const bool ends_soon = expires_at && now >= *expires_at - refresh_margin(loaded.tokens.lifetime);
  if (!was_refused && !ends_soon) return Need::usable_as_it_is;
  if (loaded.tokens.refresh_token) return Need::refresh;
  const bool has_ended = expires_at && now >= *expires_at;
  return was_refused || has_ended ? Need::sign_in : Need::usable_as_it_is;
}

FreshToken to_fresh(Loaded loaded) {
  return {std::move(loaded.tokens.access_token), loaded.connection.id, loaded.connection.version,
          loaded.tokens.refresh_token.has_value()};
}

HostError describe(const TokenFailure& failure) {
  if (failure.kind != TokenFailure::Kind::grant_refused) return {Kind::plugin_fault, failure.message};
  return {Kind::needs_sign_in,
          "The plugin's server has ended your access. " + failure.message + " Sign in to the plugin again."};
}

Task<Outcome<FreshToken>> give_up(const HostContext& host, Loaded loaded, TokenFailure failure, bool was_refused) {
  const bool is_gone = failure.kind == TokenFailure::Kind::grant_refused;
  co_await host.storage.connections().fail_refresh(loaded.connection.id, loaded.connection.version, is_gone);
  host.log.warning("refresh failed", {{"plugin", loaded.connection.plugin_id.value()}, {"reason", failure.message}});
  // A provider that cannot be reached for a moment costs nothing while the old token lives.
  const auto expires_at = loaded.connection.access_token_expires_at;
  if (!is_gone && !was_refused && expires_at && host.clock.now() < *expires_at) co_return to_fresh(std::move(loaded));
  co_return std::unexpected(describe(failure));
}

/// Tokens that could not be kept. Where the user has left meanwhile, or signed in anew, nobody could ever end them, so
/// they are revoked; where only another refresher was quicker, they are of the same grant as the ones it got.
Task<void> drop(const HostContext& host, const UsablePlugin& plugin, Loaded loaded) {
  const auto now = co_await host.storage.connections().find_connection(plugin.stored.id, loaded.connection.user_id);
  if (now && now->id == loaded.connection.id) co_return;
  co_await revoke_tokens(host, plugin.stored, loaded.tokens);
}

/// The lease is held. Nothing where another sign-in replaced the connection meanwhile.
Task<std::optional<Outcome<FreshToken>>> refresh(const HostContext& host, const UsablePlugin& plugin, Loaded loaded,
                                                 bool was_refused) {
  const relying_party::TokenEndpoint endpoint = token_endpoint_of(*plugin.documents);
  auto answer =
      co_await relying_party::refresh_tokens(host.fetcher, endpoint, plugin.credentials, *loaded.tokens.refresh_token);
  if (!answer) {
    auto outcome = co_await give_up(host, std::move(loaded), std::move(answer.error()), was_refused);
    co_return std::move(outcome);
  }
  // RFC 6749 §6: where no new refresh token comes, the old one stays.
  const bool is_rotated = answer->refresh_token.has_value();
  if (is_rotated) loaded.tokens.refresh_token = std::move(answer->refresh_token);
  loaded.tokens.access_token = std::move(answer->access_token);
  loaded.tokens.lifetime = answer->expires_in;
  std::optional<Instant> expires_at;
  if (answer->expires_in) expires_at = host.clock.now() + *answer->expires_in;
  const std::uint32_t version = loaded.connection.version++;
  std::string sealed = seal_tokens(host, loaded.connection, loaded.tokens);
  const bool kept =
      co_await host.storage.connections().finish_refresh(loaded.connection.id, version, std::move(sealed), expires_at);
  if (!kept) {
    if (!is_rotated) loaded.tokens.refresh_token.reset();
    co_await drop(host, plugin, std::move(loaded));
    co_return std::nullopt;
  }
  host.log.info("tokens refreshed", {{"plugin", loaded.connection.plugin_id.value()}});
  co_return to_fresh(std::move(loaded));
}

}  // namespace

milliseconds refresh_margin(std::optional<seconds> lifetime) {
  constexpr milliseconds kMost{10'000};
  if (!lifetime) return kMost;
  return std::min(kMost, milliseconds(*lifetime) / 5);
}

Task<Outcome<FreshToken>> find_fresh_token(const HostContext& host, const UsablePlugin& plugin, oauth::UserId user_id,
                                           std::optional<std::uint32_t> refused_version) {
  for (int poll = 0; poll < kMostPolls; ++poll) {
    auto loaded = co_await load(host, plugin, user_id);
    if (!loaded) co_return std::unexpected(std::move(loaded.error()));
    const Instant now = host.clock.now();
    switch (judge(*loaded, now, refused_version)) {
      case Need::usable_as_it_is:
        co_return to_fresh(std::move(*loaded));
      case Need::sign_in:
        co_return ask_to_sign_in("Your access has ended, and the plugin's server gave no refresh token.");
      case Need::refresh:
        break;
    }
    const storage::ConnectionId id = loaded->connection.id;
    const std::uint32_t version = loaded->connection.version;
    const Instant lease_until = now + kRefreshLease;
    const bool is_ours = co_await host.storage.connections().claim_refresh(id, version, now, lease_until);
    if (is_ours) {
      const bool was_refused = refused_version == version;
      auto outcome = co_await refresh(host, plugin, std::move(*loaded), was_refused);
      if (outcome) co_return std::move(*outcome);
      continue;
    }
    co_await net::sleep_for(kPoll);
  }
  co_return refuse(Kind::plugin_fault, "The plugin's server did not refresh your access in time. Try again.");
}

}  // namespace chatelaine::host
