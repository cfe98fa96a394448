#include "oauth/tokens/refresh_token.hpp"

#include "base/unavailable.hpp"
#include "oauth/grants/refresh_token.hpp"
#include "provider/endpoints/presented_refresh_token.hpp"
#include "provider/endpoints/token/access_token.hpp"
#include "provider/endpoints/token/grants.hpp"
#include "provider/endpoints/token/id_token.hpp"
#include "provider/notes.hpp"

namespace chatelaine::provider::endpoints {
namespace {

using oauth::ErrorCode;

/// How often a request decides again after another one moved the counter in between. The second decision meets the
/// grace window, so more than two rounds need more than two rivals.
constexpr int kMostRounds = 8;

/// One request's attempt to go on with a grant.
struct Refresh {
  const Context& context;
  const net::Request& request;
  const oauth::Client& client;
  const oauth::Grant& grant;
  const tokens::KeySet& keys;
  Instant now;

  /// What an attempt gives beside the refresh token; made before it is won, since keys may be busy.
  struct Minted {
    MintedAccessToken access_token;
    std::string id_token;
  };
  [[nodiscard]] Task<Minted> mint(oauth::Target target) const {
    AccessTokenFacts facts{
        .subject = grant.subject, .client = client, .target = std::move(target), .grant_id = grant.id};
    auto access_token = co_await mint_access_token(context, keys, std::move(facts), now);
    // OpenID Connect Core §12.2: without a nonce, with the time of the first sign-in.
    auto id_token =
        co_await mint_id_token(context, keys, client, grant, access_token.scope, {}, access_token.text.reveal(), now);
    co_return Minted{std::move(access_token), std::move(id_token)};
  }
  /// `generation` was reached at `rotated_at`, whose key makes its token: whoever asks again gets the same one.
  [[nodiscard]] oauth::TokenResponse answer(Minted minted, std::uint32_t generation, Instant rotated_at) const {
    const auto& key = keys.refresh_token_key_at(rotated_at);
    return {.access_token = std::move(minted.access_token.text),
            .expires_in = minted.access_token.expires_in,
            .refresh_token = oauth::make_refresh_token(grant.id, grant.salt, generation, key),
            .scope = std::move(minted.access_token.scope),
            .id_token = std::move(minted.id_token)};
  }
};

/// What a round came to; nothing where the race was lost.
using Round = std::optional<TokenResult>;

Task<Round> rotate(const Refresh& refresh, oauth::RotateRefreshToken decision) {
  auto minted = co_await refresh.mint(std::move(decision.target));
  const auto expires_at = refresh.now + refresh.context.settings().refresh_token_lifetime;
  const bool won = co_await refresh.context.storage.grants().rotate_refresh_token(
      refresh.grant.id, decision.from_generation, refresh.now, expires_at, minted.access_token.row);
  if (!won) co_return std::nullopt;
  refresh.context.log.debug("Refresh token rotated", {{"client", refresh.client.id.value()},
                                                      {"grant", format_id(refresh.grant.id.value)},
                                                      {"generation", std::to_string(decision.from_generation + 1)}});
  co_return TokenResult(refresh.answer(std::move(minted), decision.from_generation + 1, refresh.now));
}

Task<Round> replay(const Refresh& refresh, oauth::ReplaySuccessor decision) {
  const auto& grace = refresh.context.settings().refresh_grace;
  auto minted = co_await refresh.mint(std::move(decision.target));
  const bool allowed = co_await refresh.context.storage.grants().replay_successor(
      refresh.grant.id, decision.current_generation, refresh.now - grace.window, grace.most_uses,
      minted.access_token.row);
  if (!allowed) co_return std::nullopt;
  refresh.context.log.info("Refresh token repeated within its grace: the same successor given",
                           {{"client", refresh.client.id.value()},
                            {"grant", format_id(refresh.grant.id.value)},
                            {"generation", std::to_string(decision.current_generation)}});
  note_step(refresh.request, FlightOutcome::odd,
            "A refresh token came a second time within its grace: the same new one was given again. The assistant "
            "refreshes twice at once, or did not get the first answer.");
  co_return TokenResult(refresh.answer(std::move(minted), decision.current_generation, refresh.grant.rotated_at));
}

/// RFC 9700 §4.14.2: one of two holders of the token is not the client, and we cannot tell which.
Task<Round> refuse_stolen(const Refresh& refresh) {
  co_await refresh.context.storage.grants().revoke_grant(refresh.grant.id,
                                                         oauth::RevocationReason::refresh_token_stolen, refresh.now);
  refresh.context.log.warning("Old refresh token presented: its grant is revoked",
                              {{"client", refresh.client.id.value()}, {"grant", format_id(refresh.grant.id.value)}});
  co_return TokenResult(
      oauth::refuse(ErrorCode::invalid_grant,
                    "The refresh token was replaced before, so it may have been stolen. Its grant "
                    "is revoked; the user must sign in again.",
                    "A refresh token came that had been replaced before: somebody keeps an old one, or "
                    "it was stolen. The grant was ended."));
}

/// Every decision but an error.
Task<Round> carry_out(const Refresh& refresh, oauth::RefreshDecision decision) {
  if (auto* rotation = std::get_if<oauth::RotateRefreshToken>(&decision)) {
    co_return co_await rotate(refresh, std::move(*rotation));
  }
  if (auto* repetition = std::get_if<oauth::ReplaySuccessor>(&decision)) {
    co_return co_await replay(refresh, std::move(*repetition));
  }
  co_return co_await refuse_stolen(refresh);
}

}  // namespace

Task<TokenResult> exchange_refresh_token(const Context& context, const net::Request& request,
                                         const oauth::Client& client, const Form& form) {
  const auto text = form.get("refresh_token");
  if (!text || text->empty()) {
    co_return oauth::refuse(ErrorCode::invalid_request, "The parameter refresh_token is missing.");
  }
  const auto keys = co_await context.keys.current();
  for (int round = 0; round < kMostRounds; ++round) {
    const auto presented = co_await find_presented(context, *keys, *text);
    if (presented) {
      note_link(request, "grant", presented->grant.id.value);
      note_user(request, presented->grant.user_id);
    }
    const auto now = context.clock.now();
    auto decision = oauth::decide_refresh(presented ? presented->token : oauth::RefreshToken{},
                                          presented ? &presented->grant : nullptr, client, form,
                                          context.settings().resources, context.settings().refresh_grace, now);
    if (auto* error = std::get_if<oauth::OAuthError>(&decision)) co_return std::unexpected(std::move(*error));

    const Refresh refresh{context, request, client, presented->grant, *keys, now};
    auto outcome = co_await carry_out(refresh, std::move(decision));
    if (outcome) co_return std::move(*outcome);
  }
  throw Unavailable("A grant's refresh token was rotated by others in every round.");
}

}  // namespace chatelaine::provider::endpoints
