#pragma once

#include <cstdint>
#include <string>

namespace chatelaine::user_sources {

/// Why somebody who has signed in at a source does not come in here.
struct Refusal {
  enum class Kind : std::uint8_t {
    not_admitted,  ///< the operator lets others in
    no_email,      ///< an account needs an address, and the source told none, or none that counts
    email_taken,   ///< an account has the address already, and is somebody's
    no_account,    ///< there is none, and none is made
    account_disabled,
    unusable_subject,  ///< what the API would know the person by is missing, taken or unfit
  };
  Kind kind;
  /// For the log. Says what of whom, not who.
  std::string detail;
};

}  // namespace chatelaine::user_sources
