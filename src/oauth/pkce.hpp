#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "oauth/oauth_error.hpp"

namespace chatelaine::oauth {

/// An S256 code challenge (RFC 7636 §4.2): 43 base64url characters.
struct CodeChallenge {
  std::string value;
  friend bool operator==(const CodeChallenge&, const CodeChallenge&) = default;
};

/// Reads `code_challenge` and `code_challenge_method` (RFC 7636 §4.3): both absent is nothing; a method other than S256
/// (or absent, which would mean plain), a challenge of another shape, or a method alone is invalid_request.
[[nodiscard]] Result<std::optional<CodeChallenge>> parse_code_challenge(std::optional<std::string_view> challenge,
                                                                        std::optional<std::string_view> method);

/// RFC 7636 §4.6, and RFC 9700 §2.1.1: a missing or wrong verifier is invalid_grant, and so is a verifier where no
/// challenge was sent.
[[nodiscard]] Result<void> check_code_verifier(const std::optional<CodeChallenge>& challenge,
                                               std::optional<std::string_view> verifier);

/// BASE64URL(SHA256(verifier)), as a client computes it.
[[nodiscard]] CodeChallenge derive_code_challenge(std::string_view verifier);

}  // namespace chatelaine::oauth
