#include "app/cli/client_registration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "app/cli/client_resources.hpp"
#include "base/block_on.hpp"
#include "oauth/authorize/redirect_uri.hpp"
#include "oauth/clients/authentication.hpp"
#include "oauth/clients/client_keys.hpp"
#include "oauth/clients/credentials.hpp"
#include "oauth/clients/weaknesses.hpp"

namespace chatelaine::app {
namespace {

using oauth::AuthenticationMethod;
using oauth::GrantType;

/// Nothing where the option was not given.
std::optional<std::vector<oauth::RedirectUri>> read_redirect_uris(const Arguments& arguments, std::string_view option) {
  if (!arguments.has(option)) return std::nullopt;
  std::vector<oauth::RedirectUri> uris;
  for (const std::string& text : arguments.all(option)) {
    auto uri = oauth::check_redirect_uri_registration(text);
    if (!uri) throw WrongUsage(fmt::format("{} {}: {}", option, text, uri.error().description));
    if (std::ranges::find(uris, *uri) == uris.end()) uris.push_back(std::move(*uri));
  }
  return uris;
}

std::vector<GrantType> read_grant_types(std::string_view text) {
  std::vector<GrantType> types;
  while (true) {
    const auto comma = text.find(',');
    const std::string_view name = text.substr(0, comma);
    const auto type = oauth::parse_grant_type_name(name);
    if (!type)
      throw WrongUsage(fmt::format(
          "--grant takes authorization_code, refresh_token, client_credentials and device_code, parted by commas, not "
          "\"{}\"",
          name));
    if (std::ranges::find(types, *type) == types.end()) types.push_back(*type);
    if (comma == std::string_view::npos) return types;
    text.remove_prefix(comma + 1);
  }
}

std::vector<AuthenticationMethod> read_methods(std::string_view text) {
  const auto method = oauth::parse_authentication_method(text);
  if (!method)
    throw WrongUsage(fmt::format(
        "--auth-method takes client_secret_basic, client_secret_post, private_key_jwt or none, not \"{}\"", text));
  return {*method};
}

std::string read_key_file(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream || text.empty()) throw WrongUsage(fmt::format("--jwks {}: the file cannot be read, or is empty", file));
  auto keys = oauth::check_client_jwks(text);
  if (!keys) throw WrongUsage(fmt::format("--jwks {}: {}", file, keys.error().description));
  return std::move(*keys);
}

std::string read_key_place(const std::string& url) {
  if (const auto checked = oauth::check_client_jwks_uri(url); !checked)
    throw WrongUsage(fmt::format("--jwks-uri {}: {}", url, checked.error().description));
  return url;
}

oauth::Scope read_scope(std::string_view text, const std::vector<ScopeConfiguration>& declared) {
  auto scope = oauth::Scope::parse(text);
  if (!scope) throw WrongUsage("--scope takes scopes parted by blanks");
  for (const std::string& token : scope->tokens()) {
    const bool is_declared = std::ranges::find(declared, token, &ScopeConfiguration::name) != declared.end();
    if (!declared.empty() && !is_declared)
      throw WrongUsage(fmt::format("--scope: \"{}\" is not declared by a [[scope]] of the configuration", token));
  }
  return std::move(*scope);
}

bool read_yes_or_no(std::string_view option, std::string_view text) {
  if (text != "yes" && text != "no") throw WrongUsage(fmt::format("{} takes yes or no", option));
  return text == "yes";
}

/// "none" takes a limit away.
std::optional<seconds> read_max_age(std::string_view text) {
  if (text == "none") return std::nullopt;
  const auto duration = parse_duration(text);
  if (!duration) throw WrongUsage(fmt::format("--default-max-age {}: {}", text, duration.error()));
  return std::chrono::floor<seconds>(*duration);
}

void read_openid_options(const Arguments& arguments, ClientOptions& options) {
  if (const auto text = arguments.find("--openid")) options.openid = read_yes_or_no("--openid", *text);
  if (const auto text = arguments.find("--id-token-alg")) {
    options.id_token_algorithm = crypto::parse_signature_algorithm(*text);
    if (!options.id_token_algorithm)
      throw WrongUsage(fmt::format("--id-token-alg takes ES256, RS256, PS256 or EdDSA, not \"{}\"", *text));
  }
  if (const auto text = arguments.find("--default-max-age")) options.default_max_age = read_max_age(*text);
  options.post_logout_redirect_uris = read_redirect_uris(arguments, "--post-logout-redirect-uri");
}

}  // namespace

