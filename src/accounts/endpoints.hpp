#pragma once

#include "accounts/context.hpp"

/// One function a route; `request` and `context` outlive the task.
namespace chatelaine::accounts {

Task<net::Response> show_sign_in(const Context& context, const net::Request& request);
Task<net::Response> sign_in(const Context& context, const net::Request& request);
Task<net::Response> show_sign_out(const Context& context, const net::Request& request);
Task<net::Response> sign_out(const Context& context, const net::Request& request);
Task<net::Response> show_account(const Context& context, const net::Request& request);
Task<net::Response> change_password(const Context& context, const net::Request& request);
Task<net::Response> withdraw_consent(const Context& context, const net::Request& request);
Task<net::Response> show_activity(const Context& context, const net::Request& request);
Task<net::Response> show_waiting_call(const Context& context, const net::Request& request);
Task<net::Response> decide_call(const Context& context, const net::Request& request);
Task<net::Response> show_set_password(const Context& context, const net::Request& request);
Task<net::Response> set_password(const Context& context, const net::Request& request);

}  // namespace chatelaine::accounts
