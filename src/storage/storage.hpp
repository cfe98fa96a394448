#pragma once

#include "storage/access_tokens.hpp"
#include "storage/authorization_codes.hpp"
#include "storage/clients.hpp"
#include "storage/confirmations.hpp"
#include "storage/connections.hpp"
#include "storage/consents.hpp"
#include "storage/device_codes.hpp"
#include "storage/federated_identities.hpp"
#include "storage/flights.hpp"
#include "storage/grants.hpp"
#include "storage/initial_access_tokens.hpp"
#include "storage/keys.hpp"
#include "storage/ledger.hpp"
#include "storage/one_time_links.hpp"
#include "storage/openings.hpp"
#include "storage/plugins.hpp"
#include "storage/pushed_authorization_requests.hpp"
#include "storage/sessions.hpp"
#include "storage/sign_in_attempts.hpp"
#include "storage/used_client_assertions.hpp"
#include "storage/users.hpp"

namespace chatelaine::storage {

/// How long the record that something is over (a revoked access token's id, a client's used assertion) outlives the
/// moment after which it could matter: forgotten, it would count again wherever a clock is behind the one that forgot.
inline constexpr milliseconds kSpentIsKept{std::chrono::hours{1}};

/// Everything that is kept, a noun a member. Each verb is one atomic step; a write verb's Task ends after the write is
/// durable, and a verb that could not be carried out (disk full, I/O error) throws StorageFault, after which nothing of
/// it is visible.
///
/// Verbs may be awaited on any executor, from any number of threads. Arguments passed by reference must outlive the
/// await. No verb takes a Secret or a token: storage sees hashes and sealed values.
class Storage {
 public:
  virtual ~Storage() = default;

  virtual Clients& clients() = 0;
  virtual InitialAccessTokens& initial_access_tokens() = 0;
  virtual Users& users() = 0;
  virtual FederatedIdentities& federated_identities() = 0;
  virtual SignInAttempts& sign_in_attempts() = 0;
  virtual Sessions& sessions() = 0;
  virtual OneTimeLinks& one_time_links() = 0;
  virtual Consents& consents() = 0;
  virtual UsedClientAssertions& used_client_assertions() = 0;
  virtual PushedAuthorizationRequests& pushed_authorization_requests() = 0;
  virtual AuthorizationCodes& authorization_codes() = 0;
  virtual DeviceCodes& device_codes() = 0;
  virtual Grants& grants() = 0;
  virtual AccessTokens& access_tokens() = 0;
  virtual Confirmations& confirmations() = 0;
  virtual Keys& keys() = 0;
  virtual Ledger& ledger() = 0;
  virtual Flights& flights() = 0;
  virtual Openings& openings() = 0;
  virtual Plugins& plugins() = 0;
  virtual Connections& connections() = 0;

  /// Removes what can matter no longer at `now`: expired codes, sessions, links, tokens, attempts, device codes
  /// expired for oauth::kExpiredDeviceCodeIsKept, revocations of access tokens and used assertions that have been out
  /// of date for kSpentIsKept, grants revoked or expired and keys retired for 30 days, and strangers' clients that
  /// nobody has used. Bounded, so that no other verb waits long: true where a bound was met, so
  /// that calling again at once removes more. Call it every minute or so.
  virtual Task<bool> remove_expired(Instant now) = 0;
  /// Grows whenever a fact that a cache may hold (a client, user, key, a revocation) changes: at once for a change made
  /// through this object, within a second for one made by another process. Cheap enough to ask on every request;
  /// thread-safe.
  [[nodiscard]] virtual std::uint64_t change_count() = 0;
};

}  // namespace chatelaine::storage
