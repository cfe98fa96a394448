#pragma once

#include <cstdint>
#include <optional>

#include "base/time.hpp"
#include "oauth/authorize/consent.hpp"
#include "oauth/oauth_error.hpp"
#include "oauth/openid/authentication_request.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// What stands between an authorization request and its answer.
enum class Interaction : std::uint8_t {
  sign_in,         ///< nobody is signed in
  sign_in_again,   ///< somebody is, but not lately enough, or somebody else is expected
  choose_account,  ///< the person says as whom to go on
  consent,
  none,
};

/// Who is at the browser, and what they were asked for this very request.
struct Presence {
  Subject subject;
  Instant authenticated_at;
};
struct InteractionFacts {
  /// Nothing where nobody is signed in.
  std::optional<Presence> present;
  /// Whom the request's id_token_hint names.
  std::optional<Subject> expected;
  ConsentDecision consent = ConsentDecision::ask;
  /// When a page of ours first asked the person for something that this request demands: a sign-in since then, and the
  /// choice of an account, count for it.
  std::optional<Instant> asked_at;
};

/// Whether no sign-in of before the request will do; max_age=0 is prompt=login (§3.1.2.1).
[[nodiscard]] bool wants_fresh_sign_in(const AuthenticationRequest& request);

/// OpenID Connect Core §3.1.2.3, §3.1.2.4, §3.1.2.6: what to ask the person next, or, where `prompt=none` forbids to
/// ask or the wrong person has signed in, the error for the client.
[[nodiscard]] Result<Interaction> decide_interaction(const AuthenticationRequest& request,
                                                     const InteractionFacts& facts, Instant now);

}  // namespace chatelaine::oauth
