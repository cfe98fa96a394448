#include "oauth/grants/authorization_code.hpp"

#include "oauth/handle.hpp"
#include "oauth/tokens/refresh_token.hpp"
#include "provider/endpoints/token/access_token.hpp"
#include "provider/endpoints/token/grants.hpp"
#include "provider/endpoints/token/id_token.hpp"

namespace chatelaine::provider::endpoints {
namespace {

using oauth::ErrorCode;

constexpr std::size_t kSaltSize = 16;

/// The code that the handle names, where its secret is right.
Task<std::optional<oauth::AuthorizationCode>> find_code(const Context& context, const Form& form) {
  const auto handle = oauth::parse_handle(oauth::prefix::kAuthorizationCode, form.get_or_empty("code"));
  if (!handle) co_return std::nullopt;
  const oauth::AuthorizationCodeId id{handle->id};
  auto code = co_await context.storage.authorization_codes().find_authorization_code(id);
  if (code && !crypto::equal_in_constant_time(code->secret_hash, handle->hash())) code.reset();
  co_return code;
}

/// The grant that the code's first use gives.
oauth::Grant make_grant(const Context& context, const oauth::AuthorizationCode& code, oauth::Scope scope, Instant now) {
  return {.id = context.ids.next<oauth::GrantTag>(),
          .client_id = code.client_id,
          .user_id = code.user_id,
          .subject = code.subject,
          .scope = std::move(scope),
          .resource = code.resource,
          .authenticated_at = code.authenticated_at,
          .created_at = now,
          .expires_at = now + context.settings().refresh_token_lifetime,
          .salt = context.randomness.bytes(kSaltSize),
          .generation = 0,
          .rotated_at = now,
          .grace_uses = 0,
          .revoked_at = std::nullopt};
}

/// RFC 6749 §4.1.2: a code that comes twice was seen by somebody else, so what it gave ends.
Task<TokenResult> refuse_replay(const Context& context, const oauth::Client& client, oauth::GrantId grant_id) {
  co_await context.storage.grants().revoke_grant(grant_id, oauth::RevocationReason::code_replayed, context.clock.now());
  context.log.warning("Authorization code used twice: its grant is revoked",
                      {{"client", client.id.value()}, {"grant", format_id(grant_id.value)}});
  co_return oauth::refuse(ErrorCode::invalid_grant,
                          "The code was used before. What its first use gave is revoked; the user must sign in again.");
}

/// Only for a client that may use it (RFC 6749 §1.5: whether there is one is the server's choice).
std::optional<oauth::RefreshTokenSecret> make_refresh_token(const Context& context, const oauth::Client& client,
                                                            const oauth::Grant& grant, const tokens::KeySet& keys) {
  const bool may_refresh = context.settings().flows.refresh_token && client.may_use(oauth::GrantType::refresh_token);
  if (!may_refresh) return std::nullopt;
  return oauth::make_refresh_token(grant.id, grant.salt, grant.generation, keys.refresh_token_key_at(grant.created_at));
}

Task<TokenResult> redeem(const Context& context, const oauth::Client& client, const oauth::AuthorizationCode& code,
                         oauth::Scope scope) {
  const auto now = context.clock.now();
  const auto keys = co_await context.keys.current();
  const auto grant = make_grant(context, code, std::move(scope), now);
  AccessTokenFacts facts{.subject = grant.subject,
                         .client_id = grant.client_id,
                         .audience = grant.resource,
                         .scope = grant.scope,
                         .grant_id = grant.id};
  auto minted = mint_access_token(context, *keys, std::move(facts), now);
  auto id_token =
      co_await mint_id_token(context, *keys, client, grant, grant.scope, code.nonce, minted.text.reveal(), now);

  const auto outcome =
      co_await context.storage.authorization_codes().redeem_authorization_code(code.id, grant, minted.row);
  if (const auto* other = std::get_if<storage::CodeAlreadyRedeemed>(&outcome)) {
    co_return co_await refuse_replay(context, client, other->grant_id);
  }
  if (std::holds_alternative<storage::CodeUnknown>(outcome)) {
    co_return oauth::refuse(ErrorCode::invalid_grant, "The code is not valid any more; the user must sign in again.");
  }

  context.log.info(
      "Grant begun",
      {{"client", client.id.value()}, {"user", format_id(grant.user_id.value)}, {"grant", format_id(grant.id.value)}});
  co_return oauth::TokenResponse{.access_token = std::move(minted.text),
                                 .expires_in = access_token_lifetime(context),
                                 .refresh_token = make_refresh_token(context, client, grant, *keys),
                                 .scope = grant.scope,
                                 .id_token = std::move(id_token)};
}

}  // namespace

Task<TokenResult> exchange_authorization_code(const Context& context, const oauth::Client& client, const Form& form) {
  const auto code = co_await find_code(context, form);
  auto decision = oauth::decide_authorization_code(code ? &*code : nullptr, client, form, context.clock.now());
  if (auto* error = std::get_if<oauth::OAuthError>(&decision)) co_return std::unexpected(std::move(*error));
  if (const auto* replay = std::get_if<oauth::RevokeReplayed>(&decision)) {
    co_return co_await refuse_replay(context, client, replay->grant_id);
  }
  auto& allowed = std::get<oauth::RedeemCode>(decision);
  co_return co_await redeem(context, client, *code, std::move(allowed.scope));
}

}  // namespace chatelaine::provider::endpoints
