#pragma once

#include <expected>

#include "relying_party/openid/id_token_check.hpp"
#include "user_sources/claims.hpp"
#include "user_sources/context.hpp"

namespace chatelaine::user_sources {

/// What the API knows somebody by whose source names no claim for it: made of source, issuer and `sub`, so that it is
/// the same whenever they come anew, and nobody's of another source or of none.
[[nodiscard]] oauth::Subject make_subject(const storage::FederatedSubject& who);

/// The account of a person who has signed in at the source, which is found, joined or made.
[[nodiscard]] Task<std::expected<storage::User, Refusal>> find_account(const Context& context, const UserSource& source,
                                                                       const relying_party::CheckedIdToken& id_token,
                                                                       TellingPerson person);

}  // namespace chatelaine::user_sources
