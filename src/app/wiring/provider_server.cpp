#include "app/wiring/provider_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <ranges>
#include <set>
#include <stdexcept>
#include <vector>

#include "accounts/accounts.hpp"
#include "accounts/password_pool.hpp"
#include "admin/admin.hpp"
#include "app/config/configuration_error.hpp"
#include "app/wiring/api_changes.hpp"
#include "app/wiring/api_description.hpp"
#include "app/wiring/foundation.hpp"
#include "app/wiring/housekeeping.hpp"
#include "app/wiring/limit_settings.hpp"
#include "app/wiring/provider_settings.hpp"
#include "app/wiring/user_source_settings.hpp"
#include "base/block_on.hpp"
#include "base/live.hpp"
#include "flights/flight_log.hpp"
#include "gateway/call_ledger.hpp"
#include "gateway/check.hpp"
#include "gateway/gateway.hpp"
#include "gateway/guard.hpp"
#include "gateway/mcp/server.hpp"
#include "net/fetch.hpp"
#include "net/router.hpp"
#include "net/server.hpp"
#include "net/tls.hpp"
#include "net/upstream.hpp"
#include "provider/provider.hpp"
#include "tokens/key_ring.hpp"
#include "tokens/key_schedule.hpp"
#include "tokens/verifier.hpp"
#include "user_sources/user_sources.hpp"

