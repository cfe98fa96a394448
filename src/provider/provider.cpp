#include "provider/provider.hpp"

#include "provider/context.hpp"
#include "provider/endpoints/endpoints.hpp"

namespace chatelaine::provider {
namespace {

using Endpoint = Task<net::Response> (*)(const Context&, const net::Request&);

net::Handler bind(const Context& context, Endpoint endpoint) {
  return [&context, endpoint](const net::Request& request) { return endpoint(context, request); };
}

}  // namespace

Provider::Provider(const Live<ProviderSettings>& settings, storage::Storage& storage, accounts::Accounts& accounts,
                   tokens::KeyRing& keys, tokens::Verifier& verifier, const pages::Renderer& renderer,
                   const pages::Csrf& csrf, const Clock& clock, Randomness& randomness, IdSequence& ids, Log& log)
    : context_(new Context{settings, storage, accounts, keys, verifier, renderer, csrf, clock, randomness, ids, log,
                           make_paths(settings.get())}) {}
Provider::~Provider() = default;

void Provider::add_routes(net::Router& router) {
  const auto& context = *context_;
  const auto& paths = context.paths;
  using enum net::Method;
  using enum net::CrossOrigin;

  // What a browser visits: no other origin's script may read it.
  router.add(get, paths.authorize, bind(context, endpoints::authorize));
  router.add(post, paths.consent, bind(context, endpoints::consent));
  pages::add_asset_routes(router, context.renderer.frame().assets_path);

  // What an API calls with its own credentials.
  router.add(post, paths.introspect, bind(context, endpoints::introspect));

  // What clients call, also from a browser's script: credentials travel in the request itself, never in a cookie.
  router.add(post, paths.token, bind(context, endpoints::token), any_origin);
  router.add(post, paths.revoke, bind(context, endpoints::revoke), any_origin);

  // What is public.
  router.add(get, paths.jwks, bind(context, endpoints::jwks), any_origin);
  router.add(get, paths.metadata, bind(context, endpoints::metadata), any_origin);
  if (paths.path_metadata != paths.metadata) {
    router.add(get, paths.path_metadata, bind(context, endpoints::metadata), any_origin);
  }
  router.add(get, paths.manifest, bind(context, endpoints::manifest), any_origin);
  router.add(get, paths.openapi, bind(context, endpoints::openapi), any_origin);

  // What the operator's tools ask.
  router.add(get, paths.health, bind(context, endpoints::health));
  router.add(get, paths.readiness, bind(context, endpoints::readiness));
}

}  // namespace chatelaine::provider
