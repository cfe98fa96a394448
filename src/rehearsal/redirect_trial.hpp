#pragma once

#include <string>
#include <vector>

#include "base/random.hpp"
#include "inspection/outside.hpp"
#include "rehearsal/messages.hpp"
#include "rehearsal/part.hpp"

namespace chatelaine::rehearsal {

/// What is asked with each redirect URI besides the one of the sign-in.
struct RedirectTrial {
  Speech speech;
  const std::vector<UsedRedirect>& all;
  const UsedRedirect& of_sign_in;
  std::string scope;
};

/// Whether the authorization endpoint takes every redirect URI that the same client uses besides the one of the
/// sign-in; nothing where there is none. What `trial` refers to outlives the await.
[[nodiscard]] Task<Remarks> try_other_redirects(inspection::Outside& outside, Randomness& randomness,
                                                const RedirectTrial& trial);

}  // namespace chatelaine::rehearsal
