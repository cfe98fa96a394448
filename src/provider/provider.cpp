#include "provider/provider.hpp"

#include "provider/context.hpp"
#include "provider/endpoints/endpoints.hpp"
#include "provider/endpoints/faults.hpp"

namespace chatelaine::provider {
namespace {

using endpoints::Step;

/// Whether what a path is for is switched on.
using Switch = bool (*)(const oauth::Flows& flows);

/// Adds the endpoints that programs call: their faults and refused methods are JSON.
class Programs {
 public:
  Programs(net::Router& router, const Context& context) : router_(router), context_(context) {}

  void add(net::Method method, const std::string& path, Step step,
           net::CrossOrigin cross_origin = net::CrossOrigin::forbidden) const {
    const auto& context = context_;
    router_.add(
        method, path,
        [&context, step](const net::Request& request) { return endpoints::answer_program(context, step, request); },
        cross_origin);
    router_.refuse_methods_with(path, [stage = step.stage](const net::Request& request, std::string_view allowed) {
      return endpoints::refuse_method_to_program(stage, request, allowed);
    });
  }

  /// A path of a flow is there while the flow is on.
  void open_while(Switch is_on, const std::string& path) const {
    const auto& context = context_;
    router_.open_only_while(
        path, [&context, is_on] { return is_on(context.settings().flows); }, endpoints::answer_closed_to_program);
  }

