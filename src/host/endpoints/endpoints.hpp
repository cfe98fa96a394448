#pragma once

#include "base/task.hpp"
#include "host/endpoints/page_context.hpp"
#include "net/request.hpp"
#include "net/response.hpp"

/// The host's pages: each reads a request, calls a verb and renders what it gave.
namespace chatelaine::host {

[[nodiscard]] Task<net::Response> show_home(const PageContext& context, const net::Request& request);
/// The list of plugins with what has just happened above it; an empty notice is none.
[[nodiscard]] Task<net::Response> render_home(const PageContext& context, const accounts::SignedIn& person,
                                              std::string notice);

[[nodiscard]] Task<net::Response> show_install(const PageContext& context, const net::Request& request);
[[nodiscard]] Task<net::Response> post_install(const PageContext& context, const net::Request& request);

[[nodiscard]] Task<net::Response> show_plugin(const PageContext& context, const net::Request& request);
[[nodiscard]] Task<net::Response> post_credentials(const PageContext& context, const net::Request& request);
[[nodiscard]] Task<net::Response> post_verify(const PageContext& context, const net::Request& request);
[[nodiscard]] Task<net::Response> post_remove(const PageContext& context, const net::Request& request);

/// The "Sign in with …" button.
[[nodiscard]] Task<net::Response> post_connect(const PageContext& context, const net::Request& request);
/// A connect link; without a ticket it leads to the list of plugins.
[[nodiscard]] Task<net::Response> follow_connect_link(const PageContext& context, const net::Request& request);
[[nodiscard]] Task<net::Response> take_callback(const PageContext& context, const net::Request& request);
[[nodiscard]] Task<net::Response> post_disconnect(const PageContext& context, const net::Request& request);

[[nodiscard]] Task<net::Response> show_use(const PageContext& context, const net::Request& request);
[[nodiscard]] Task<net::Response> post_use(const PageContext& context, const net::Request& request);

}  // namespace chatelaine::host
