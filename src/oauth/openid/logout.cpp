#include "oauth/openid/logout.hpp"

#include <algorithm>

#include "base/uri.hpp"

namespace chatelaine::oauth {

std::optional<ClientId> find_logout_client(const Form& form, const std::optional<HintedIdentity>& hint) {
  const auto named = form.get_or_empty("client_id");
  if (!named.empty()) return ClientId(std::string(named));
  if (hint) return hint->client_id;
  return std::nullopt;
}

Result<LogoutRequest> check_logout_request(const Form& form, const std::optional<HintedIdentity>& hint,
                                           const Client* client) {
  // RP-Initiated Logout §4: nothing is done for a request with a fault in it.
  if (!form.get_or_empty("id_token_hint").empty() && !hint)
    return refuse(ErrorCode::invalid_request, "The id_token_hint is not an ID token of this server.");
  const auto named = form.get_or_empty("client_id");
  if (hint && !named.empty() && named != hint->client_id.value())
    return refuse(ErrorCode::invalid_request, "The id_token_hint was given to another client than client_id names.");

  LogoutRequest request;
  if (hint) request.subject = hint->subject;
  const auto uri = form.get_or_empty("post_logout_redirect_uri");
  if (uri.empty()) return request;
  if (client == nullptr) {
    return refuse(ErrorCode::invalid_request,
                  "A post_logout_redirect_uri needs an id_token_hint, or the client_id of a registered client.");
  }
  // RP-Initiated Logout §3: a browser is sent to a registered address alone.
  const auto registered = std::ranges::find(client->post_logout_redirect_uris, uri,
                                            [](const RedirectUri& one) { return std::string_view(one.value()); });
  if (registered == client->post_logout_redirect_uris.end()) {
    return refuse(ErrorCode::invalid_request,
                  "The post_logout_redirect_uri is not registered for this client: register it as it is, byte for "
                  "byte.");
  }
  request.target = LogoutTarget{*registered, std::nullopt};
  if (const auto state = form.get("state")) request.target->state = State(std::string(*state));
  return request;
}

std::string make_logout_location(const LogoutTarget& target) {
  if (!target.state) return target.redirect_uri.value();
  Form answer;
  answer.add("state", target.state->value());
  return append_query(target.redirect_uri.value(), encode_form(answer));
}

// DEVIATION RP-Initiated Logout §2: where the hint is the ID token of the person who is signed in, she is not asked: as
// a rule she has just pressed the client's button, and all that an old token does in other hands is to sign her out.
LogoutStep decide_logout(const LogoutRequest& request, const std::optional<Subject>& present) {
  if (!present || request.subject == present) return LogoutStep::end_session;
  return LogoutStep::confirm;
}

}  // namespace chatelaine::oauth
