#pragma once

#include "net/response.hpp"
#include "oauth/authorize/request.hpp"
#include "provider/context.hpp"

namespace chatelaine::provider::endpoints {

/// The 400 page for a fault that no redirect may carry: it tells the plugin's author what came and what to change, and
/// nothing of what is registered. `client_id` is empty where no client is proven.
[[nodiscard]] net::Response refusal_page(const Context& context, const net::Request& request,
                                         const oauth::UnredirectableError& error, const oauth::ClientId& client_id);

}  // namespace chatelaine::provider::endpoints
