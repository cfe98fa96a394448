#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "accounts/accounts.hpp"
#include "net/response.hpp"
#include "oauth/authorize/consent.hpp"
#include "provider/context.hpp"
#include "provider/endpoints/authorize/checked_request.hpp"

namespace chatelaine::provider::endpoints {

/// The page that asks the user (web/templates/consent.mustache). Its form posts the decision together with the
/// request's query and a token that is bound to the session and to that query. `remembered`: what the user allowed
/// before, beside which the page says what is new.
[[nodiscard]] net::Response consent_page(const Context& context, const CheckedRequest& checked,
                                         const accounts::SignedIn& signed_in,
                                         const std::vector<oauth::Consent>& remembered);

/// What a page says of a consent wherever it is asked for: who asks, for what, where it counts, what it cannot do, and
/// who is signed in. `remembered`: what the user allowed it before at these resources. Both together is what it can do
/// from then on, since nobody is asked again about scopes that were allowed one after the other.
void set_consent(pages::Data& data, const Context& context, const oauth::Client& client, const oauth::AskedFor& asked,
                 const accounts::SignedIn& signed_in, const std::vector<oauth::Consent>& remembered);

/// What the form's token is bound to beside the session: this query's consent and no other.
[[nodiscard]] std::string consent_purpose(std::string_view query);

}  // namespace chatelaine::provider::endpoints
