#pragma once

#include <cstdint>
#include <optional>

#include "base/task.hpp"
#include "oauth/grants/device_code.hpp"
#include "oauth/grants/grant.hpp"
#include "oauth/tokens/access_token.hpp"
#include "storage/sessions.hpp"

namespace chatelaine::storage {

enum class AddDeviceCodeOutcome : std::uint8_t {
  added,
  /// Another code that is kept has the same user code.
  user_code_taken,
  /// The client is gone, or has as many as it may.
  refused,
};

class DeviceCodes {
 public:
  virtual ~DeviceCodes() = default;
  /// Keeps it unless its client has `most` of them already that have not expired at `now`, if there is such a bound.
  virtual Task<AddDeviceCodeOutcome> add_device_code(const oauth::DeviceCode& code, std::optional<std::uint32_t> most,
                                                     Instant now) = 0;
  /// Nothing where it is unknown or redeemed, its client or the user who allowed it is gone, or what that user allowed
  /// was taken back (password, sign-in or consent ended). Also finds a code that has expired.
  virtual Task<std::optional<oauth::DeviceCode>> find_device_code(oauth::DeviceCodeId id) = 0;
  /// The same by what its user types.
  virtual Task<std::optional<oauth::DeviceCode>> find_device_code_by_user_code(crypto::Sha256 user_code_hash) = 0;
  /// `session_id`: where the user allowed it. True for the first answer alone, of a user who is signed in there and
  /// enabled, to a code that has not expired at `now`.
  virtual Task<bool> allow_device_code(oauth::DeviceCodeId id, const oauth::DeviceAllowed& allowed,
                                       SessionId session_id, Instant now) = 0;
  /// The same for a denial.
  virtual Task<bool> deny_device_code(oauth::DeviceCodeId id, SessionId session_id, Instant now) = 0;
  /// Notes that the device asked at `now`; where that was too early (oauth::judge_poll) its interval grows by
  /// oauth::kSlowDown.
  virtual Task<oauth::DevicePoll> poll_device_code(oauth::DeviceCodeId id, Instant now) = 0;
  /// Spends a code that `grant`'s user has allowed for `grant`, and keeps `access_token` where access tokens are
  /// opaque: all or nothing, true for one caller alone. False also where the user is disabled.
  virtual Task<bool> redeem_device_code(oauth::DeviceCodeId id, const oauth::Grant& grant,
                                        const std::optional<oauth::OpaqueAccessToken>& access_token) = 0;
};

}  // namespace chatelaine::storage
