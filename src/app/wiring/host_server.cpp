#include "app/wiring/host_server.hpp"

#include <fmt/format.h>

#include "accounts/accounts.hpp"
#include "accounts/password_pool.hpp"
#include "app/wiring/foundation.hpp"
#include "app/wiring/housekeeping.hpp"
#include "app/wiring/limit_settings.hpp"
#include "app/wiring/provider_settings.hpp"
#include "flights/flight_log.hpp"
#include "host/host.hpp"
#include "net/router.hpp"
#include "net/server.hpp"
#include "pages/page.hpp"

namespace chatelaine::app {
namespace {

constexpr milliseconds kDrainPatience{10'000};

net::ServerSettings make_server_settings(const HostConfiguration& configuration) {
  net::ServerSettings settings;
  settings.listen = configuration.listen;
  return settings;
}

Task<net::Response> answer_health(const net::Request&) { co_return net::make_json_response(200, R"({"status":"ok"})"); }

bool is_same(const HostConfiguration& a, const HostConfiguration& b) {
  return a.url.text == b.url.text && a.listen == b.listen && a.storage == b.storage && a.name == b.name &&
         a.allow_local == b.allow_local && a.ca_file == b.ca_file;
}

}  // namespace

host::HostSettings make_host_settings(const HostConfiguration& configuration) {
  return {.url = configuration.url.text, .name = configuration.name, .allow_local = configuration.allow_local};
}

/// Everything in the order in which it is built; each part refers only to those above it.
struct HostServer::Parts {
  Parts(const Configuration& file, Log& given_log)
      : configuration(file.host.value()),
        sessions(file.sessions),
        limits(file.limits),
        foundation(file.file.parent_path(), configuration.storage, given_log),
        log(given_log, foundation.storage->flights(), foundation.clock),
        fetcher(configuration.ca_file),
        passwords(limits.password_threads, limits.password_queue),
        renderer(make_frame(configuration)),
        csrf(foundation.sealer.derive("host csrf"), configuration.url.origin()),
        accounts(make_host_accounts_settings(file, foundation.sealer.derive("host known browsers")),
                 *foundation.storage, passwords, renderer, csrf, foundation.clock, foundation.randomness,
                 foundation.ids, log),
        host(host::HostContext{make_host_settings(configuration), *foundation.storage, fetcher, foundation.sealer,
                               foundation.clock, foundation.randomness, foundation.ids, log},
             accounts, csrf, renderer),
        router(make_router()),
        server(
            make_server_settings(configuration), [this](const net::Request& request) { return router.route(request); },
            log),
        ledger_keep(make_ledger_keep(file.ledger)),
        flights_keep(file.flights),
        housekeeping({remove_expired_chore(*foundation.storage), remove_ledger_chore(*foundation.storage, ledger_keep),
                      remove_flights_chore(*foundation.storage, flights_keep)},
                     foundation.clock, log) {}

  net::Router make_router() {
    net::Router made;
    accounts.add_routes(made);
    host.add_routes(made);
    pages::add_asset_routes(made, renderer.frame().assets_path);
    made.add(net::Method::get, "/healthz", answer_health);
    return made;
  }

  HostConfiguration configuration;
  SessionsConfiguration sessions;
  LimitsConfiguration limits;
  Foundation foundation;
  flights::FlightLog log;
  net::Fetcher fetcher;
  accounts::PasswordPool passwords;
  pages::Renderer renderer;
  pages::Csrf csrf;
  accounts::Accounts accounts;
  host::Host host;
  net::Router router;
  net::Server server;
  Live<LedgerKeep> ledger_keep;
  Live<FlightsConfiguration> flights_keep;
  Housekeeping housekeeping;
};

HostServer::HostServer(const Configuration& configuration, Log& log)
    : parts_(std::make_unique<Parts>(configuration, log)) {}
HostServer::~HostServer() = default;

void HostServer::start() { parts_->server.start(); }

std::expected<void, std::string> HostServer::reload(const Configuration& file) {
  if (!file.host || !is_same(*file.host, parts_->configuration))
    return std::unexpected("[host] has changed, which needs a restart");
  if (file.sessions != parts_->sessions) return std::unexpected("sessions has changed, which needs a restart");
  if (const auto changed = find_fixed_change(parts_->limits, file.limits))
    return std::unexpected(*changed + " has changed, which needs a restart");
  parts_->accounts.set_throttle(make_password_limits(file.limits));
  parts_->limits = file.limits;
  parts_->ledger_keep.set(make_ledger_keep(file.ledger));
  parts_->flights_keep.set(file.flights);
  return {};
}

void HostServer::stop() { parts_->server.stop(kDrainPatience); }

}  // namespace chatelaine::app