namespace chatelaine::app {
namespace {

/// How long a request under way may take once the server stops.
constexpr milliseconds kDrainPatience{10'000};

std::optional<ApiDescription> read_api_or_throw(const Configuration& file) {
  const ProviderConfiguration& configuration = file.provider.value();
  if (configuration.api.openapi.empty()) return std::nullopt;
  auto api = read_exposed_api(configuration);
  if (!api) throw ConfigurationError(api.error());
  const auto check_operation = [&](std::string_view key, const std::string& name) {
    if (openapi::find_named_operation(api->description, name) == nullptr)
      throw ConfigurationError(
          fmt::format("{} names \"{}\", which {} does not have", key, name, configuration.api.openapi));
  };
  for (const auto& [name, rate] : file.limits.calls_per_operation)
    check_operation("[limits] calls_per_operation", name);
  for (const auto& name : configuration.confirmation.operations) check_operation("[confirmation] operations", name);
  return std::move(*api);
}

/// One warning an operation, up to a number.
void warn_of_each(Log& log, std::string_view warning, const std::vector<std::string>& operations) {
  constexpr std::size_t kMostLogged = 20;
  for (const std::string& operation : operations | std::views::take(kMostLogged))
    log.warning(warning, {{"operation", operation}});
  if (operations.size() > kMostLogged)
    log.warning(warning, {{"further operations", std::to_string(operations.size() - kMostLogged)}});
}

/// Finds out what the API opens more than before, and tells the operator: its users are asked again, where they can be.
std::optional<ApiDescription>& note_openings(std::optional<ApiDescription>& api, Foundation& foundation, Log& log) {
  if (!api) return api;
  const NewlyOpened opened = note_openings(*api, foundation.storage->openings(), foundation.clock.now());
  warn_of_each(log, "The API opens more than before; users are asked again", opened.by_scope);
  warn_of_each(log, "The API opens more than before to every token, and nobody can be asked about it", opened.to_all);
  return api;
}

/// Of the operations that are there still, those that go through from now on without their user's word.
void warn_of_lapsed_confirmations(const gateway::GatewaySettings& before, const gateway::GatewaySettings& after,
                                  Log& log) {
  if (before.description == nullptr || after.description == nullptr) return;
  const ApiChanges changes = compare_open_calls(list_open_calls(*before.description, before.confirmation),
                                                list_open_calls(*after.description, after.confirmation));
  warn_of_each(log, "The API's users are no longer asked to confirm this call", changes.no_longer_confirmed);
}

void check_paths_or_throw(const std::optional<ApiDescription>& api, const net::Router& router) {
  if (!api) return;
  const auto conflicts = find_path_conflicts(api->description, router.paths());
  if (!conflicts.empty()) throw ConfigurationError(conflicts.front());
}

/// Found out before anything is opened; the server reads the files again.
void check_certificate_or_throw(const TlsFiles& files) {
  if (files.certificate.empty()) return;
  if (const auto tls = net::make_server_tls(files.certificate, files.private_key); !tls)
    throw ConfigurationError(tls.error());
}

net::ServerSettings make_server_settings(const ProviderConfiguration& configuration) {
  net::ServerSettings settings;
  settings.listen = configuration.listen;
  settings.trusted_proxies = configuration.trusted_proxies;
  settings.tls_certificate_file = configuration.tls.certificate;
  settings.tls_private_key_file = configuration.tls.private_key;
  return settings;
}

/// Null where no API is configured.
std::unique_ptr<net::Upstream> make_upstream(const ProviderConfiguration& configuration, Log& log) {
  if (has_no_api(configuration.api))
    log.warning("No API stands behind this server: its calls are 404 until [api] upstream is set",
                {{"openapi", configuration.api.openapi}});
  if (!configuration.api.upstream) return nullptr;
  return std::make_unique<net::Upstream>(*configuration.api.upstream, configuration.api.timeout);
}

/// What the gateway's own resource is called.
std::vector<oauth::Resource> own_spellings(const ProviderConfiguration& configuration) {
  return make_protected_resources(configuration).own().spellings();
}

/// In whatever order the aliases stand.
bool has_same_spellings(const ProviderConfiguration& before, const ProviderConfiguration& after) {
  const auto make_set = [](const std::vector<oauth::Resource>& spellings) {
    return std::set<oauth::Resource>(spellings.begin(), spellings.end());
  };
  return make_set(own_spellings(before)) == make_set(own_spellings(after));
}

std::string upstream_text(const ApiConfiguration& api) { return api.upstream ? api.upstream->text : ""; }

/// What is read once: a changed one would be half in force.
std::optional<std::string_view> find_fixed_change(const ProviderConfiguration& before,
                                                  const ProviderConfiguration& after) {
  if (before.issuer.text != after.issuer.text) return "issuer";
  if (before.listen != after.listen) return "listen";
  if (before.storage != after.storage) return "storage";
  if (before.trusted_proxies != after.trusted_proxies) return "trusted_proxies";
  if (before.page_prefix != after.page_prefix) return "paths.prefix";
  if (before.keys.algorithms != after.keys.algorithms) return "keys.algorithms";
  if (before.api.resource != after.api.resource) return "api.resource";
  if (!has_same_spellings(before, after)) return "resource.aliases of api.resource";
  if (before.mcp.enabled != after.mcp.enabled) return "mcp.enabled";
  if (upstream_text(before.api) != upstream_text(after.api)) return "api.upstream";
  if (before.api.timeout != after.api.timeout) return "api.timeout";
  if (before.tls.certificate != after.tls.certificate || before.tls.private_key != after.tls.private_key) return "tls";
  if (before.fetch.ca_file != after.fetch.ca_file) return "fetch.ca_file";
  return std::nullopt;
}

/// What a server is built for.
enum class Purpose : std::uint8_t { serve, list_paths };

Foundation open_foundation(const Configuration& file, Log& log, Purpose purpose) {
  if (purpose == Purpose::list_paths) return {};
  return {file.file.parent_path(), file.provider->storage, log};
}

}  // namespace

/// Everything in the order in which it is built; each part refers only to those above it.
struct ProviderServer::Parts {
  /// `api` gets its openings.
  Parts(const Configuration& file, Log& given_log, std::optional<ApiDescription> api, Purpose purpose)
      : configuration(file.provider.value()),
        sessions(file.sessions),
        limits(file.limits),
        foundation(open_foundation(file, given_log, purpose)),
        log(given_log, foundation.storage->flights(), foundation.clock),
        keys(*foundation.storage, foundation.sealer, foundation.clock, foundation.randomness, foundation.ids,
             configuration.keys.algorithms),
        key_policy(make_key_policy(configuration)),
        verifier(*foundation.storage, keys, oauth::Issuer(configuration.issuer.text), own_spellings(configuration),
                 foundation.clock),
        passwords(limits.password_threads, limits.password_queue),
        renderer(make_frame(configuration)),
        csrf(foundation.sealer.derive("csrf"), configuration.issuer.origin()),
        settings(make_provider_settings(file, note_openings(api, foundation, log))),
        admin_settings(make_admin_settings(configuration)),
        accounts(
            make_provider_accounts_settings(file, settings, admin_settings, foundation.sealer.derive("known browsers")),
            *foundation.storage, passwords, renderer, csrf, foundation.clock, foundation.randomness, foundation.ids,
            log),
        admin(admin_settings, *foundation.storage, accounts, renderer, foundation.clock, log),
        fetcher(configuration.fetch.ca_file),
        user_sources(make_user_sources_settings(file, read_process_environment,
                                                foundation.sealer.derive("sign-ins at user sources")),
                     *foundation.storage, accounts, renderer, fetcher, foundation.clock, foundation.randomness,
                     foundation.ids, log),
        provider(settings, *foundation.storage, accounts, keys, verifier, renderer, csrf, fetcher, foundation.clock,
                 foundation.randomness, foundation.ids, log),
        upstream(make_upstream(configuration, log)),
        gateway_settings(make_gateway_settings(file, api)),
        call_ledger(foundation.storage->ledger(), foundation.clock, log),
        guard(gateway::make_guard_parts(verifier, keys, call_ledger, *foundation.storage, foundation.ids),
              foundation.clock, log),
        gateway(gateway_settings, guard, gateway::make_sender(upstream.get()), log),
        check(gateway_settings, guard, configuration.issuer.path + "/oauth/check", log),
        mcp_settings(make_mcp_settings(file, api, log)),
        mcp(mcp_settings, guard, gateway, configuration.issuer.path + "/mcp", foundation.randomness, log),
        router(make_router(api)),
        server(purpose == Purpose::serve ? make_server() : nullptr),
        ledger_keep(make_ledger_keep(file.ledger)),
        flights_keep(file.flights),
        housekeeping({remove_expired_chore(*foundation.storage), remove_ledger_chore(*foundation.storage, ledger_keep),
                      remove_flights_chore(*foundation.storage, flights_keep), key_chore()},
                     foundation.clock, log) {}