ClientOptions read_client_options(const Arguments& arguments, const std::vector<ScopeConfiguration>& declared) {
  ClientOptions options;
  options.redirect_uris = read_redirect_uris(arguments, "--redirect-uri");
  if (arguments.has("--redirect-id")) options.redirect_ids = arguments.all("--redirect-id");
  if (const auto text = arguments.find("--grant")) options.grant_types = read_grant_types(*text);
  if (const auto text = arguments.find("--auth-method")) options.authentication_methods = read_methods(*text);
  if (arguments.has("--jwks") && arguments.has("--jwks-uri"))
    throw WrongUsage("name one of --jwks and --jwks-uri: a client has its keys in one place");
  if (const auto file = arguments.find("--jwks")) options.jwks = read_key_file(*file);
  if (const auto url = arguments.find("--jwks-uri")) options.jwks_uri = read_key_place(*url);
  if (const auto text = arguments.find("--scope")) options.scope = read_scope(*text, declared);
  if (const auto text = arguments.find("--pkce")) {
    if (*text != "required" && *text != "optional") throw WrongUsage("--pkce takes required or optional");
    options.pkce = *text == "optional" ? oauth::PkcePolicy::optional : oauth::PkcePolicy::required;
  }
  read_openid_options(arguments, options);
  if (const auto text = arguments.find("--require-pushed-requests")) {
    options.requires_pushed_requests = read_yes_or_no("--require-pushed-requests", *text);
  }
  return options;
}

json::array list_uris(const std::vector<oauth::RedirectUri>& uris) {
  json::array texts;
  for (const auto& uri : uris) texts.emplace_back(uri.value());
  return texts;
}

void apply_client_options(oauth::Client& client, const ClientOptions& options) {
  if (options.redirect_uris) client.redirect_uris = *options.redirect_uris;
  if (options.grant_types) client.grant_types = *options.grant_types;
  if (options.authentication_methods) {
    client.authentication_methods = *options.authentication_methods;
    // Keys that nothing asks for any more would only come back unnoticed.
    if (!client.may_authenticate_by(AuthenticationMethod::private_key_jwt)) client.jwks = client.jwks_uri = "";
  }
  if (options.jwks || options.jwks_uri) {
    if (!client.may_authenticate_by(AuthenticationMethod::private_key_jwt))
      throw WrongUsage("--jwks and --jwks-uri go with --auth-method private_key_jwt");
    client.jwks = options.jwks.value_or("");
    client.jwks_uri = options.jwks_uri.value_or("");
  }
  if (options.scope) client.scope = *options.scope;
  if (options.pkce) client.pkce = *options.pkce;
  if (options.openid) client.openid = *options.openid;
  if (options.id_token_algorithm) client.id_token_algorithm = *options.id_token_algorithm;
  if (options.default_max_age) client.default_max_age = *options.default_max_age;
  if (options.post_logout_redirect_uris) client.post_logout_redirect_uris = *options.post_logout_redirect_uris;
  if (options.requires_pushed_requests) client.requires_pushed_requests = *options.requires_pushed_requests;
}

oauth::Scope declared_scope(const ProviderConfiguration& configuration) {
  std::vector<std::string> names;
  names.reserve(configuration.scopes.size());
  for (const ScopeConfiguration& scope : configuration.scopes) names.push_back(scope.name);
  return oauth::Scope(std::move(names));
}

