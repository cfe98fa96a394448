#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/id.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "crypto/digest.hpp"

namespace chatelaine::storage {

using SignInAttemptId = Id<struct SignInAttemptTag>;

/// A sign-in at a user source that has begun and not come back.
struct SignInAttempt {
  SignInAttemptId id;
  /// SHA-256 of the secret in the `state` that went out, and of the cookie that binds it to the browser.
  crypto::Sha256 state_hash;
  crypto::Sha256 browser_hash;
  std::string source;
  /// Where the person goes on, a path of ours.
  std::string return_to;
  /// Who began it, as a digest of where they are; nothing where that says nothing.
  std::optional<crypto::Sha256> subscriber;
  /// Whether the source was told that no sign-in of before would do.
  bool is_again = false;
  /// How long before `began_at` the person may have signed in there; nothing: as long as a session may last.
  std::optional<seconds> max_age;
  Instant began_at;
  Instant expires_at;
};

class SignInAttempts {
 public:
  virtual ~SignInAttempts() = default;

  /// Keeps the attempt. Strangers begin them: of more than `most` the oldest goes of the subscriber who has most, so
  /// that who begins many keeps nobody else from coming back.
  virtual Task<void> add_sign_in_attempt(const SignInAttempt& attempt, std::uint32_t most) = 0;
  /// Takes the attempt out, if it is of that state and that browser: the second call finds nothing (single use), and
  /// whoever guesses an id, or comes with another's state, takes nothing away.
  virtual Task<std::optional<SignInAttempt>> take_sign_in_attempt(SignInAttemptId id, crypto::Sha256 state_hash,
                                                                  crypto::Sha256 browser_hash) = 0;
};

}  // namespace chatelaine::storage
