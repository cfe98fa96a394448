#pragma once

#include <string>

#include "base/random.hpp"
#include "base/time.hpp"
#include "rehearsal/part.hpp"

namespace chatelaine::rehearsal {

/// RFC 7523 §3: what a client with a key of its own proves itself by to this server, once: each has a `jti` of its own
/// and ends after a minute. Empty for a client that proves itself otherwise.
[[nodiscard]] std::string make_client_assertion(const Client& client, const Server& server, Instant now,
                                                Randomness& randomness);

}  // namespace chatelaine::rehearsal