  net::Router make_router(const std::optional<ApiDescription>& api) {
    net::Router made;
    accounts.add_routes(made);
    admin.add_routes(made);
    user_sources.add_routes(made);
    provider.add_routes(made);
    check.add_routes(made);
    if (configuration.mcp.enabled) mcp.add_routes(made);
    check_paths_or_throw(api, made);
    made.set_fallback([this](const net::Request& request) { return gateway.handle(request); });
    return made;
  }

  std::unique_ptr<net::Server> make_server() {
    return std::make_unique<net::Server>(
        make_server_settings(configuration), [this](const net::Request& request) { return router.route(request); },
        log);
  }

  Chore key_chore() {
    return {.failure = "The schedule of the signing keys could not be kept",
            .run = [this](Instant now, const IsStopping&) {
              block_on(tokens::keep_key_schedule(*foundation.storage, foundation.sealer, key_policy.get(), now,
                                                 foundation.ids, log));
            }};
  }

  ProviderConfiguration configuration;
  SessionsConfiguration sessions;
  LimitsConfiguration limits;
  Foundation foundation;
  flights::FlightLog log;
  tokens::KeyRing keys;
  Live<tokens::KeyPolicy> key_policy;
  tokens::Verifier verifier;
  accounts::PasswordPool passwords;
  pages::Renderer renderer;
  pages::Csrf csrf;
  Live<provider::ProviderSettings> settings;
  Live<admin::AdminSettings> admin_settings;
  accounts::Accounts accounts;
  admin::Admin admin;
  net::Fetcher fetcher;
  user_sources::UserSources user_sources;
  provider::Provider provider;
  std::unique_ptr<net::Upstream> upstream;
  Live<gateway::GatewaySettings> gateway_settings;
  gateway::CallLedger call_ledger;
  gateway::Guard guard;
  gateway::Gateway gateway;
  gateway::Check check;
  Live<gateway::mcp::McpSettings> mcp_settings;
  gateway::mcp::McpServer mcp;
  net::Router router;
  /// Null where nobody is served.
  std::unique_ptr<net::Server> server;
  Live<LedgerKeep> ledger_keep;
  Live<FlightsConfiguration> flights_keep;
  Housekeeping housekeeping;
};

ProviderServer::ProviderServer(const Configuration& configuration, Log& log) {
  check_certificate_or_throw(configuration.provider.value().tls);
  parts_ = std::make_unique<Parts>(configuration, log, read_api_or_throw(configuration), Purpose::serve);
}
ProviderServer::~ProviderServer() = default;

void ProviderServer::start() {
  // Where keys are made, or do not open, no request waits for it, and the operator hears of it.
  static_cast<void>(block_on(parts_->keys.current()));
  parts_->server->start();
}

std::expected<void, std::string> ProviderServer::reload(const Configuration& file) {
  if (!file.provider) return std::unexpected("issuer is missing");
  const ProviderConfiguration& next = *file.provider;
  if (file.sessions != parts_->sessions) return std::unexpected("sessions has changed, which needs a restart");
  if (const auto changed = find_fixed_change(parts_->limits, file.limits))
    return std::unexpected(fmt::format("{} has changed, which needs a restart", *changed));
  if (const auto changed = find_fixed_change(parts_->configuration, next))
    return std::unexpected(fmt::format("{} has changed, which needs a restart", *changed));
  auto api = read_api_or_throw(file);
  check_paths_or_throw(api, parts_->router);
  auto sources = make_source_settings(file, read_process_environment);
  if (!next.tls.certificate.empty())
    if (auto reloaded = parts_->server->reload_certificate(); !reloaded) return reloaded;
  note_openings(api, parts_->foundation, parts_->log);
  parts_->settings.set(make_provider_settings(file, api));
  parts_->admin_settings.set(make_admin_settings(next));
  parts_->key_policy.set(make_key_policy(next));
  parts_->accounts.set_throttle(make_password_limits(file.limits));
  parts_->accounts.set_sign_in_ways(make_sign_in_ways(next));
  parts_->user_sources.set_sources(std::move(sources));
  parts_->limits = file.limits;
  parts_->ledger_keep.set(make_ledger_keep(file.ledger));
  parts_->flights_keep.set(file.flights);
  auto gateway_settings = make_gateway_settings(file, api);
  warn_of_lapsed_confirmations(parts_->gateway_settings.get(), gateway_settings, parts_->log);
  parts_->gateway_settings.set(std::move(gateway_settings));
  parts_->mcp_settings.set(make_mcp_settings(file, api, parts_->log));
  parts_->renderer.set_frame(make_frame(next));
  parts_->configuration = next;
  return {};
}

void ProviderServer::stop() { parts_->server->stop(kDrainPatience); }

std::vector<std::string> list_own_paths(const Configuration& configuration) {
  Configuration plain = configuration;
  // A file that need not be there yet.
  plain.provider.value().fetch.ca_file.clear();
  SilentLog log;
  const ProviderServer::Parts parts(plain, log, std::nullopt, Purpose::list_paths);
  return parts.router.paths();
}

}  // namespace chatelaine::app
