#pragma once

#include <string>
#include <string_view>

#include "accounts/accounts.hpp"
#include "net/response.hpp"
#include "provider/context.hpp"
#include "provider/endpoints/device_code/typed_code.hpp"

namespace chatelaine::provider::endpoints {

/// What the form that takes a user code is for (pages::Csrf).
inline constexpr std::string_view kUserCodePurpose = "user code";
/// What the form that asks for consent is for: this code's consent and no other.
[[nodiscard]] std::string device_consent_purpose(const oauth::UserCode& user_code);

/// Where a person types a user code, as a path on our origin: with `typed` filled in, where that is one.
[[nodiscard]] std::string user_code_path(const Context& context, std::string_view typed);

/// The page that takes a user code (web/templates/device_code.mustache); `filled_in` is the one that the address
/// brought, or empty. It says that a code is for the device in front of the person alone (RFC 8628 §5.4).
[[nodiscard]] net::Response user_code_page(const Context& context, const accounts::SignedIn& signed_in,
                                           const std::string& filled_in);
/// The same page once more, 422: `typed` leads to nothing, whatever the reason.
[[nodiscard]] net::Response refuse_user_code(const Context& context, const accounts::SignedIn& signed_in,
                                             const std::string& typed);
/// The page that asks the person (web/templates/consent.mustache), with the user code to compare (RFC 8628 §3.3.1).
/// `remembered`: what they allowed the client before.
[[nodiscard]] net::Response device_consent_page(const Context& context, const TypedCode& typed,
                                                const oauth::UserCode& user_code, const accounts::SignedIn& signed_in,
                                                const std::vector<oauth::Consent>& remembered);

}  // namespace chatelaine::provider::endpoints
