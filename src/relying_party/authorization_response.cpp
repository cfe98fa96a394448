#include "relying_party/authorization_response.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "relying_party/provider_text.hpp"

namespace chatelaine::relying_party {
namespace {

using Kind = AuthorizationFailure::Kind;

constexpr std::size_t kLongestCode = 4096;

AuthorizationFailure describe_error(std::string_view error, std::string_view description) {
  const std::string why =
      description.empty() ? std::string() : fmt::format(" It says: \"{}\".", quote_provider_text(description));
  if (error == "access_denied") {
    return {Kind::denied, "You did not allow it at the plugin's sign-in, so nothing was connected." + why};
  }
  return {Kind::provider_error,
          fmt::format("The plugin's sign-in ended with the error \"{}\".{}", quote_provider_text(error, {}, 64), why)};
}

/// RFC 9207 §2.4: an `iss` that is there is compared byte for byte with the issuer, where one is known; an answer (an
/// error too) without it is refused where the metadata promised it. Another's may come from another server (mix-up).
bool is_from(const Form& response, const ExpectedIssuer& expected) {
  if (expected.issuer.empty()) return true;
  const auto iss = response.get("iss");
  return iss ? *iss == expected.issuer : expected.parameter == IssuerParameter::not_promised;
}

}  // namespace

std::expected<oauth::AuthorizationCodeSecret, AuthorizationFailure> judge_authorization_response(
    const Form& response, const ExpectedIssuer& expected) {
  if (!is_from(response, expected)) {
    return std::unexpected(AuthorizationFailure{
        Kind::wrong_issuer,
        "The answer did not come from the server that the sign-in began at (its \"iss\" is missing "
        "or another issuer's), so it was not used. Begin again."});
  }
  if (const auto error = response.get("error")) {
    return std::unexpected(describe_error(*error, response.get_or_empty("error_description")));
  }
  const std::string_view code = response.get_or_empty("code");
  if (code.empty()) {
    return std::unexpected(AuthorizationFailure{
        Kind::malformed, "The plugin's server sent neither a code nor an error back (RFC 6749 section 4.1.2)."});
  }
  // RFC 6749 appendix A.11: 1*VSCHAR.
  if (code.size() > kLongestCode || !std::ranges::all_of(code, [](char c) { return c >= 0x20 && c <= 0x7e; })) {
    return std::unexpected(AuthorizationFailure{
        Kind::malformed, "The plugin's server sent a code that is longer than 4096 bytes or not printable ASCII."});
  }
  return oauth::AuthorizationCodeSecret(code);
}

}  // namespace chatelaine::relying_party
