#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "base/form.hpp"
#include "base/time.hpp"
#include "crypto/digest.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/oauth_error.hpp"
#include "oauth/resource.hpp"

namespace chatelaine::oauth {

using DeviceCodeId = Id<struct DeviceCodeTag>;
using DeviceCodeSecret = Secret<struct DeviceCodeTag>;

/// What the person has said who was shown what the device asks for.
struct DeviceUnanswered {};
struct DeviceAllowed {
  UserId user_id;
  Subject subject;
  Instant authenticated_at;  ///< when the user signed in
};
struct DeviceDenied {};
using DeviceAnswer = std::variant<DeviceUnanswered, DeviceAllowed, DeviceDenied>;

/// RFC 8628 §3.2, §3.5: so long a device waits between two polls, and so much longer after each that came too early.
inline constexpr seconds kPollInterval{5};
inline constexpr seconds kSlowDown{5};

/// A device code (RFC 8628 §3.2) with its user code, as storage keeps it: until it is redeemed, or has been expired
/// for kExpiredDeviceCodeIsKept.
struct DeviceCode {
  DeviceCodeId id;
  crypto::Sha256 secret_hash;
  /// See hash_user_code; no two codes that are kept have the same.
  crypto::Sha256 user_code_hash;
  ClientId client_id;
  Scope scope;
  std::vector<Resource> resources;  ///< identifiers
  Instant expires_at;
  /// How long after a poll the next may come.
  seconds interval = kPollInterval;
  /// When the device asked last.
  std::optional<Instant> polled_at;
  DeviceAnswer answer;
};

/// So long an expired code is told from one that never was (RFC 8628 §3.5: expired_token): more than devices wait that
/// were told to slow down a few times.
inline constexpr milliseconds kExpiredDeviceCodeIsKept{std::chrono::minutes{10}};

/// The user has allowed it: still to be won in storage.
struct RedeemDeviceCode {
  DeviceAllowed allowed;
  /// Of the grant: what the user allowed and the client may still have.
  Scope scope;
  /// Of the first access token: as much of the grant as the request asks for.
  Target target;
};
/// The user has not answered yet: what the device is told depends on when it asked last (describe_poll).
struct PollDeviceCode {};
using DeviceCodeDecision = std::variant<RedeemDeviceCode, PollDeviceCode, OAuthError>;

/// RFC 8628 §3.5: what a device gets that polls. The client has authenticated and may use the grant type
/// (check_grant_type). RFC 8707 §2.2: `resource` may narrow the access token. `code` is null where the handle was
/// unknown or its secret wrong. That the user is still enabled is for storage to see to when the code is redeemed.
[[nodiscard]] DeviceCodeDecision decide_device_code(const DeviceCode* code, const Client& client, const Form& request,
                                                    const ProtectedResources& resources, Instant now);

/// Whether a poll keeps the interval.
enum class DevicePoll : std::uint8_t { in_time, too_early };
[[nodiscard]] DevicePoll judge_poll(const DeviceCode& code, Instant now);
/// authorization_pending or slow_down.
[[nodiscard]] OAuthError describe_poll(DevicePoll poll);

/// Whether the person who typed a user code may be asked: storage found its code, nobody has answered it, it has not
/// expired, and its client may still use the grant. `found` and `client` are null where there is none.
[[nodiscard]] bool awaits_answer(const DeviceCode* found, const Client* client, Instant now);
/// What the person is asked for: the device's scope, as far as its client may still have it.
[[nodiscard]] Scope requested_scope(const DeviceCode& code, const Client& client);

}  // namespace chatelaine::oauth
