#pragma once

#include <functional>
#include <memory>

#include "gateway/parts.hpp"
#include "net/response.hpp"

namespace chatelaine::gateway {

/// How long a stream may go on between two looks at whether its token was revoked.
inline constexpr seconds kStreamCheckInterval{2};

/// An answer that ends with its token (THREATS N13), silent or not: no piece leaves after the token's expiry, nor more
/// than kStreamCheckInterval after its revocation; a `read` that waits ends within a tick of either. `verify` and
/// `clock` outlive the loop's tasks.
[[nodiscard]] std::unique_ptr<net::BodySource> guard_body(std::unique_ptr<net::BodySource> body,
                                                          oauth::AccessTokenSecret token, Instant expires_at,
                                                          const VerifyToken& verify, const Clock& clock);

}  // namespace chatelaine::gateway
