#pragma once

#include <expected>
#include <string_view>

#include "accounts/context.hpp"
#include "base/form.hpp"

namespace chatelaine::accounts {

/// A form of a page that only its own person sees, and who sent it.
struct OwnForm {
  Form form;
  SignedIn signed_in;
};

/// The posted form, if it is of that purpose and bound to the session of who sends it; else what to answer: 303 to the
/// sign-in page, or a refusal. `context` and `request` outlive the task; `purpose` is a constant.
[[nodiscard]] Task<std::expected<OwnForm, net::Response>> read_own_form(const Context& context,
                                                                        const net::Request& request,
                                                                        std::string_view purpose);

}  // namespace chatelaine::accounts
