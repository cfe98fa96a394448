#pragma once

#include "base/form.hpp"
#include "base/task.hpp"
#include "net/request.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/oauth_error.hpp"
#include "oauth/tokens/token_response.hpp"
#include "provider/context.hpp"

/// One function a grant type, each in the file of its name. The client has authenticated and may use the grant type;
/// the arguments outlive the task. What they give is durable before it is given.
namespace chatelaine::provider::endpoints {

using TokenResult = oauth::Result<oauth::TokenResponse>;

[[nodiscard]] Task<TokenResult> exchange_authorization_code(const Context& context, const net::Request& request,
                                                            const oauth::Client& client, const Form& form);
[[nodiscard]] Task<TokenResult> exchange_refresh_token(const Context& context, const net::Request& request,
                                                       const oauth::Client& client, const Form& form);
[[nodiscard]] Task<TokenResult> exchange_client_credentials(const Context& context, const oauth::Client& client,
                                                            const Form& form);
[[nodiscard]] Task<TokenResult> exchange_device_code(const Context& context, const net::Request& request,
                                                     const oauth::Client& client, const Form& form);

}  // namespace chatelaine::provider::endpoints
