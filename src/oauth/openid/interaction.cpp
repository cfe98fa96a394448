#include "oauth/openid/interaction.hpp"

#include <utility>

namespace chatelaine::oauth {
namespace {

/// Whether the sign-in is one that this request led to.
bool is_fresh(const InteractionFacts& facts) {
  return facts.asked_at && facts.present->authenticated_at >= *facts.asked_at;
}

/// Also of a sign-in that this request led to, if the person then took too long.
bool is_too_old(const AuthenticationRequest& request, const InteractionFacts& facts, Instant now) {
  return request.max_age && *request.max_age > seconds(0) && now - facts.present->authenticated_at > *request.max_age;
}

/// Without regard to what `prompt=none` forbids.
Interaction find_interaction(const AuthenticationRequest& request, const InteractionFacts& facts, Instant now) {
  if (!facts.present) return Interaction::sign_in;
  const bool is_somebody_else = facts.expected && *facts.expected != facts.present->subject;
  const bool was_asked_for = is_fresh(facts);
  // The page where one chooses offers another sign-in as well, so it goes first.
  if (request.asks_for(Prompt::select_account) && !facts.asked_at) return Interaction::choose_account;
  if (is_too_old(request, facts, now)) return Interaction::sign_in_again;
  if (!was_asked_for && (wants_fresh_sign_in(request) || is_somebody_else)) return Interaction::sign_in_again;
  if (request.asks_for(Prompt::consent) || facts.consent == ConsentDecision::ask) return Interaction::consent;
  return Interaction::none;
}

std::unexpected<OAuthError> refuse_to_ask(Interaction interaction) {
  switch (interaction) {
    case Interaction::sign_in:
      return refuse(ErrorCode::login_required, "Nobody is signed in at this browser, and prompt=none forbids to ask.");
    case Interaction::sign_in_again:
      return refuse(ErrorCode::login_required, "The person must sign in again, and prompt=none forbids to ask.");
    case Interaction::consent:
      return refuse(ErrorCode::consent_required, "The person must be asked to allow this, which prompt=none forbids.");
    case Interaction::choose_account:
    case Interaction::none:
      break;
  }
  return refuse(ErrorCode::interaction_required, "The person must be asked something, which prompt=none forbids.");
}

}  // namespace

bool wants_fresh_sign_in(const AuthenticationRequest& request) {
  return request.asks_for(Prompt::login) || request.max_age == seconds(0);
}

Result<Interaction> decide_interaction(const AuthenticationRequest& request, const InteractionFacts& facts,
                                       Instant now) {
  // §3.1.2.2: whoever has just signed in for this request is another person than the one who is expected.
  if (facts.expected && facts.present && is_fresh(facts) && *facts.expected != facts.present->subject) {
    return refuse(ErrorCode::login_required, "Another person signed in than the one whom id_token_hint names.");
  }
  const auto interaction = find_interaction(request, facts, now);
  if (request.asks_for(Prompt::none) && interaction != Interaction::none) return refuse_to_ask(interaction);
  return interaction;
}

}  // namespace chatelaine::oauth
