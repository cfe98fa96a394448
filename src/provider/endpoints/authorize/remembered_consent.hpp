#pragma once

#include <optional>
#include <vector>

#include "accounts/accounts.hpp"
#include "base/task.hpp"
#include "oauth/authorize/consent.hpp"
#include "provider/context.hpp"
#include "provider/endpoints/authorize/checked_request.hpp"

namespace chatelaine::provider::endpoints {

/// What the person has allowed a client at these resources before; empty where nobody is signed in. The arguments
/// outlive the task.
[[nodiscard]] Task<std::vector<oauth::Consent>> find_remembered(const Context& context,
                                                                const oauth::ClientId& client_id,
                                                                const std::vector<oauth::Resource>& resources,
                                                                const std::optional<accounts::SignedIn>& signed_in);

/// Whether the person has to be asked: what they allowed before must cover each of the request's resources, and all
/// that its scope opens by now; who is not signed in has allowed nothing.
[[nodiscard]] oauth::ConsentDecision decide_consent(const Context& context, const CheckedRequest& checked,
                                                    const std::optional<accounts::SignedIn>& signed_in,
                                                    const std::vector<oauth::Consent>& remembered);

/// Remembers what the person has just allowed a client. The arguments outlive the task.
[[nodiscard]] Task<void> remember_consent(const Context& context, const oauth::ClientId& client_id,
                                          const oauth::AskedFor& asked, const accounts::SignedIn& signed_in);

}  // namespace chatelaine::provider::endpoints
