#include "oauth/grants/authorization_code.hpp"

#include "oauth/handle.hpp"
#include "provider/endpoints/token/grants.hpp"
#include "provider/endpoints/token/new_grant.hpp"
#include "provider/notes.hpp"

namespace chatelaine::provider::endpoints {
namespace {

using oauth::ErrorCode;

/// The code that the handle names, where its secret is right.
Task<std::optional<oauth::AuthorizationCode>> find_code(const Context& context, const Form& form) {
  const auto handle = oauth::parse_handle(oauth::prefix::kAuthorizationCode, form.get_or_empty("code"));
  if (!handle) co_return std::nullopt;
  const oauth::AuthorizationCodeId id{handle->id};
  auto code = co_await context.storage.authorization_codes().find_authorization_code(id);
  if (code && !crypto::equal_in_constant_time(code->secret_hash, handle->hash())) code.reset();
  co_return code;
}

/// RFC 6749 §4.1.2: a code that comes twice was seen by somebody else, so what it gave ends.
Task<TokenResult> refuse_replay(const Context& context, const net::Request& request, const oauth::Client& client,
                                oauth::GrantId grant_id) {
  note_link(request, "grant", grant_id.value);
  co_await context.storage.grants().revoke_grant(grant_id, oauth::RevocationReason::code_replayed, context.clock.now());
  context.log.warning("Authorization code used twice: its grant is revoked",
                      {{"client", client.id.value()}, {"grant", format_id(grant_id.value)}});
  co_return oauth::refuse(ErrorCode::invalid_grant,
                          "The code was used before. What its first use gave is revoked; the user must sign in again.",
                          "The code had been exchanged before: whoever comes second may have stolen it, so the grant "
                          "of its first use was ended.");
}

Task<TokenResult> redeem(const Context& context, const net::Request& request, const oauth::Client& client,
                         const oauth::AuthorizationCode& code, oauth::RedeemCode allowed) {
  const auto keys = co_await context.keys.current();
  GrantFacts facts{.client_id = code.client_id,
                   .user_id = code.user_id,
                   .subject = code.subject,
                   .scope = std::move(allowed.scope),
                   .resources = code.resources,
                   .authenticated_at = code.authenticated_at};
  const auto grant = make_grant(context, std::move(facts), context.clock.now());
  auto first = co_await mint_first_tokens(context, *keys, client, grant, std::move(allowed.target), code.nonce);

  const auto outcome =
      co_await context.storage.authorization_codes().redeem_authorization_code(code.id, grant, first.access_token.row);
  if (const auto* other = std::get_if<storage::CodeAlreadyRedeemed>(&outcome)) {
    co_return co_await refuse_replay(context, request, client, other->grant_id);
  }
  if (std::holds_alternative<storage::CodeUnknown>(outcome)) {
    co_return oauth::refuse(ErrorCode::invalid_grant, "The code is not valid any more; the user must sign in again.");
  }
  note_link(request, "grant", grant.id.value);
  note_step(request, FlightOutcome::went_on, "The code was exchanged: a grant has begun.");
  co_return answer_with_grant(context, *keys, client, grant, std::move(first));
}

}  // namespace

Task<TokenResult> exchange_authorization_code(const Context& context, const net::Request& request,
                                              const oauth::Client& client, const Form& form) {
  const auto code = co_await find_code(context, form);
  if (code) {
    note_link(request, "code", code->id.value);
    note_user(request, code->user_id);
  }
  auto decision = oauth::decide_authorization_code(code ? &*code : nullptr, client, form, context.settings().resources,
                                                   context.clock.now());
  if (auto* error = std::get_if<oauth::OAuthError>(&decision)) co_return std::unexpected(std::move(*error));
  if (const auto* replay = std::get_if<oauth::RevokeReplayed>(&decision)) {
    co_return co_await refuse_replay(context, request, client, replay->grant_id);
  }
  co_return co_await redeem(context, request, client, *code, std::get<oauth::RedeemCode>(std::move(decision)));
}

}  // namespace chatelaine::provider::endpoints
