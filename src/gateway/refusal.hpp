#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "gateway/settings.hpp"
#include "net/request.hpp"
#include "net/response.hpp"
#include "net/upstream.hpp"
#include "oauth/scope.hpp"

/// The gateway's own answers: JSON with `error` and `error_description`, 401 and 403 with a challenge (RFC 6750 §3)
/// that names the API's metadata (RFC 9728 §5.1), readable by scripts of any origin.
namespace chatelaine::gateway {

/// 400: the path could be read in two ways (THREATS N05).
[[nodiscard]] net::Response refuse_ambiguous_path();
/// 405: TRACE (RFC 9110 §9.3.8).
[[nodiscard]] net::Response refuse_trace();
/// 401 for a request without a token: a challenge without an error code (RFC 6750 §3.1).
[[nodiscard]] net::Response ask_for_token(const Realm& realm);
/// 400 invalid_request: the Authorization header cannot be read.
[[nodiscard]] net::Response refuse_authorization(const Realm& realm, std::string_view description);
/// 401 invalid_token: expired, revoked, forged or another API's; which of these, the client is not told.
[[nodiscard]] net::Response refuse_token(const Realm& realm);
/// 403 insufficient_scope, for a token that only says who its user is (oauth::identity_scope), or whose scope means
/// something at other resources alone.
[[nodiscard]] net::Response refuse_identity(const Realm& realm);
/// 403 insufficient_scope, with all the scopes that the operation asks for.
[[nodiscard]] net::Response refuse_scope(const Realm& realm, const oauth::Scope& needed);
/// 401 insufficient_user_authentication (RFC 9470 §3): its user's sign-in is older than such a call allows.
[[nodiscard]] net::Response ask_for_sign_in(const Realm& realm, std::chrono::seconds max_age);
/// 403 confirmation_required, with the page where its user decides, also as `confirmation_uri`.
[[nodiscard]] net::Response ask_for_approval(std::string_view page);
/// The same, where so many questions wait that no further one is kept.
[[nodiscard]] net::Response refuse_more_questions(std::string_view page);
/// 403 access_denied: its user was asked about this call and said no.
[[nodiscard]] net::Response refuse_denied();
/// 413, 408 or 400: the body of a call that is to be confirmed could not be read.
[[nodiscard]] net::Response refuse_confirmed_body(net::BodyError error, std::size_t largest);
/// 413: there is more in a call that is to be confirmed than its user could be shown.
[[nodiscard]] net::Response refuse_unshowable(std::size_t most);
/// 403 insufficient_scope: the operation came after its user allowed its scope, who must be asked again.
[[nodiscard]] net::Response refuse_unseen(const Realm& realm, const oauth::Scope& needed);
/// 404: `[api] unlisted = "deny"`, and the API's description lacks this operation.
[[nodiscard]] net::Response refuse_unlisted(std::string_view method, std::string_view path);
/// 403 access_denied: described, but closed until the operator says which scope opens it.
[[nodiscard]] net::Response refuse_closed(std::string_view method, std::string_view path);
/// 429: more calls than a limit allows (gateway/call_limits.hpp adds how long to wait).
[[nodiscard]] net::Response refuse_too_often(std::string_view description);
/// 404: there is no API behind this gateway.
[[nodiscard]] net::Response refuse_without_upstream();
/// 404: `[api] check` is off.
[[nodiscard]] net::Response refuse_switched_off();
/// 403: whoever asks about calls (`/oauth/check`) must be a proxy that `trusted_proxies` names.
[[nodiscard]] net::Response refuse_stranger(std::string_view peer_address);
/// 403: what a proxy asks is not one call, spelled in one way.
[[nodiscard]] net::Response refuse_question(std::string_view description);
/// 502 or 504 (400 or 408 where the client's own body broke off, or was too slow).
[[nodiscard]] net::Response report_upstream_error(net::UpstreamError error);

}  // namespace chatelaine::gateway
