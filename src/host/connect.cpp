#include "host/connect.hpp"

#include "base/base64url.hpp"
#include "host/connection_state.hpp"
#include "host/plugins.hpp"
#include "host/vault.hpp"
#include "relying_party/authorization_url.hpp"
#include "relying_party/discovery.hpp"

namespace chatelaine::host {
namespace {

using relying_party::CodeChallengeSupport;
using relying_party::CodeVerifier;
using relying_party::DiscoveryDoubt;
using relying_party::IssuerParameter;
using relying_party::ProviderMetadata;

/// 32 bytes in base64url.
constexpr std::size_t kBrowserSecretLength = 43;

std::string choose_browser_secret(const HostContext& host, std::optional<std::string> cookie) {
  if (cookie && cookie->size() == kBrowserSecretLength && base64url_decode(*cookie)) return std::move(*cookie);
  return base64url_encode(host.randomness.bytes(32));
}

/// RFC 7636 §4.1, where the provider can check it; the plugins of 2023 cannot.
std::optional<CodeVerifier> choose_code_verifier(const HostContext& host,
                                                 const std::optional<ProviderMetadata>& metadata) {
  if (!metadata || metadata->code_challenge != CodeChallengeSupport::s256) return std::nullopt;
  return CodeVerifier(base64url_encode(host.randomness.bytes(32)));
}

std::string make_url(const HostContext& host, const UsablePlugin& plugin, std::string state,
                     const std::optional<CodeVerifier>& verifier) {
  const oauth::Manifest& manifest = plugin.documents->manifest;
  relying_party::AuthorizationRequest request{manifest.client_url.text,
                                              plugin.stored.client_id,
                                              manifest.scope,
                                              host.settings.callback_url(plugin.stored.id),
                                              oauth::State(std::move(state)),
                                              std::nullopt};
  if (verifier) request.code_challenge = oauth::derive_code_challenge(verifier->reveal());
  return relying_party::make_authorization_url(request);
}

}  // namespace

Task<Outcome<void>> check_not_connected(const HostContext& host, const PluginDocuments& documents,
                                        storage::PluginId plugin_id, oauth::UserId user_id) {
  const auto connection = co_await host.storage.connections().find_connection(plugin_id, user_id);
  if (!connection || !is_in_order(host, *connection, documents)) co_return Outcome<void>{};
  co_return refuse(HostError::Kind::connected,
                   "This user is connected to the plugin already. Disconnect first to sign in again or with another "
                   "account.");
}

Task<Outcome<BegunConnection>> begin_connection(const HostContext& host, storage::PluginId plugin_id,
                                                oauth::UserId user_id, std::optional<std::string> browser_cookie) {
  const auto plugin = co_await find_usable_plugin(host, plugin_id);
  if (!plugin) co_return std::unexpected(plugin.error());
  const auto user = co_await check_user(host, user_id);
  if (!user) co_return std::unexpected(user.error());
  const auto free = co_await check_not_connected(host, *plugin->documents, plugin_id, user_id);
  if (!free) co_return std::unexpected(free.error());
  const oauth::Manifest& manifest = plugin->documents->manifest;
  relying_party::KnownEndpoints known{manifest.client_url, manifest.authorization_url};
  const relying_party::Discovery discovery =
      co_await relying_party::discover_metadata(host.fetcher, std::move(known), plugin->documents->addresses);
  // A sign-in without the protection that the provider offers must not be had by keeping us from its metadata.
  if (discovery.doubt && discovery.doubt->kind == DiscoveryDoubt::Kind::unreachable) {
    co_return refuse(HostError::Kind::plugin_fault,
                     "The plugin's sign-in server gave no answer: " + discovery.doubt->message);
  }
  const std::optional<ProviderMetadata>& metadata = discovery.metadata;

  storage::ConnectionAttempt attempt;
  attempt.id = host.ids.next<storage::ConnectionAttemptTag>();
  attempt.plugin_id = plugin_id;
  attempt.user_id = user_id;
  const oauth::Handle state = oauth::make_handle(attempt.id.value, host.randomness);
  attempt.state_hash = state.hash();
  const std::string browser_secret = choose_browser_secret(host, std::move(browser_cookie));
  attempt.browser_hash = crypto::sha256(browser_secret);
  const auto verifier = choose_code_verifier(host, metadata);
  if (verifier) attempt.sealed_code_verifier = seal_code_verifier(host, attempt.id, *verifier);
  if (metadata) {
    attempt.expected_issuer = metadata->issuer.value();
    attempt.issuer_is_promised = metadata->issuer_parameter == IssuerParameter::promised;
  }
  attempt.expires_at = host.clock.now() + kConnectLifetime;
  co_await host.storage.connections().add_connection_attempt(attempt);

  const net::CookieSecurity security = host.settings.cookie_security();
  co_return BegunConnection{make_url(host, *plugin, oauth::format_handle(kStatePrefix, state), verifier),
                            net::make_set_cookie(security, net::cookie_name(security, kConnectCookie), browser_secret,
                                                 std::chrono::duration_cast<seconds>(kConnectLifetime))};
}

}  // namespace chatelaine::host
