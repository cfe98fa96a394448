#include "app/config/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/host_kind.hpp"
#include "base/uri.hpp"
#include "relying_party/openid/provider_metadata.hpp"

namespace chatelaine::app {
namespace {

bool is_given(const GivenKeys& given, std::string_view key) { return given.keys.contains(key); }

std::uint32_t line_of(const Lines& lines, std::string_view key) {
  const auto found = lines.find(key);
  return found == lines.end() ? 0 : found->second;
}
std::uint32_t line_of(const GivenKeys& given, std::string_view key) { return line_of(given.keys, key); }

/// `[api] resource`: the issuer, where it is not written.
const std::string& own_resource(const ProviderConfiguration& provider) {
  return provider.api.resource.empty() ? provider.issuer.text : provider.api.resource;
}

/// Whether another resource than the API's is known by the address of our MCP server.
bool is_mcp_of_another(const oauth::ProtectedResource& resource, const ProviderConfiguration& provider) {
  return resource.is_called(provider.issuer.text + "/mcp") && !resource.is_called(own_resource(provider));
}

/// The manifest's own rule for a name that a model reads: letters, digits, underscores.
std::string make_model_name(std::string_view human) {
  std::string name;
  for (const char c : human) {
    if (name.size() == 50) break;
    if (c >= 'A' && c <= 'Z')
      name += static_cast<char>(c - 'A' + 'a');
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      name += c;
    else if (!name.empty() && name.back() != '_')
      name += '_';
  }
  while (name.ends_with('_')) name.pop_back();
  return name.empty() ? "plugin" : name;
}

void fill_dependent_defaults(ProviderConfiguration& provider, const GivenKeys& given) {
  ApiConfiguration& api = provider.api;
  api.resource = own_resource(provider);
  if (!is_given(given, "api.unlisted")) api.unlisted = api.openapi.empty() ? Unlisted::allow : Unlisted::deny;
  if (!is_given(given, "mcp.enabled"))
    provider.mcp.enabled = api.upstream && !api.openapi.empty() &&
                           std::ranges::none_of(provider.resources, [&](const oauth::ProtectedResource& resource) {
                             return is_mcp_of_another(resource, provider);
                           });
  PluginConfiguration& plugin = provider.plugin;
  if (plugin.name_for_human.empty()) plugin.name_for_human = provider.issuer.host;
  if (plugin.name_for_model.empty()) plugin.name_for_model = make_model_name(plugin.name_for_human);
  if (plugin.description_for_human.empty()) plugin.description_for_human = plugin.name_for_human;
  if (plugin.description_for_model.empty()) plugin.description_for_model = plugin.description_for_human;
}

template <class Report>
void check_forward_auth(const ProviderConfiguration& provider, const GivenKeys& given, Report report) {
  if (provider.api.check && provider.trusted_proxies.empty())
    report(line_of(given, "api.check"), "api.check",
           "needs trusted_proxies: only a proxy that is named there may ask, such as trusted_proxies = "
           "[\"127.0.0.1\"]");
}

template <class Report>
void check_flows(const oauth::Flows& flows, const GivenKeys& given, Report report) {
  const std::string required = "flows.require_pushed_requests";
  if (flows.require_pushed_requests && !flows.takes_pushed_requests())
    report(line_of(given, required), required,
           "needs flows.authorization_code and flows.pushed_requests: no request could come in");
  // RFC 8414 §2: metadata without grant types would stand for two.
  if (flows.grant_types().empty())
    report(given.tables.find("flows")->second, "flows",
           "must leave one of authorization_code, refresh_token, client_credentials and device_code on");
}

template <class Report>
void check_signing(const ProviderConfiguration& provider, const GivenKeys& given, Report report) {
  const std::string key = "tokens.signing_algorithm";
  if (std::ranges::find(provider.keys.algorithms, provider.tokens.signing_algorithm) == provider.keys.algorithms.end())
    report(
        line_of(given, key), key,
        fmt::format("must be one of keys.algorithms, and \"{}\" is not", to_string(provider.tokens.signing_algorithm)));
}

/// A scope that nobody declares cannot be asked for.
template <class Report>
void check_declared(const oauth::Scope& scope, const ProviderConfiguration& provider, const std::string& key,
                    std::uint32_t line, Report report) {
  if (provider.scopes.empty()) return;
  for (const std::string& name : scope.tokens())
    if (std::ranges::find(provider.scopes, name, &ScopeConfiguration::name) == provider.scopes.end())
      report(line, key, fmt::format("names \"{}\", which no [[scope]] declares", name));
}

/// What is wrong between one `[[resource]]`, whose keys stand at `lines`, and the rest.
template <class Report>
void check_resource(const oauth::ProtectedResource& resource, const ProviderConfiguration& provider, const Lines& lines,
                    Report report) {
  const std::string identifier = "resource.identifier";
  const std::string& own = own_resource(provider);
  if (resource.is_called(own) && resource.identifier.value() != own)
    report(line_of(lines, identifier), identifier,
           fmt::format("must be \"{0}\", as [api] resource spells it (the issuer, where that is not written), since "
                       "this [[resource]] is called \"{0}\" too",
                       own));
  if (provider.mcp.enabled && is_mcp_of_another(resource, provider))
    report(line_of(lines, identifier), identifier,
           "is called as the address where [mcp] offers [api] resource: set mcp.enabled = false");
  const std::string scopes = "resource.scopes";
  if (resource.scopes) check_declared(*resource.scopes, provider, scopes, line_of(lines, scopes), report);
}

/// What is wrong between the keys of one `[[user_source]]`, which stand at `lines`, and with the rest.
template <class Report>
void check_user_source(const UserSourceConfiguration& source, const ProviderConfiguration& provider, const Lines& lines,
                       Report report) {
  const auto report_at = [&](std::string key, std::string message) {
    const std::uint32_t line = line_of(lines, key);
    report(line == 0 ? line_of(lines, "user_source") : line, std::move(key), std::move(message));
  };
  // Said already, and what goes with it is guesswork.
  if (source.issuer.empty()) return;
  const bool has_placeholder = source.issuer.find(relying_party::kTenantPlaceholder) != std::string::npos;
  if (has_placeholder && source.tenants.empty())
    report_at("user_source.tenants", "is missing: an issuer with {tenantid} needs the ids of the tenants that come in");
  if (!has_placeholder && !source.tenants.empty()) report_at("user_source.tenants", "needs an issuer with {tenantid}");
  const auto issuer = parse_http_url(source.issuer);
  const bool is_public = !issuer || find_host_kind(issuer->host) == HostKind::global;
  if (!is_public && source.networks.empty())
    report_at("user_source.networks",
              "is missing: the issuer is on no public address, so name its network, such as [\"10.1.0.0/16\"], or "
              "[\"127.0.0.0/8\", \"::1\"] for this machine");
  if (!source.subject_claim.empty() && provider.user_sources.size() > 1)
    report_at("user_source.subject_claim",
              "needs this to be the only [[user_source]]: another one could give somebody the same subject");
  const bool says_who = !source.allowed_email_domains.empty() || !source.required_claims.empty() || has_placeholder;
  if (source.create_accounts && !says_who)
    report_at("user_source.allowed_email_domains",
              "is missing: say whose people get an account, such as [\"example.com\"], or [\"*\"] for everybody whom "
              "the provider lets in");
  if (source.email_claim != "email" && !source.trust_email)
    report_at("user_source.email_claim",
              "needs trust_email = true, since email_verified speaks of the claim email alone");
}

/// What names the API's operations needs its description.
template <class Report>
void check_operations(const ProviderConfiguration& provider, const GivenKeys& given, Report report) {
  const ApiConfiguration& api = provider.api;
  if (is_given(given, "scope.operations") && api.openapi.empty())
    report(line_of(given, "scope.operations"), "scope.operations",
           "needs [api] openapi: without the API's description there are no operations to name");
  for (const std::string key : {"api.closed", "confirmation.operations", "limits.calls_per_operation"})
    if (is_given(given, key) && api.openapi.empty())
      report(line_of(given, key), key, "needs [api] openapi: it names operations of the API's description");
  if (provider.mcp.enabled && (!api.upstream || api.openapi.empty()))
    report(line_of(given, "mcp.enabled"), "mcp.enabled", "needs api.upstream and api.openapi: tools are operations");
}

template <class Report>
void check_tls(const GivenKeys& given, Report report) {
  if (is_given(given, "tls.certificate") == is_given(given, "tls.private_key")) return;
  const bool has_certificate = is_given(given, "tls.certificate");
  report(line_of(given, has_certificate ? "tls.certificate" : "tls.private_key"),
         has_certificate ? "tls.private_key" : "tls.certificate", "is missing: TLS needs both files");
}

/// Which of the two sides the file is for, and that they do not get into each other's way.
template <class Report>
void check_sides(const ConfigurationDraft& draft, const GivenKeys& given, Report report) {
  const bool has_host = given.tables.contains("host");
  if (!is_given(given, "issuer")) {
    // A file for the host alone may set what both sides share, but nothing of the provider's.
    const auto provider_key = std::ranges::find_if(given.keys, [](const auto& key) {
      return !key.first.starts_with("host.") && !key.first.starts_with("sessions.") &&
             !key.first.starts_with("limits.") && !key.first.starts_with("ledger.") &&
             !key.first.starts_with("flights.") && !key.first.starts_with("profiles.");
    });
    if (provider_key != given.keys.end())
      report(provider_key->second, "issuer", fmt::format("is missing, and \"{}\" needs it", provider_key->first));
    else if (!has_host)
      report(0, "issuer", "is missing: write the public URL of the server, such as issuer = \"http://127.0.0.1:8080\"");
  }
  if (has_host && !is_given(given, "host.url"))
    report(given.tables.find("host")->second, "host.url",
           "is missing: write the host's public URL, such as url = \"http://127.0.0.1:8090\"");
  // Each side has users, sessions and keys of its own.
  if (is_given(given, "issuer") && has_host && draft.host.storage == draft.provider.storage)
    report(line_of(given, "host.storage"), "host.storage", "must be another file than the provider's storage");
  if (is_given(given, "issuer") && has_host && draft.host.listen == draft.provider.listen)
    report(line_of(given, "host.listen"), "host.listen", "must be another address than the provider's listen");
}

}  // namespace

std::vector<ConfigurationFault> check_whole(const ConfigurationDraft& draft, const GivenKeys& given) {
  std::vector<ConfigurationFault> faults;
  const auto report = [&](std::uint32_t line, std::string key, std::string message) {
    faults.push_back({{}, line, std::move(key), std::move(message)});
  };
  check_sides(draft, given, report);
  check_tls(given, report);
  check_operations(draft.provider, given, report);
  check_forward_auth(draft.provider, given, report);
  check_flows(draft.provider.flows, given, report);
  check_signing(draft.provider, given, report);
  const std::string initial = "api.initial_scopes";
  if (draft.provider.api.initial_scopes)
    check_declared(*draft.provider.api.initial_scopes, draft.provider, initial, line_of(given, initial), report);
  for (std::size_t i = 0; i < draft.provider.resources.size(); ++i)
    check_resource(draft.provider.resources[i], draft.provider, given.resources[i], report);
  for (std::size_t i = 0; i < draft.provider.user_sources.size(); ++i)
    check_user_source(draft.provider.user_sources[i], draft.provider, given.user_sources[i], report);
  if (!draft.provider.passwords && draft.provider.user_sources.empty())
    report(line_of(given, "accounts.passwords"), "accounts.passwords",
           "needs a [[user_source]]: nobody else could sign in");
  if (draft.limits.first_wait > draft.limits.longest_wait)
    report(std::max(line_of(given, "limits.first_wait"), line_of(given, "limits.longest_wait")), "limits.first_wait",
           "must not be longer than limits.longest_wait");
  if (draft.sessions.idle > draft.sessions.lifetime)
    report(std::max(line_of(given, "sessions.idle"), line_of(given, "sessions.lifetime")), "sessions.idle",
           "must not be longer than sessions.lifetime");
  return faults;
}

Configuration finish_draft(ConfigurationDraft draft, const GivenKeys& given, const std::filesystem::path& file) {
  Configuration configuration;
  configuration.file = std::filesystem::absolute(file).lexically_normal();
  configuration.sessions = draft.sessions;
  configuration.limits = draft.limits;
  configuration.ledger = draft.ledger;
  configuration.flights = draft.flights;
  configuration.profiles_directory = draft.profiles_directory;
  if (is_given(given, "issuer")) {
    fill_dependent_defaults(draft.provider, given);
    configuration.provider = std::move(draft.provider);
  }
  if (given.tables.contains("host")) configuration.host = std::move(draft.host);
  return configuration;
}

}  // namespace chatelaine::app
