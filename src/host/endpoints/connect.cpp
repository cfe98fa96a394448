#include "host/connect.hpp"

#include "host/disconnect.hpp"
#include "host/endpoints/endpoints.hpp"

namespace chatelaine::host {
namespace {

std::optional<std::string> browser_cookie_of(const PageContext& context, const net::Request& request) {
  const auto cookie = request.cookie(net::cookie_name(context.host.settings.cookie_security(), kConnectCookie));
  if (!cookie) return std::nullopt;
  return std::string(*cookie);
}

Task<net::Response> send_to_provider(const PageContext& context, const net::Request& request,
                                     storage::PluginId plugin_id, oauth::UserId user_id) {
  auto cookie = browser_cookie_of(context, request);
  const auto begun = co_await begin_connection(context.host, plugin_id, user_id, std::move(cookie));
  if (!begun) co_return render_host_error(context, begun.error());
  net::Response response = net::make_redirect(begun->authorization_url);
  response.add_header("Set-Cookie", begun->set_cookie);
  // The provider has no use for where its visitor comes from, least of all for a ticket.
  response.add_header("Referrer-Policy", "no-referrer");
  net::forbid_storing(response);
  co_return response;
}

/// For somebody who came by a link and has no session here.
net::Response render_message(const PageContext& context, std::string_view title, std::string text) {
  pages::Data data;
  data.set("text", std::move(text));
  data.add("next", pages::Data().set("href", "/").set("label", "All plugins"));
  return context.renderer.render(200, "message", title, data);
}

}  // namespace

Task<net::Response> post_connect(const PageContext& context, const net::Request& request) {
  auto own = co_await admit_form(context, request, Audience::everybody);
  if (!own) co_return std::move(own.error());
  co_return co_await send_to_provider(context, request, plugin_id_of(request), own->person.user.id);
}

Task<net::Response> follow_connect_link(const PageContext& context, const net::Request& request) {
  // A HEAD only asks what is there, as previews of links do: it must not use up the ticket.
  if (request.method == net::Method::head) co_return net::make_redirect("/");
  const auto query = parse_form(request.query);
  if (!query || !query->get("ticket")) co_return net::make_redirect("/");
  const storage::PluginId plugin_id = plugin_id_of(request);
  std::string ticket(query->get_or_empty("ticket"));
  const auto user_id = co_await redeem_connect_ticket(context.host, plugin_id, std::move(ticket));
  if (!user_id) co_return render_host_error(context, user_id.error());
  co_return co_await send_to_provider(context, request, plugin_id, *user_id);
}

Task<net::Response> take_callback(const PageContext& context, const net::Request& request) {
  // RFC 6749 §3.1: a repeated parameter makes the answer void.
  auto query = parse_form(request.query);
  if (!query) {
    co_return render_host_error(context,
                                {HostError::Kind::bad_request,
                                 "What came back from the plugin's server is not a proper query: a parameter is "
                                 "there twice or wrongly encoded."});
  }
  const auto person = co_await context.accounts.find_signed_in(request);
  ConnectionCallback callback{plugin_id_of(request), std::move(*query), browser_cookie_of(context, request),
                              std::nullopt};
  if (person) callback.signed_in = person->user.id;
  const auto finished = co_await finish_connection(context.host, std::move(callback));
  if (!finished && finished.error().kind == HostError::Kind::denied) {
    if (person) co_return co_await render_home(context, *person, finished.error().message);
    co_return render_message(context, "Not connected", finished.error().message);
  }
  if (!finished) co_return render_host_error(context, finished.error());
  if (person) {
    net::Response response = net::make_redirect(plugin_path(finished->plugin_id, "/use"));
    net::forbid_storing(response);
    co_return response;
  }
  co_return render_message(context, "Connected", finished->plugin_name + " is connected. You can close this page.");
}

Task<net::Response> post_disconnect(const PageContext& context, const net::Request& request) {
  auto own = co_await admit_form(context, request, Audience::everybody);
  if (!own) co_return std::move(own.error());
  const auto done = co_await disconnect_plugin(context.host, plugin_id_of(request), own->person.user.id);
  if (!done) co_return render_host_error(context, done.error());
  co_return co_await render_home(context, own->person, done->message);
}

}  // namespace chatelaine::host
