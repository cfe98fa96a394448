#pragma once

#include <expected>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/live.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "oauth/tokens/access_token.hpp"
#include "storage/storage.hpp"
#include "tokens/key_ring.hpp"

namespace chatelaine::tokens {

/// Why a token is of no use; a stranger learns only "invalid_token", the log learns which.
enum class TokenFault { malformed, bad_signature, wrong_issuer, wrong_audience, expired, revoked, unknown };

/// "The access token has expired.", for the log and the flight recorder.
[[nodiscard]] std::string_view describe(TokenFault fault);

struct TokenRefusal {
  TokenRefusal(TokenFault why,
               std::shared_ptr<const oauth::AccessToken> which = nullptr)  // NOLINT(google-explicit-constructor)
      : fault(why), ended(std::move(which)) {}
  TokenFault fault;
  /// Of a revoked one what it was; otherwise null.
  std::shared_ptr<const oauth::AccessToken> ended;
};

/// Says whether an access token of ours, JWT or opaque, may be used now: signature or stored hash, issuer, expiry, and
/// that neither it nor its grant has ended. Keeps what it verified (by SHA-256 of the token, bounded) until
/// Storage::change_count moves, so that a revocation counts at once. Thread-safe.
class Verifier {
 public:
  /// `own`: every spelling of the resource that is guarded here.
  Verifier(storage::Storage& storage, KeyRing& keys, oauth::Issuer issuer, std::vector<oauth::Resource> own,
           const Clock& clock);
  ~Verifier();

  using Result = std::expected<std::shared_ptr<const oauth::AccessToken>, TokenRefusal>;
  /// RFC 6749 §7: a token that has not ended; RFC 9068 §4, RFC 9700 §2.3: for the resource that is guarded here, whom
  /// another's token does not concern.
  [[nodiscard]] Task<Result> verify(std::string_view token);
  /// For the authorization server itself, which tells of tokens and ends them whatever resource they are for.
  [[nodiscard]] Task<Result> verify_for_any_resource(std::string_view token);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chatelaine::tokens
