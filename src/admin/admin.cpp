#include "admin/admin.hpp"

#include "admin/context.hpp"
#include "base/form.hpp"
#include "base/id.hpp"
#include "base/unavailable.hpp"

namespace chatelaine::admin {
namespace {

constexpr std::string_view kHome = "/admin";
constexpr std::string_view kFlows = "/admin/flows";
constexpr std::string_view kFlow = "/admin/flows/{request}";

net::Response refuse_person(const Context& context, const accounts::SignedIn& signed_in) {
  return pages::render_error(
      context.renderer,
      {.status = 403,
       .title = "For administrators alone",
       .what_happened = "You are signed in as " + signed_in.user.email + ", who is no administrator.",
       .what_to_do = "Sign out and come back as an administrator, or ask one for what you are looking for.",
       .next_href = context.accounts.sign_out_url(),
       .next_label = "Sign out"});
}

Task<net::Response> admit(const Context& context, Page* page, const net::Request& request) {
  const auto signed_in = co_await context.accounts.find_signed_in(request);
  if (!signed_in) co_return context.accounts.redirect_to_sign_in(request.target);
  if (signed_in->user.role != storage::Role::administrator) {
    request.note([&](FlightNotes& notes) {
      notes.stage = FlightStage::account;
      notes.user_id = format_id(signed_in->user.id.value);
      notes.tell(FlightOutcome::failed, "Somebody who is no administrator asked for a page for administrators.");
    });
    co_return refuse_person(context, *signed_in);
  }
  co_return co_await page(context, request, *signed_in);
}

Task<net::Response> answer(const Context& context, Page* page, const net::Request& request) {
  // Whoever looks at flows is no step of one.
  request.note([](FlightNotes& notes) { notes.stage = FlightStage::none; });
  net::Response response;
  try {
    response = co_await admit(context, page, request);
  } catch (const Unavailable& fault) {
    context.log.warning("A page for administrators could not be served", {{"reason", fault.what()}});
    response = pages::render_busy(context.renderer);
  }
  pages::finish_page(request, response);
  co_return response;
}

Task<net::Response> answer_closed(const Context& context, const net::Request& request) {
  auto response = pages::render_closed(context.renderer);
  pages::finish_page(request, response);
  co_return response;
}

Paths make_paths(const std::string& prefix) {
  return {prefix + std::string(kHome), prefix + std::string(kFlows), prefix + std::string(kFlow)};
}

}  // namespace

std::string find_administration(const AdminSettings& settings) {
  return settings.is_enabled ? settings.page_prefix + std::string(kHome) : std::string();
}

std::string Context::flow_url(std::string_view request_id) const {
  return paths.flows + "/" + percent_encode(request_id);
}

std::string Context::client_flows_url(std::string_view client_id) const {
  return paths.flows + "?client=" + percent_encode(client_id);
}

pages::Data begin_page(const Context& context, const accounts::SignedIn& signed_in, Place place) {
  pages::Data home;
  home.set("home_url", context.paths.home);
  pages::Data data;
  data.add("home", std::move(home))
      .set("clients_url", context.paths.home)
      .set("flows_url", context.paths.flows)
      .show("on_clients", place == Place::clients)
      .show("on_flows", place == Place::flows);
  context.accounts.add_who(data, signed_in);
  return data;
}

Admin::Admin(const Live<AdminSettings>& settings, storage::Storage& storage, accounts::Accounts& accounts,
             const pages::Renderer& renderer, const Clock& clock, Log& log)
    : context_(new Context{settings, storage, accounts, renderer, clock, log, make_paths(settings.get().page_prefix)}) {
}
Admin::~Admin() = default;

void Admin::add_routes(net::Router& router) {
  const Context& context = *context_;
  const auto add = [&](const std::string& path, Page* page) {
    router.add(net::Method::get, path,
               [&context, page](const net::Request& request) { return answer(context, page, request); });
    router.open_only_while(
        path, [&context] { return context.settings.get().is_enabled; },
        [&context](const net::Request& request) { return answer_closed(context, request); });
  };
  add(context.paths.home, show_clients);
  add(context.paths.flows, show_flows);
  add(context.paths.flow, show_flow);
}

}  // namespace chatelaine::admin
