#pragma once

#include <optional>

#include "accounts/accounts.hpp"
#include "base/task.hpp"
#include "oauth/authorize/consent.hpp"
#include "provider/context.hpp"
#include "provider/endpoints/authorize/checked_request.hpp"

namespace chatelaine::provider::endpoints {

/// Whether the person has to be asked: what they allowed before must cover each of the request's resources, and who is
/// not signed in has allowed nothing. The arguments outlive the task.
[[nodiscard]] Task<oauth::ConsentDecision> find_consent_decision(const Context& context, const CheckedRequest& checked,
                                                                 const std::optional<accounts::SignedIn>& signed_in);

/// Remembers what the person has just allowed a client. The arguments outlive the task.
[[nodiscard]] Task<void> remember_consent(const Context& context, const oauth::ClientId& client_id,
                                          const oauth::AskedFor& asked, const accounts::SignedIn& signed_in);

}  // namespace chatelaine::provider::endpoints
