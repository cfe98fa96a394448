#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/form.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/oauth_error.hpp"
#include "oauth/openid/id_token.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// Where a browser goes after sign-out, with the client's `state` as it came.
struct LogoutTarget {
  RedirectUri redirect_uri;
  std::optional<State> state;
};
/// A checked request to sign out (OpenID Connect RP-Initiated Logout §2).
struct LogoutRequest {
  /// Whom the client means; nothing where it brought no ID token.
  std::optional<Subject> subject;
  /// Nothing: a page of ours is the end.
  std::optional<LogoutTarget> target;
};

/// Which client a request speaks for: `client_id`, else the ID token's audience; nothing where it names none.
[[nodiscard]] std::optional<ClientId> find_logout_client(const Form& form, const std::optional<HintedIdentity>& hint);

/// `hint` is what `id_token_hint` turned out to be, nothing where it was not sent or not ours; `client` is null where
/// find_logout_client gave nothing or an unknown one. Refuses with invalid_request: a hint that is not ours (§4), one
/// that was given to another client than `client_id` names, and a `post_logout_redirect_uri` that is not, byte for
/// byte, one of a known client's (§3).
[[nodiscard]] Result<LogoutRequest> check_logout_request(const Form& form, const std::optional<HintedIdentity>& hint,
                                                         const Client* client);

/// The target's address with `state` behind its own query.
[[nodiscard]] std::string make_logout_location(const LogoutTarget& target);

enum class LogoutStep {
  /// Nobody is signed in, or the ID token proves that the client speaks of the person who is: no question.
  end_session,
  /// §2: without an ID token, or with another person's, whoever is signed in is asked first.
  confirm,
};
[[nodiscard]] LogoutStep decide_logout(const LogoutRequest& request, const std::optional<Subject>& present);

}  // namespace chatelaine::oauth
