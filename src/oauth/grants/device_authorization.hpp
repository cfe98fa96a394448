#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/form.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "crypto/digest.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/flows.hpp"
#include "oauth/grants/device_code.hpp"
#include "oauth/oauth_error.hpp"

namespace chatelaine::oauth {

/// What a person types who lets a device in (RFC 8628 §6.1): eight letters of twenty, which are neither vowels nor Y,
/// so that no word comes about; 34 bits. That nobody guesses one while it lives is for the page to see to that takes it
/// (§5.1).
using UserCode = Secret<struct UserCodeTag>;

[[nodiscard]] UserCode make_user_code(Randomness& randomness);
/// `WDJB-MJHT`, as devices show it.
[[nodiscard]] std::string format_user_code(const UserCode& code);
/// What was typed or stood in an address: in any case, with whatever blanks and dashes. Nothing where a letter or digit
/// of it cannot be of a code, or there are not eight.
[[nodiscard]] std::optional<UserCode> parse_user_code(std::string_view typed);
/// As storage keeps it. No key takes part: who reads the database while a code lives could try 34 bits through, but
/// finds nothing to take. A user code lets its device into the account of whoever types it; tokens come of the device
/// code alone, whose secret has 192 bits.
[[nodiscard]] crypto::Sha256 hash_user_code(const UserCode& code);

/// What a device asks for.
struct DeviceAuthorizationRequest {
  Scope scope;
  std::vector<Resource> resources;  ///< identifiers
};
/// RFC 8628 §3.1: by a client that may use the grant; `scope` and `resource` as at the authorization endpoint. The
/// client has authenticated; without `flows.openid` there are no identity scopes.
[[nodiscard]] Result<DeviceAuthorizationRequest> check_device_authorization_request(const Form& form,
                                                                                    const Client& client,
                                                                                    const ProtectedResources& resources,
                                                                                    const Flows& flows);

/// What a device is told (RFC 8628 §3.2).
struct DeviceAuthorizationResponse {
  DeviceCodeSecret device_code;
  UserCode user_code;
  /// The absolute URL of the page that takes user codes.
  std::string verification_uri;
  seconds expires_in;
};
/// `{"device_code","user_code","verification_uri","verification_uri_complete","expires_in","interval"}`.
[[nodiscard]] std::string to_json(const DeviceAuthorizationResponse& response);

}  // namespace chatelaine::oauth
