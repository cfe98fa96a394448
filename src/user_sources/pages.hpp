#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "user_sources/context.hpp"
#include "user_sources/refusal.hpp"

/// The pages on which a sign-in at a source ends where it does not succeed. They say nothing of what the log says.
namespace chatelaine::user_sources {

/// What went wrong, as far as it matters to the person.
enum class Failure : std::uint8_t {
  out_of_reach,       ///< the source gives no answer that can be used
  misconfigured,      ///< the source and this server do not fit together
  denied,             ///< the source or the person said no
  not_believed,       ///< what came back proves nothing
  not_signed_in_anew  ///< the source did not ask the person to sign in again
};

/// Where the page's link leads by way of the sign-in, and what that sign-in must be.
struct WayOn {
  std::string_view return_to;
  accounts::SignInDemand demand;
};

[[nodiscard]] net::Response say_no_such_source(const Context& context);
/// One page for every way in which what came back is not this browser's own.
[[nodiscard]] net::Response say_not_begun_here(const Context& context, const UserSource& source);
[[nodiscard]] net::Response say_failed(const Context& context, const UserSource& source, Failure failure,
                                       const WayOn& way_on);
/// Leads to a sign-in as somebody else, since the same person would come back to the same page.
[[nodiscard]] net::Response say_refused(const Context& context, const UserSource& source, Refusal::Kind kind,
                                        std::string_view return_to);

}  // namespace chatelaine::user_sources
