#include "app/wiring/provider_settings.hpp"

#include <algorithm>
#include <iterator>

#include "app/version.hpp"
#include "app/wiring/limit_settings.hpp"
#include "oauth/discovery/protected_resource_metadata.hpp"
#include "oauth/openid/identity_scope.hpp"
#include "openapi/exposure.hpp"
#include "openapi/tool.hpp"
#include "provider/provider.hpp"

namespace chatelaine::app {
namespace {

net::CookieSecurity cookie_security(const HttpUrl& url) {
  return url.scheme == "https" ? net::CookieSecurity::secure : net::CookieSecurity::loopback_http;
}

pages::StrictTransport strict_transport(const HttpUrl& url) {
  return url.scheme == "https" ? pages::StrictTransport::on : pages::StrictTransport::off;
}

accounts::SessionLifetimes make_lifetimes(const SessionsConfiguration& sessions) {
  return {.idle = sessions.idle, .absolute = sessions.lifetime};
}

/// Every cookie of ours that a browser may send here: the host's too, since cookies ignore ports.
std::vector<std::string> own_cookie_names(net::CookieSecurity security) {
  std::vector<std::string> names;
  for (const char* name : {"chatelaine_session", "chatelaine_browser", "chatelaine_known", "chatelaine_host_session",
                           "chatelaine_host_browser", "chatelaine_host_known", "chatelaine_host_connect"})
    names.push_back(net::cookie_name(security, name));
  return names;
}

/// The logo as a manifest names it: absolute.
std::string absolute_logo(const ProviderConfiguration& configuration) {
  const std::string& logo = configuration.plugin.logo_url;
  return logo.starts_with('/') ? configuration.issuer.origin() + logo : logo;
}

/// The logo as our own pages may show it: on our origin alone.
std::string own_logo(const ProviderConfiguration& configuration) {
  const std::string logo = absolute_logo(configuration);
  const std::string origin = configuration.issuer.origin() + "/";
  return logo.starts_with(origin) ? logo.substr(origin.size() - 1) : "";
}

/// ID tokens live as long as an access token for which no resource says otherwise.
milliseconds find_longest_token_lifetime(const ProviderConfiguration& configuration) {
  milliseconds longest = configuration.tokens.access_lifetime;
  for (const oauth::ProtectedResource& resource : configuration.resources)
    longest = std::max(longest, resource.access_token_lifetime.value_or(longest));
  return longest;
}

/// Every scope that is declared, and means something there, unless the operator chose.
oauth::Scope find_initial_scope(const ProviderConfiguration& configuration, const oauth::ProtectedResource& resource) {
  if (configuration.api.initial_scopes) return *configuration.api.initial_scopes;
  std::vector<std::string> declared;
  std::ranges::transform(configuration.scopes, std::back_inserter(declared), &ScopeConfiguration::name);
  // MCP (authorization, release 2026-07-28): a refresh token is nothing that an API asks for.
  return resource.understood(oauth::Scope(std::move(declared))).without(oauth::identity_scope());
}

/// What is told of the API, once for each of its names; nothing where there is none.
std::vector<oauth::ProtectedResourceMetadata> describe_api(const ProviderConfiguration& configuration) {
  std::vector<oauth::ProtectedResourceMetadata> described;
  // Also where a proxy guards it, and asks here: the refusals that it passes on lead to the metadata.
  if (!configuration.api.upstream && !configuration.api.check) return described;
  const oauth::ProtectedResource own = make_protected_resources(configuration).own();
  const oauth::Scope scope = find_initial_scope(configuration, own);
  for (const oauth::Resource& spelling : own.spellings())
    described.push_back({.resource = spelling,
                         .name = own.name,
                         .authorization_server = oauth::Issuer(configuration.issuer.text),
                         .scopes = scope});
  return described;
}

/// Of the API by that name, which is one of its own.
gateway::Realm make_realm(const ProviderConfiguration& configuration, const std::string& resource) {
  gateway::Realm realm{.name = configuration.plugin.name_for_human};
  const auto described = describe_api(configuration);
  if (described.empty()) return realm;
  const auto path = oauth::protected_resource_metadata_path(oauth::Resource(resource));
  realm.initial_scope = described.front().scopes;
  realm.resource_metadata = provider::absolute_url(described.front().authorization_server,
                                                   path.value_or(std::string(oauth::kProtectedResourceMetadataRoot)));
  return realm;
}

oauth::ManifestSource make_manifest_source(const ProviderConfiguration& configuration,
                                           const provider::ProviderPaths& paths, const oauth::Issuer& issuer) {
  const PluginConfiguration& plugin = configuration.plugin;
  // The document's own trap: `client_url` is the authorization endpoint, `authorization_url` the token endpoint.
  return {.name_for_human = plugin.name_for_human,
          .name_for_model = plugin.name_for_model,
          .description_for_human = plugin.description_for_human,
          .description_for_model = plugin.description_for_model,
          .scope = plugin.scope,
          .client_url = provider::absolute_url(issuer, paths.authorize),
          .authorization_url = provider::absolute_url(issuer, paths.token),
          .encoding = plugin.authorization_content_type,
          .verification_tokens = plugin.verification_tokens,
          .api_url = provider::absolute_url(issuer, paths.openapi),
          .logo_url = absolute_logo(configuration),
          .contact_email = plugin.contact_email,
          .legal_info_url = plugin.legal_info_url};
}

}  // namespace

std::string page_prefix(const ProviderConfiguration& configuration) {
  return configuration.issuer.path + configuration.page_prefix;
}

std::string mcp_address(const ProviderConfiguration& configuration) { return configuration.issuer.text + "/mcp"; }

oauth::ProtectedResources make_protected_resources(const ProviderConfiguration& configuration) {
  oauth::ProtectedResource own{.identifier = oauth::Resource(configuration.api.resource)};
  std::vector<oauth::ProtectedResource> others;
  for (const oauth::ProtectedResource& declared : configuration.resources) {
    if (declared.identifier == own.identifier)
      own = declared;
    else
      others.push_back(declared);
  }
  if (configuration.mcp.enabled && !own.is_called(mcp_address(configuration)))
    own.aliases.emplace_back(mcp_address(configuration));
  // People know it as the plugin.
  if (own.name.empty()) own.name = configuration.plugin.name_for_human;
  return oauth::ProtectedResources(std::move(own), std::move(others));
}

namespace {

Instant opened_since(const ApiDescription& api, const openapi::Operation& operation) {
  const auto found = api.opened_since.find(operation.id);
  return found == api.opened_since.end() ? Instant() : found->second;
}

/// A scope with the operations that need it, in the description's order.
provider::ScopeDescription describe_scope(const ScopeConfiguration& scope, const std::optional<ApiDescription>& api) {
  provider::ScopeDescription described{.name = scope.name};
  // Nobody is told a scope's name twice: the page has better words where operations stand behind it.
  if (scope.description != scope.name) described.sentence = scope.description;
  if (!api) return described;
  for (const openapi::Operation& operation : api->description.operations)
    if (std::ranges::find(operation.scopes, scope.name) != operation.scopes.end())
      described.operations.push_back({openapi::weigh_effect(operation), openapi::describe_operation(operation),
                                      operation.method + " " + api->description.base_path + operation.path,
                                      operation.scopes, opened_since(*api, operation)});
  return described;
}

/// Most assistants do not know the max_age that a call asks for (RFC 9470 §4): whoever connects one again has signed in
/// anew all the same.
std::optional<seconds> find_longest_sign_in_age(const ConfirmationConfiguration& confirmation) {
  const bool confirms = confirmation.calls != gateway::ConfirmedCalls::none || !confirmation.operations.empty();
  if (!confirms || confirmation.by != gateway::ConfirmedBy::sign_in) return std::nullopt;
  return std::chrono::floor<seconds>(confirmation.lifetime);
}

}  // namespace

provider::ProviderSettings make_provider_settings(const Configuration& file, const std::optional<ApiDescription>& api) {
  const ProviderConfiguration& configuration = file.provider.value();
  provider::ProviderSettings settings;
  settings.issuer = oauth::Issuer(configuration.issuer.text);
  settings.page_prefix = page_prefix(configuration);
  settings.resources = make_protected_resources(configuration);
  settings.access_token_format = configuration.tokens.access_format;
  settings.access_token_algorithm = configuration.tokens.signing_algorithm;
  settings.signing_algorithms = configuration.keys.algorithms;
  settings.access_token_lifetime = configuration.tokens.access_lifetime;
  settings.refresh_token_lifetime = configuration.tokens.refresh_lifetime;
  settings.refresh_grace.window = configuration.tokens.refresh_grace;
  settings.code_lifetime = configuration.tokens.code_lifetime;
  settings.device_code_lifetime = configuration.device.lifetime;
  settings.longest_sign_in_age = find_longest_sign_in_age(configuration.confirmation);
  settings.flows = configuration.flows;
  settings.limits = make_provider_limits(file.limits);
  settings.registration.mode = configuration.registration.mode;
  settings.registration.unused_lifetime = configuration.registration.unused_lifetime;
  for (const ScopeConfiguration& scope : configuration.scopes) settings.scopes.push_back(describe_scope(scope, api));
  settings.protected_resources = describe_api(configuration);
  if (api) {
    settings.openapi = api->text;
    for (const openapi::Operation& operation : api->description.operations)
      settings.operations.emplace(operation.id, openapi::describe_operation(operation));
    settings.openapi_content_type = api->content_type;
  }
  settings.fetch_addresses =
      configuration.fetch.allow_local ? net::AddressPolicy::public_and_loopback : net::AddressPolicy::public_only;
  settings.document_hosts = configuration.documents.allowed_hosts;
  settings.openai_apps_challenge = configuration.plugin.openai_apps_challenge;
  // Also without a description: whoever sets a plugin up looks at the manifest, and adds its verification token, first.
  // But a plugin signs people in.
  if (settings.flows.authorization_code)
    settings.manifest = make_manifest_source(configuration, provider::make_paths(settings), settings.issuer);
  return settings;
}

tokens::KeyPolicy make_key_policy(const ProviderConfiguration& configuration) {
  return {.algorithms = configuration.keys.algorithms,
          .rotate_every = configuration.keys.rotate_every,
          .longest_token_lifetime = find_longest_token_lifetime(configuration)};
}

namespace {

gateway::CallLimits make_call_limits(const LimitsConfiguration& limits, const std::optional<ApiDescription>& api) {
  if (!limits.enabled) return {};
  gateway::CallLimits made{.per_client = limits.calls_per_client,
                           .per_user = limits.calls_per_user,
                           .per_grant = limits.calls_per_grant,
                           .per_operation = {}};
  if (!api) return made;
  for (const auto& [name, rate] : limits.calls_per_operation)
    if (const auto* operation = openapi::find_named_operation(api->description, name))
      made.per_operation.emplace(operation->id, rate);
  return made;
}

gateway::ConfirmationPolicy make_confirmation_policy(const ProviderConfiguration& configuration,
                                                     const std::optional<ApiDescription>& api) {
  gateway::ConfirmationPolicy policy{
      .calls = configuration.confirmation.calls,
      .by = configuration.confirmation.by,
      .lifetime = configuration.confirmation.lifetime,
      .page = configuration.issuer.origin() + page_prefix(configuration) + std::string(accounts::kWaitingCallPath)};
  if (!api) return policy;
  for (const std::string& name : configuration.confirmation.operations)
    if (const auto* operation = openapi::find_named_operation(api->description, name))
      policy.operations.insert(operation->id);
  return policy;
}

}  // namespace

gateway::GatewaySettings make_gateway_settings(const Configuration& file, const std::optional<ApiDescription>& api) {
  const ProviderConfiguration& configuration = file.provider.value();
  gateway::GatewaySettings settings;
  settings.realm = make_realm(configuration, configuration.api.resource);
  settings.issuer = oauth::Issuer(configuration.issuer.text);
  settings.resource = make_protected_resources(configuration).own();
  settings.public_paths = configuration.api.public_paths;
  switch (configuration.api.unlisted) {
    case Unlisted::deny:
      settings.unlisted = gateway::Unlisted::deny;
      break;
    case Unlisted::allow:
      settings.unlisted = gateway::Unlisted::allow;
      break;
  }
  if (api) settings.description = std::make_shared<const openapi::Description>(api->description);
  if (api) settings.opened_since = api->opened_since;
  settings.answers_checks = configuration.api.check;
  settings.limits = make_call_limits(file.limits, api);
  settings.confirmation = make_confirmation_policy(configuration, api);
  settings.records_calls = file.ledger.calls.has_value();
  settings.own_cookie_names = own_cookie_names(cookie_security(configuration.issuer));
  return settings;
}

gateway::mcp::McpSettings make_mcp_settings(const Configuration& file, const std::optional<ApiDescription>& api,
                                            Log& log) {
  const ProviderConfiguration& configuration = file.provider.value();
  gateway::mcp::McpSettings settings;
  if (!configuration.mcp.enabled || !api) return settings;
  settings.gateway = make_gateway_settings(file, api);
  settings.gateway.realm = make_realm(configuration, mcp_address(configuration));
  settings.gateway_with_slash = settings.gateway;
  settings.gateway_with_slash.realm = make_realm(configuration, mcp_address(configuration) + "/");
  settings.name = configuration.plugin.name_for_model;
  settings.title = configuration.plugin.name_for_human;
  settings.version = kVersion;
  settings.instructions = configuration.plugin.description_for_model;
  settings.origin = configuration.issuer.origin();
  settings.allowed_origins = configuration.mcp.allowed_origins;
  settings.largest_answer = configuration.mcp.largest_answer;
  settings.most_open = configuration.mcp.most_open;
  settings.most_open_together = configuration.mcp.most_open_together;
  openapi::Tools tools = make_api_tools(*api);
  for (const openapi::Fault& fault : tools.left_out)
    log.warning("an operation is no tool", {{"operation", fault.path}, {"why", fault.message}});
  settings.tools = gateway::mcp::offer_tools(std::move(tools.tools), settings.gateway);
  settings.list_tag = gateway::mcp::make_list_tag(settings.tools);
  return settings;
}

accounts::SignInWays make_sign_in_ways(const ProviderConfiguration& configuration) {
  accounts::SignInWays ways;
  if (!configuration.passwords) ways.passwords = accounts::PasswordSignIn::administrators;
  for (const UserSourceConfiguration& source : configuration.user_sources)
    ways.sources.push_back({.name = source.name, .label = source.label});
  return ways;
}

admin::AdminSettings make_admin_settings(const ProviderConfiguration& configuration) {
  return {.page_prefix = page_prefix(configuration), .is_enabled = configuration.admin.enabled};
}

accounts::AccountsSettings make_provider_accounts_settings(const Configuration& file,
                                                           const Live<provider::ProviderSettings>& settings,
                                                           const Live<admin::AdminSettings>& administration,
                                                           SecretBytes known_browser_key) {
  const ProviderConfiguration& configuration = file.provider.value();
  return {.page_prefix = page_prefix(configuration),
          .cookie_base = "chatelaine",
          .cookie_security = cookie_security(configuration.issuer),
          .lifetimes = make_lifetimes(file.sessions),
          .home_path = page_prefix(configuration) + "/account",
          .assistants = accounts::ConnectedAssistants::listed,
          .describe_scope =
              [&settings](const std::string& scope) { return provider::describe_scope(settings.get(), scope); },
          .describe_operation =
              [&settings](const std::string& id) { return provider::describe_operation(settings.get(), id); },
          .find_administration = [&administration] { return admin::find_administration(administration.get()); },
          .ways = make_sign_in_ways(configuration),
          .throttle = make_password_limits(file.limits),
          .known_browser_key = std::move(known_browser_key)};
}

accounts::AccountsSettings make_host_accounts_settings(const Configuration& file, SecretBytes known_browser_key) {
  const HostConfiguration& configuration = file.host.value();
  return {.page_prefix = "",
          .cookie_base = "chatelaine_host",
          .cookie_security = cookie_security(configuration.url),
          .lifetimes = make_lifetimes(file.sessions),
          .home_path = "/",
          .assistants = accounts::ConnectedAssistants::absent,
          .describe_scope = nullptr,
          .describe_operation = nullptr,
          .find_administration = nullptr,
          .ways = {},
          .throttle = make_password_limits(file.limits),
          .known_browser_key = std::move(known_browser_key)};
}

pages::Frame make_frame(const ProviderConfiguration& configuration) {
  return {.service_name = configuration.plugin.name_for_human,
          .assets_path = configuration.issuer.path + "/oauth/assets",
          .logo_url = own_logo(configuration),
          .strict_transport = strict_transport(configuration.issuer)};
}

pages::Frame make_frame(const HostConfiguration& configuration) {
  return {.service_name = "Chatelaine",
          .assets_path = "/assets",
          .logo_url = "",
          .strict_transport = strict_transport(configuration.url)};
}

}  // namespace chatelaine::app
