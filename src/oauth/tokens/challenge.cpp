#include "oauth/tokens/challenge.hpp"

namespace chatelaine::oauth {
namespace {

/// A quoted-string (RFC 9110 §5.6.4); what it cannot hold becomes a question mark.
std::string quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c >= ' ' && c <= '~' ? c : '?';
  }
  return out + '"';
}

}  // namespace

std::string make_bearer_challenge(std::string_view realm, const std::optional<OAuthError>& error,
                                  const ChallengeHints& hints) {
  std::string challenge = "Bearer realm=" + quote(realm);
  if (error) {
    challenge += ", error=" + quote(to_string(error->code));
    if (!error->description.empty()) challenge += ", error_description=" + quote(error->description);
  }
  // RFC 9470 §3: what to ask the authorization server for.
  if (hints.max_age) challenge += ", max_age=" + quote(std::to_string(hints.max_age->count()));
  if (!hints.scope.empty()) challenge += ", scope=" + quote(hints.scope.to_string());
  // RFC 9728 §5.1: where to read which authorization server gives tokens for this.
  if (!hints.resource_metadata.empty()) challenge += ", resource_metadata=" + quote(hints.resource_metadata);
  return challenge;
}

}  // namespace chatelaine::oauth
