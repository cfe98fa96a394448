#include "user_sources/user_sources.hpp"

#include <algorithm>

#include "accounts/return_to.hpp"
#include "base/unavailable.hpp"
#include "user_sources/context.hpp"

namespace chatelaine::user_sources {
namespace {

using Endpoint = Task<net::Response> (*)(const Context&, const net::Request&);

// A storage that cannot write is a page here, not a bare 503: a person reads it.
Task<net::Response> answer(const Context& context, Endpoint endpoint, const net::Request& request) {
  request.note([](FlightNotes& notes) { notes.stage = FlightStage::user_source; });
  net::Response response;
  try {
    response = co_await endpoint(context, request);
  } catch (const Unavailable& fault) {
    context.log.warning("A sign-in at a user source could not be served", {{"reason", fault.what()}});
    response = pages::render_busy(context.renderer);
  }
  pages::finish_page(request, response);
  co_return response;
}

/// Operators register the redirect URI at the source, and see here how it is spelled.
void log_sources(const Context& context) {
  for (const UserSource& source : context.current->get().sources)
    context.log.info("People can sign in at a user source", {{"source", source.name},
                                                             {"issuer", source.issuer.value()},
                                                             {"redirect_uri", context.redirect_uri(source).value()}});
}

}  // namespace

UserSources::UserSources(UserSourcesSettings settings, storage::Storage& storage, accounts::Accounts& accounts,
                         const pages::Renderer& renderer, net::Fetcher& fetcher, const Clock& clock,
                         Randomness& randomness, IdSequence& ids, Log& log) {
  auto current = std::make_unique<Live<SourceSettings>>(std::move(settings.at_first));
  auto documents = std::make_unique<ProviderDocuments>(fetcher, *current, clock);
  context_ = std::make_unique<const Context>(Context{std::move(settings), storage, accounts, renderer, fetcher, clock,
                                                     randomness, ids, log, std::move(current),
                                                     std::make_unique<limits::Throttle>(), std::move(documents)});
}

UserSources::~UserSources() = default;

void UserSources::add_routes(net::Router& router) {
  const Context& context = *context_;
  log_sources(context);
  const auto add = [&](std::string_view own_path, Endpoint endpoint) {
    router.add(net::Method::get, context.settings.page_prefix + std::string(own_path),
               [&context, endpoint](const net::Request& request) { return answer(context, endpoint, request); });
  };
  add(path::kBegin, begin_sign_in);
  add(path::kCallback, finish_sign_in);
}

void UserSources::set_sources(SourceSettings settings) {
  context_->current->set(std::move(settings));
  log_sources(*context_);
}

net::Response answer_head() {
  net::Response response = net::make_response(200, "text/html; charset=utf-8", "");
  net::forbid_storing(response);
  return response;
}

void note_source(const net::Request& request, const UserSource& source, std::string_view return_to) {
  request.note([&](FlightNotes& notes) { notes.show("source", source.name); });
  accounts::note_way_back(request, return_to);
}

limits::Throttle::Attempt count_of(const net::Request& request) {
  return {.subject = std::nullopt, .address = limits::find_subscriber(request.remote_address)};
}

const UserSource* Context::find_source(std::string_view name) const {
  const auto& sources = current->get().sources;
  const auto found = std::ranges::find(sources, name, &UserSource::name);
  return found == sources.end() ? nullptr : &*found;
}

}  // namespace chatelaine::user_sources
