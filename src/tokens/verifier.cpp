#include "tokens/verifier.hpp"

#include <utility>

#include "oauth/handle.hpp"
#include "tokens/verified_cache.hpp"

namespace chatelaine::tokens {
namespace {

using Read = Verifier::Result;

TokenFault to_fault(oauth::AccessTokenError error) {
  switch (error) {
    case oauth::AccessTokenError::not_a_jwt:
    case oauth::AccessTokenError::malformed_claims:
      return TokenFault::malformed;
    case oauth::AccessTokenError::bad_signature:
      return TokenFault::bad_signature;
    case oauth::AccessTokenError::wrong_issuer:
      return TokenFault::wrong_issuer;
    case oauth::AccessTokenError::expired:
      return TokenFault::expired;
  }
  std::unreachable();
}

bool is_opaque(std::string_view token) { return token.starts_with(oauth::prefix::kAccessToken); }

}  // namespace

std::string_view describe(TokenFault fault) {
  switch (fault) {
    case TokenFault::malformed:
      return "The access token is not written as one of this server's.";
    case TokenFault::bad_signature:
      return "The access token's signature is wrong, or of a key that is no longer known.";
    case TokenFault::wrong_issuer:
      return "The access token is of another issuer.";
    case TokenFault::wrong_audience:
      return "The access token is for another resource than this API.";
    case TokenFault::expired:
      return "The access token has expired: the client did not refresh it in time.";
    case TokenFault::revoked:
      return "The access token was revoked, or the grant that it stands on has ended.";
    case TokenFault::unknown:
      return "No such access token is kept here.";
  }
  std::unreachable();
}

struct Verifier::State {
  storage::Storage& storage;
  KeyRing& keys;
  oauth::Issuer issuer;
  std::vector<oauth::Resource> own;
  const Clock& clock;
  VerifiedCache cache;

  /// A cached token that needs no look at storage: nothing changed since, and its time and its key's have not come.
  static bool is_fresh(const VerifiedToken& verified, std::uint64_t changes, Instant now) {
    return verified.changes == changes && now < verified.token->expires_at &&
           (!verified.keys || now < verified.keys->stands_until);
  }

  Read read_jwt(std::string_view token, const KeySet& set, Instant now) const {
    auto read = oauth::verify_access_token(token, issuer, set.verification_keys, now);
    if (!read) return std::unexpected(to_fault(read.error()));
    return std::make_shared<const oauth::AccessToken>(std::move(*read));
  }

  Task<Read> read_opaque(std::string_view token, Instant now) {
    const auto handle = oauth::parse_handle(oauth::prefix::kAccessToken, token);
    if (!handle) co_return std::unexpected(TokenFault::malformed);
    const oauth::AccessTokenId id{handle->id};
    auto row = co_await storage.access_tokens().find_access_token(id);
    if (!row || !crypto::equal_in_constant_time(row->secret_hash, handle->hash())) {
      co_return std::unexpected(TokenFault::unknown);
    }
    if (row->token.issuer != issuer) co_return std::unexpected(TokenFault::wrong_issuer);
    if (now >= row->token.expires_at) co_return std::unexpected(TokenFault::expired);
    co_return std::make_shared<const oauth::AccessToken>(std::move(row->token));
  }

  /// Whether the token, or what it stands on, ended before its time. A token without a grant stands on its client.
  Task<bool> has_ended(const oauth::AccessToken& token) {
    const bool revoked = co_await storage.access_tokens().is_access_token_revoked(token.id);
    if (revoked) co_return true;
    if (token.grant_id) {
      const bool active = co_await storage.grants().is_grant_active(*token.grant_id);
      co_return !active;
    }
    const auto client = co_await storage.clients().find_client(token.client_id);
    co_return client == nullptr;
  }

  /// The token's facts: from the cache where the same keys stand, since a signature does not age; else read anew.
  Task<std::expected<VerifiedToken, TokenRefusal>> read(std::string_view token, std::optional<VerifiedToken> cached,
                                                        std::uint64_t changes, Instant now) {
    VerifiedToken verified{.token = nullptr, .keys = nullptr, .changes = changes};
    Read found;
    if (is_opaque(token)) {
      found = co_await read_opaque(token, now);
    } else {
      verified.keys = co_await keys.current();
      const bool is_signature_known = cached && cached->keys == verified.keys && now < cached->token->expires_at;
      found = is_signature_known ? Read(cached->token) : read_jwt(token, *verified.keys, now);
    }
    if (!found) co_return std::unexpected(found.error());
    verified.token = std::move(*found);
    const bool ended = co_await has_ended(*verified.token);
    if (ended) co_return std::unexpected(TokenRefusal(TokenFault::revoked, std::move(verified.token)));
    co_return verified;
  }

  static Read accept(std::shared_ptr<const oauth::AccessToken> token, const std::vector<oauth::Resource>* audience) {
    if (audience != nullptr && !token->is_for(*audience)) return std::unexpected(TokenFault::wrong_audience);
    return token;
  }

  /// `audience`: who asks, by each of its spellings; null where any audience will do.
  Task<Read> verify(std::string_view token, const std::vector<oauth::Resource>* audience) {
    const auto now = clock.now();
    // Counted before anything is read: a revocation in between is seen at the next call.
    const auto changes = storage.change_count();
    const auto digest = crypto::sha256(token);
    auto cached = cache.find(digest);
    if (cached && is_fresh(*cached, changes, now)) co_return accept(std::move(cached->token), audience);

    auto verified = co_await read(token, std::move(cached), changes, now);
    if (!verified) {
      cache.erase(digest);
      co_return std::unexpected(verified.error());
    }
    auto result = verified->token;
    cache.put(digest, std::move(*verified));
    co_return accept(std::move(result), audience);
  }
};

Verifier::Verifier(storage::Storage& storage, KeyRing& keys, oauth::Issuer issuer, std::vector<oauth::Resource> own,
                   const Clock& clock)
    : state_(new State{storage, keys, std::move(issuer), std::move(own), clock, {}}) {}
Verifier::~Verifier() = default;

Task<Verifier::Result> Verifier::verify(std::string_view token) { return state_->verify(token, &state_->own); }

Task<Verifier::Result> Verifier::verify_for_any_resource(std::string_view token) {
  return state_->verify(token, nullptr);
}

}  // namespace chatelaine::tokens