 private:
  net::Router& router_;
  const Context& context_;
};

/// The same for what a browser visits: pages.
void add_page(net::Router& router, const Context& context, net::Method method, const std::string& path, Step step) {
  router.add(method, path, [&context, step](const net::Request& request) {
    return endpoints::answer_person(context, step, request);
  });
  router.refuse_methods_with(path, [&context, stage = step.stage](const net::Request& request, std::string_view) {
    return endpoints::refuse_method_to_person(context, stage, request);
  });
}

void open_page_while(net::Router& router, const Context& context, Switch is_on, FlightStage stage,
                     const std::string& path) {
  router.open_only_while(
      path, [&context, is_on] { return is_on(context.settings().flows); },
      [&context, stage](const net::Request& request) {
        return endpoints::answer_closed_to_person(context, stage, request);
      });
}

}  // namespace

Provider::Provider(const Live<ProviderSettings>& settings, storage::Storage& storage, accounts::Accounts& accounts,
                   tokens::KeyRing& keys, tokens::Verifier& verifier, const pages::Renderer& renderer,
                   const pages::Csrf& csrf, net::Fetcher& fetcher, const Clock& clock, Randomness& randomness,
                   IdSequence& ids, Log& log)
    : documents_(std::make_unique<Documents>(fetcher, settings, clock)),
      context_(new Context{settings, storage, accounts, keys, verifier, renderer, csrf, *documents_, clock, randomness,
                           ids, log, make_paths(settings.get())}) {}
Provider::~Provider() = default;

void Provider::add_routes(net::Router& router) {
  const auto& context = *context_;
  const auto& paths = context.paths;
  using enum net::Method;
  using enum net::CrossOrigin;

  // What a browser visits: no other origin's script may read it (RFC 9700 §2.6).
  add_page(router, context, get, paths.authorize, {endpoints::authorize, FlightStage::authorization_request});
  add_page(router, context, post, paths.authorize, {endpoints::authorize_posted, FlightStage::authorization_request});
  add_page(router, context, post, paths.consent, {endpoints::consent, FlightStage::consent});
  for (const auto& path : {paths.authorize, paths.consent}) {
    open_page_while(
        router, context, [](const auto& flows) { return flows.authorization_code; }, FlightStage::authorization_request,
        path);
  }
  add_page(router, context, get, paths.logout, {endpoints::logout, FlightStage::logout});
  add_page(router, context, post, paths.logout, {endpoints::logout_posted, FlightStage::logout});
  add_page(router, context, post, paths.logout_confirmation, {endpoints::logout_confirmation, FlightStage::logout});
  for (const auto& path : {paths.logout, paths.logout_confirmation}) {
    open_page_while(router, context, [](const auto& flows) { return flows.takes_openid(); }, FlightStage::logout, path);
  }
  add_page(router, context, get, paths.device, {endpoints::device_code_page, FlightStage::device_code});
  add_page(router, context, post, paths.device, {endpoints::device_code_typed, FlightStage::device_code});
  add_page(router, context, post, paths.device_consent, {endpoints::device_code_consent, FlightStage::device_code});
  for (const auto& path : {paths.device, paths.device_consent}) {
    open_page_while(
        router, context, [](const auto& flows) { return flows.device_code; }, FlightStage::device_code, path);
  }
  pages::add_asset_routes(router, context.renderer.frame().assets_path);

  const Programs programs(router, context);
  // What an API calls with its own credentials.
  programs.add(post, paths.introspect, {endpoints::introspect, FlightStage::introspection});
  programs.open_while([](const auto& flows) { return flows.introspection; }, paths.introspect);

  // What clients call, also from a browser's script: credentials travel in the request itself, never in a cookie.
  programs.add(post, paths.token, {endpoints::token, FlightStage::token_request}, any_origin);
  programs.add(post, paths.pushed_authorization_request,
               {endpoints::pushed_authorization_request, FlightStage::pushed_authorization_request}, any_origin);
  programs.open_while([](const auto& flows) { return flows.takes_pushed_requests(); },
                      paths.pushed_authorization_request);
  programs.add(post, paths.registration, {endpoints::registration, FlightStage::registration}, any_origin);
  programs.add(get, paths.client_configuration, {endpoints::read_registration, FlightStage::registration}, any_origin);
  programs.add(put, paths.client_configuration, {endpoints::update_registration, FlightStage::registration},
               any_origin);
  programs.add(delete_, paths.client_configuration, {endpoints::delete_registration, FlightStage::registration},
               any_origin);
  for (const auto& path : {paths.registration, paths.client_configuration}) {
    const auto is_open = [&context] { return context.settings().registration.mode != oauth::RegistrationMode::off; };
    router.open_only_while(path, is_open, endpoints::answer_closed_to_program);
  }
  programs.add(post, paths.device_authorization, {endpoints::device_authorization, FlightStage::device_authorization},
               any_origin);
  programs.open_while([](const auto& flows) { return flows.device_code; }, paths.device_authorization);
  programs.add(post, paths.revoke, {endpoints::revoke, FlightStage::revocation}, any_origin);
  programs.open_while([](const auto& flows) { return flows.revocation; }, paths.revoke);
  programs.add(get, paths.userinfo, {endpoints::userinfo, FlightStage::userinfo}, any_origin);
  programs.add(post, paths.userinfo, {endpoints::userinfo, FlightStage::userinfo}, any_origin);
  programs.open_while([](const auto& flows) { return flows.takes_openid(); }, paths.userinfo);

  // What is public.
  programs.add(get, paths.jwks, {endpoints::jwks, FlightStage::none}, any_origin);
  for (const auto& path : paths.metadata) {
    programs.add(get, path, {endpoints::metadata, FlightStage::none}, any_origin);
    const bool is_openids = path.find("/openid-configuration") != std::string::npos;
    if (is_openids) programs.open_while([](const auto& flows) { return flows.takes_openid(); }, path);
  }
  for (const auto& path : paths.protected_resource_metadata) {
    programs.add(get, path, {endpoints::protected_resource_metadata, FlightStage::none}, any_origin);
  }
  programs.add(get, paths.manifest, {endpoints::manifest, FlightStage::none}, any_origin);
  programs.add(get, paths.openai_apps_challenge, {endpoints::openai_apps_challenge, FlightStage::none}, any_origin);
  programs.add(get, paths.openapi, {endpoints::openapi, FlightStage::none}, any_origin);

  // What the operator's tools ask.
  programs.add(get, paths.health, {endpoints::health, FlightStage::none});
  programs.add(get, paths.readiness, {endpoints::readiness, FlightStage::none});
}

}  // namespace chatelaine::provider
