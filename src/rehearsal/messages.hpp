#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "inspection/outside.hpp"
#include "rehearsal/part.hpp"
#include "relying_party/token_exchange.hpp"

/// What the assistant sends, parameter for parameter in its own order, as its profile has it. Pure.
namespace chatelaine::rehearsal {

/// What is made anew for each sign-in.
struct OneTime {
  std::optional<std::string> state;
  /// Only for an assistant that can do PKCE.
  std::optional<relying_party::CodeVerifier> verifier;
};
[[nodiscard]] OneTime draw_one_time(const oauth::AssistantProfile& profile, const UsedRedirect& redirect,
                                    Randomness& randomness);

/// Everything that its requests are made of.
struct Speech {
  const oauth::AssistantProfile& profile;
  const Server& server;
  const Client& client;
  /// Of a client that proves itself by a key: made for one request (RFC 7523 §3).
  std::string client_assertion = {};
};

/// The URL that a browser is sent to.
[[nodiscard]] std::string make_authorization_url(const Speech& speech, const UsedRedirect& redirect,
                                                 std::string_view scope, const OneTime& one_time);

/// How the token request's body is written: what the manifest says, where the assistant can; else its usual way.
[[nodiscard]] oauth::TokenRequestEncoding choose_encoding(const Speech& speech);

[[nodiscard]] inspection::Question make_code_question(const Speech& speech, const UsedRedirect& redirect,
                                                      const OneTime& one_time, std::string_view code);
/// Where its parameters are not known: grant_type, refresh_token, the credentials, and `resource` where it sends that
/// with a code.
[[nodiscard]] inspection::Question make_refresh_question(const Speech& speech, std::string_view refresh_token);
/// Where they are not known: token, token_type_hint and the credentials (RFC 7009 §2.1).
[[nodiscard]] inspection::Question make_revocation_question(const Speech& speech, std::string url,
                                                            std::string_view refresh_token);

/// RFC 7591 §3.1: what it sends to register itself; where that is not known, what its profile has otherwise, and
/// `method` of `choose_registered_method`. `key`: whose public half is sent with private_key_jwt; else null.
[[nodiscard]] inspection::Question make_registration_question(const oauth::AssistantProfile& profile, std::string url,
                                                              oauth::AuthenticationMethod method,
                                                              const crypto::SigningKey* key);

/// A call of the API with the token.
[[nodiscard]] inspection::Question make_call(const oauth::AssistantProfile& profile, std::string url,
                                             std::string_view access_token);

/// How long it waits for the token endpoint; nothing where that is not known.
[[nodiscard]] std::optional<milliseconds> patience_of(const oauth::AssistantProfile& profile);
[[nodiscard]] std::optional<milliseconds> refresh_patience_of(const oauth::AssistantProfile& profile);

}  // namespace chatelaine::rehearsal
