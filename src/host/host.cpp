#include "host/host.hpp"

#include "host/endpoints/endpoints.hpp"

namespace chatelaine::host {

struct Host::State {
  PageContext context;
};

Host::Host(HostContext context, accounts::Accounts& accounts, const pages::Csrf& csrf, const pages::Renderer& renderer)
    : state_(std::make_unique<State>(State{{std::move(context), accounts, csrf, renderer}})) {}

Host::~Host() = default;

namespace {

using Endpoint = Task<net::Response> (*)(const PageContext&, const net::Request&);

Task<net::Response> answer(const PageContext& context, Endpoint endpoint, const net::Request& request) {
  request.note([&](FlightNotes& notes) {
    notes.stage = FlightStage::connection;
    notes.show("page", std::string(request.path));
  });
  auto response = co_await endpoint(context, request);
  pages::finish_page(request, response);
  co_return response;
}

}  // namespace

void Host::add_routes(net::Router& router) {
  struct Route {
    net::Method method;
    const char* path;
    Endpoint endpoint;
  };
  constexpr auto kGet = net::Method::get;
  constexpr auto kPost = net::Method::post;
  const Route routes[] = {
      {kGet, "/", show_home},
      {kGet, "/plugins/install", show_install},
      {kPost, "/plugins/install", post_install},
      {kGet, "/plugins/{plugin_id}", show_plugin},
      {kPost, "/plugins/{plugin_id}/credentials", post_credentials},
      {kPost, "/plugins/{plugin_id}/verify", post_verify},
      {kPost, "/plugins/{plugin_id}/remove", post_remove},
      {kPost, "/plugins/{plugin_id}/connect", post_connect},
      {kGet, "/plugins/{plugin_id}/connect", follow_connect_link},
      {kPost, "/plugins/{plugin_id}/disconnect", post_disconnect},
      {kGet, "/plugins/{plugin_id}/use", show_use},
      {kPost, "/plugins/{plugin_id}/use", post_use},
      {kGet, "/aip/{plugin_id}/oauth/callback", take_callback},
  };
  for (const Route& route : routes) {
    router.add(route.method, route.path,
               [context = &state_->context, endpoint = route.endpoint](const net::Request& r) {
                 return answer(*context, endpoint, r);
               });
  }
}

}  // namespace chatelaine::host