oauth::ClientSecret give_secret(oauth::Client& client, Foundation& foundation) {
  oauth::ClientSecret secret =
      oauth::make_client_secret(foundation.ids.next<oauth::ClientSecretTag>().value, foundation.randomness);
  client.secret_hash = oauth::hash_client_secret(secret);
  return secret;
}

oauth::ClientSecret register_client(Session& session, oauth::Client& client) {
  client.id = oauth::make_client_id(client.name, session->randomness);
  client.created_at = session->clock.now();
  oauth::ClientSecret secret = uses_secret(client) ? give_secret(client, *session) : oauth::ClientSecret();
  if (!block_on(session->storage->clients().add_client(client)))
    throw CommandFailed(fmt::format("the id {} is taken", client.id.value()));
  return secret;
}

bool uses_secret(const oauth::Client& client) {
  return client.may_authenticate_by(AuthenticationMethod::client_secret_basic) ||
         client.may_authenticate_by(AuthenticationMethod::client_secret_post);
}

void check_client(const oauth::Client& client) {
  const bool has_keys = !client.jwks.empty() || !client.jwks_uri.empty();
  if (client.may_authenticate_by(AuthenticationMethod::private_key_jwt) && !has_keys)
    throw WrongUsage("--auth-method private_key_jwt needs the client's public keys: --jwks FILE or --jwks-uri URL");
  const bool is_public = client.authentication_methods == std::vector<AuthenticationMethod>{AuthenticationMethod::none};
  // RFC 9700 §2.1.1: a public client must use PKCE; nothing else binds the code to it.
  if (is_public && client.pkce == oauth::PkcePolicy::optional)
    throw WrongUsage("--pkce optional needs a client with a secret or a key");
  // RFC 6749 §4.4: the client credentials grant is for confidential clients alone.
  if (is_public && client.may_use(GrantType::client_credentials))
    throw WrongUsage("the grant client_credentials needs a client with a secret or a key");
  // RFC 7662 §2.1: who introspects must authenticate.
  if (is_public && client.introspects && !client.introspects->empty())
    throw WrongUsage("--introspects needs a client with a secret or a key");
  if (client.may_use(GrantType::refresh_token) && !client.acts_for_people())
    throw WrongUsage("the grant refresh_token needs authorization_code or device_code beside it");
}

json::object to_json(const oauth::Client& client) {
  json::array grants;
  for (const auto type : client.grant_types) grants.emplace_back(oauth::short_name(type));
  json::array methods;
  for (const auto method : client.authentication_methods) methods.emplace_back(oauth::to_string(method));
  json::array weaknesses;
  for (const auto& weakness : oauth::find_weaknesses(client)) weaknesses.emplace_back(weakness.sentence);
  return {{"client_id", client.id.value()},
          {"name", client.name},
          {"origin", oauth::to_string(client.origin)},
          {"redirect_uris", list_uris(client.redirect_uris)},
          {"grants", std::move(grants)},
          {"auth_methods", std::move(methods)},
          {"jwks", client.jwks.empty() ? json::value() : parse_json(client.jwks).value_or(json::value())},
          {"jwks_uri", client.jwks_uri.empty() ? json::value() : json::value(client.jwks_uri)},
          {"scope", client.scope.to_string()},
          {"pkce", client.pkce == oauth::PkcePolicy::optional ? "optional" : "required"},
          {"require_pushed_requests", client.requires_pushed_requests},
          {"openid", client.openid},
          {"id_token_alg", crypto::to_string(client.id_token_algorithm)},
          {"default_max_age", client.default_max_age ? json::value(client.default_max_age->count()) : json::value()},
          {"post_logout_redirect_uris", list_uris(client.post_logout_redirect_uris)},
          {"access_token_format", access_token_format_name(client)},
          {"introspects", list_introspected(client)},
          {"exchange_redirect_uri", oauth::to_string(client.exchange_redirect_uri)},
          {"weaknesses", std::move(weaknesses)},
          {"description", oauth::to_json(client.description)},
          {"created_at", format_rfc3339(client.created_at)}};
}

}  // namespace chatelaine::app
