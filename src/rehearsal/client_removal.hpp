#pragma once

#include <string_view>

#include "inspection/outside.hpp"
#include "rehearsal/part.hpp"

namespace chatelaine::rehearsal {

/// Deletes a client that the rehearsal registered, as RFC 7592 §2.3 has it, so that none is left behind. Where it
/// cannot be deleted, the remark says under which id it stays. The registration access token is sent to no other origin
/// than `registration_endpoint`'s. All arguments outlive the await.
[[nodiscard]] Task<Remarks> remove_client(inspection::Outside& outside, const Client& client,
                                          std::string_view registration_endpoint);

}  // namespace chatelaine::rehearsal
