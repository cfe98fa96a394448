#include "oauth/grants/authorization_code.hpp"

#include <fmt/format.h>

#include <utility>

#include "oauth/authorize/redirect_difference.hpp"
#include "oauth/grants/remaining_scope.hpp"
#include "oauth/shown_parameters.hpp"

namespace chatelaine::oauth {
namespace {

// DEVIATION RFC 6749 §4.1.3: a client of which an operator has said so may leave out the redirect_uri that its
// authorization request named, as draft-ietf-oauth-v2-1-13 §10.2 lets every client do. There PKCE takes its place; here
// it does not, and so the client proves itself and has one redirect URI, as OpenID Connect Core §3.1.3.2 would have it,
// which is still the one that the code went to.
bool may_be_left_out(const AuthorizationCode& code, const Client& client) {
  return client.may_leave_out_redirect_uri() && client.redirect_uris.front() == code.redirect_uri;
}

/// RFC 6749 §4.1.3: the redirect_uri of the authorization request, repeated where that named one.
Result<void> check_same_redirect_uri(const AuthorizationCode& code, const Client& client, const Form& request) {
  const std::string_view sent = request.get_or_empty("redirect_uri");
  if (sent.empty()) {
    if (!code.redirect_uri_was_sent || may_be_left_out(code, client)) return {};
    return refuse(ErrorCode::invalid_grant,
                  "The redirect_uri is missing: repeat the one that the authorization request carried.");
  }
  if (sent != code.redirect_uri.value()) {
    const std::string difference = explain_redirect_difference(sent, code.redirect_uri.value());
    return refuse(
        ErrorCode::invalid_grant, "The redirect_uri is another than the one that the code was issued for.",
        fmt::format("The exchange came with redirect_uri {}, but the code was issued for {}.{}{}",
                    show_parameter("redirect_uri", sent), show_parameter("redirect_uri", code.redirect_uri.value()),
                    difference.empty() ? "" : " ", difference));
  }
  return {};
}

}  // namespace

CodeDecision decide_authorization_code(const AuthorizationCode* code, const Client& client, const Form& request,
                                       const ProtectedResources& resources, Instant now) {
  const auto refused = [](std::string_view sentence, std::string detail) -> CodeDecision {
    return refuse(ErrorCode::invalid_grant, std::string(sentence), std::move(detail)).error();
  };
  // One sentence for all of these: a stranger who guesses codes learns nothing of them.
  constexpr std::string_view kUnknown = "The code is unknown, expired, or was issued to another client.";

  if (request.get_or_empty("code").empty())
    return refuse(ErrorCode::invalid_request, "The parameter code is missing.").error();
  if (code == nullptr)
    return refused(kUnknown,
                   "The code is none of this server's, or its user has disconnected this client or was disabled since, "
                   "or it is so old that nothing is known of it any more.");
  if (code->client_id != client.id)
    return refused(kUnknown, "The code was issued to the client " + code->client_id.value() + ".");
  if (code->grant_id) return RevokeReplayed{*code->grant_id};
  if (code->expires_at <= now) {
    const auto late = std::chrono::ceil<seconds>(now - code->expires_at).count();
    return refused(
        kUnknown, fmt::format("The exchange came {} second{} after the code had expired.", late, late == 1 ? "" : "s"));
  }
  if (const auto same = check_same_redirect_uri(*code, client, request); !same) return same.error();
  if (const auto proven = check_code_verifier(code->code_challenge, request.get("code_verifier")); !proven)
    return proven.error();
  auto scope = find_remaining_scope(code->scope, client);
  if (!scope) return std::move(scope.error());
  auto target = narrow_target(request, *scope, code->resources, resources);
  if (!target) return std::move(target.error());
  return RedeemCode{std::move(*scope), std::move(*target)};
}

}  // namespace chatelaine::oauth
