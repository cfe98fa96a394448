#include "oauth/pkce.hpp"

#include <algorithm>

#include "base/base64url.hpp"
#include "base/secret.hpp"
#include "crypto/digest.hpp"

namespace chatelaine::oauth {
namespace {

/// RFC 7636 §4.1: 43 to 128 unreserved characters.
bool is_code_verifier(std::string_view text) {
  const auto is_unreserved = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
  };
  return text.size() >= 43 && text.size() <= 128 && std::ranges::all_of(text, is_unreserved);
}

// RFC 6749 §3.1: a parameter without a value counts as omitted.
bool is_absent(std::optional<std::string_view> parameter) { return !parameter || parameter->empty(); }

}  // namespace

Result<std::optional<CodeChallenge>> parse_code_challenge(std::optional<std::string_view> challenge,
                                                          std::optional<std::string_view> method) {
  if (is_absent(challenge)) {
    if (is_absent(method)) return std::nullopt;
    return refuse(ErrorCode::invalid_request, "code_challenge_method was sent without code_challenge.");
  }
  // DEVIATION RFC 7636 §4.3: no method would mean plain, which protects nobody (RFC 9700 §2.1.1).
  if (is_absent(method))
    return refuse(ErrorCode::invalid_request, "code_challenge_method is missing: send code_challenge_method=S256.");
  // RFC 7636 §7.2: plain is for nobody, since every client can do S256.
  if (*method != "S256") return refuse(ErrorCode::invalid_request, "code_challenge_method must be S256.");
  const auto digest = base64url_decode(*challenge);
  if (!digest || digest->size() != 32) {
    return refuse(ErrorCode::invalid_request,
                  "code_challenge must be the SHA-256 digest of the code_verifier in base64url: 43 characters, no =.");
  }
  return CodeChallenge{std::string(*challenge)};
}

Result<void> check_code_verifier(const std::optional<CodeChallenge>& challenge,
                                 std::optional<std::string_view> verifier) {
  if (!challenge) {
    if (is_absent(verifier)) return {};
    // RFC 9700 §4.8.2: else an attacker could strip the challenge from the authorization request.
    return refuse(ErrorCode::invalid_grant,
                  "A code_verifier was sent, but the authorization request carried no code_challenge.");
  }
  if (is_absent(verifier)) {
    return refuse(ErrorCode::invalid_grant,
                  "The code_verifier is missing: the authorization request carried a code_challenge.");
  }
  if (!is_code_verifier(*verifier)) {
    return refuse(ErrorCode::invalid_grant,
                  "The code_verifier must be 43 to 128 letters, digits, hyphens, dots, underscores or tildes.");
  }
  if (!equal_in_constant_time(derive_code_challenge(*verifier).value, challenge->value))
    return refuse(ErrorCode::invalid_grant, "The code_verifier does not belong to the code_challenge.");
  return {};
}

CodeChallenge derive_code_challenge(std::string_view verifier) {
  return {base64url_encode(crypto::sha256(verifier).view())};
}

}  // namespace chatelaine::oauth
