#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/form.hpp"
#include "base/time.hpp"

namespace chatelaine::accounts {

/// Which sign-in will do.
enum class SignInMode : std::uint8_t {
  once,            ///< any: whoever is signed in already does not see the page
  again,           ///< none of before: the person proves anew who they are
  choose_account,  ///< one that the person has chosen: a user source must not take whoever is signed in there
};

/// How the sign-in has to be that the sign-in page leads to (OpenID Connect Core §3.1.2.1: prompt and max_age).
struct SignInDemand {
  SignInMode mode = SignInMode::once;
  /// How long ago the person may have signed in at a user source; nothing: as long as a session may last.
  std::optional<seconds> max_age = std::nullopt;
};

/// The demand as the sign-in page's URL carries it: nothing, or `&again=yes`, `&choose=yes`, `&max_age=60`. Whoever
/// takes it out of the URL has signed in too long ago for the client that made it.
[[nodiscard]] std::string write_sign_in_demand(const SignInDemand& demand);
/// What is no demand is left out.
[[nodiscard]] SignInDemand read_sign_in_demand(const Form& query);

}  // namespace chatelaine::accounts
