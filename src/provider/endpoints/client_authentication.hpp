#pragma once

#include "base/task.hpp"
#include "net/request.hpp"
#include "oauth/clients/authentication.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/oauth_error.hpp"
#include "provider/context.hpp"

namespace chatelaine::provider::endpoints {

/// Whether the credentials are the client's, by whichever method; `client` is null where there is none. An assertion is
/// used up by it (RFC 7523 §3), in every process on the same storage. The arguments outlive the task.
[[nodiscard]] Task<oauth::Result<void>> authenticate_client(const Context& context, const net::Request& request,
                                                            const oauth::ClientCredentials& credentials,
                                                            const oauth::Client* client);

}  // namespace chatelaine::provider::endpoints
