#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <ostream>

#include "app/cli/client_assistant.hpp"
#include "app/cli/client_registration.hpp"
#include "app/cli/client_resources.hpp"
#include "app/cli/command.hpp"
#include "app/cli/session.hpp"
#include "app/cli/table.hpp"
#include "app/log/escape.hpp"
#include "app/wiring/provider_settings.hpp"
#include "base/block_on.hpp"
#include "oauth/assistants/assistant_client.hpp"
#include "oauth/clients/authentication.hpp"
#include "oauth/clients/credentials.hpp"
#include "oauth/clients/weaknesses.hpp"

namespace chatelaine::app {
namespace {

using oauth::AuthenticationMethod;
using oauth::GrantType;

constexpr Argument kId{ArgumentKind::positional, "ID", "", "The client_id"};
constexpr Argument kRedirectUri{ArgumentKind::values, "--redirect-uri", "URI",
                                "Where the browser may be sent back to, byte for byte; may stand several times"};
constexpr Argument kGrant{
    ArgumentKind::value, "--grant", "A,B",
    "authorization_code, refresh_token, client_credentials, device_code; without it the first two"};
constexpr Argument kMethod{ArgumentKind::value, "--auth-method", "METHOD",
                           "client_secret_basic or client_secret_post (without it both); private_key_jwt: it signs "
                           "with a key of its own and has no secret; none: a public client"};
constexpr Argument kJwks{ArgumentKind::value, "--jwks", "FILE",
                         "The client's public keys, a JWK Set, for private_key_jwt; replaces --jwks-uri"};
constexpr Argument kJwksUri{ArgumentKind::value, "--jwks-uri", "URL",
                            "Where it publishes them: fetched when needed (see [fetch]); replaces --jwks"};
constexpr Argument kScope{ArgumentKind::value, "--scope", "\"A B\"",
                          "What it may ask for; without it every [[scope]] of the configuration"};
constexpr Argument kPkce{ArgumentKind::value, "--pkce", "required|optional",
                         "optional is for clients with a secret that cannot do PKCE, and is listed as a weakness"};
constexpr Argument kPushedRequests{ArgumentKind::value, "--require-pushed-requests", "yes|no",
                                   "Whether it may send a browser only with a request that it has pushed (RFC 9126)"};
constexpr Argument kOpenid{ArgumentKind::value, "--openid", "yes|no",
                           "Whether it may ask who its user is (OpenID Connect); without it yes"};
constexpr Argument kIdTokenAlgorithm{ArgumentKind::value, "--id-token-alg", "ALG",
                                     "What its ID tokens are signed with: ES256 (without it), RS256, PS256 or EdDSA"};
constexpr Argument kDefaultMaxAge{ArgumentKind::value, "--default-max-age", "DURATION",
                                  "How old a sign-in may be where a request does not say; none: any age"};
constexpr Argument kPostLogoutRedirectUri{ArgumentKind::values, "--post-logout-redirect-uri", "URI",
                                          "Where a browser may go after sign-out; may stand several times"};

std::string_view name_of(GrantType grant_type) { return oauth::short_name(grant_type); }
std::string_view name_of(AuthenticationMethod method) { return oauth::to_string(method); }

template <class T>
std::string join_names(const std::vector<T>& values) {
  std::vector<std::string_view> names;
  names.reserve(values.size());
  for (const T value : values) names.push_back(name_of(value));
  return fmt::format("{}", fmt::join(names, " "));
}

std::string join_weaknesses(const oauth::Client& client) {
  std::vector<std::string> sentences;
  for (auto& weakness : oauth::find_weaknesses(client)) sentences.push_back(std::move(weakness.sentence));
  return fmt::format("{}", fmt::join(sentences, "; "));
}

/// What the client is registered for and cannot do here.
void warn_of_switched_off(Console& console, const oauth::Client& client, const ProviderConfiguration& configuration) {
  const oauth::Flows& flows = configuration.flows;
  for (const GrantType type : client.grant_types)
    if (!flows.takes(type)) console.err << fmt::format("[flows] has {} switched off.\n", oauth::short_name(type));
  if (client.requires_pushed_requests && !flows.takes_pushed_requests())
    console.err << "It must push its requests, and [flows] has pushed_requests switched off.\n";
  const auto& algorithms = configuration.keys.algorithms;
  if (client.openid && std::ranges::find(algorithms, client.id_token_algorithm) == algorithms.end())
    console.err << fmt::format("[keys] algorithms has no {0}: its ID tokens cannot be signed.\n",
                               crypto::to_string(client.id_token_algorithm));
}

/// What `--assistant` brought.
struct Assisted {
  std::string name;
  std::string title;
  std::vector<std::string> advice;
};

/// The one time that a secret is shown; a public client's answer has no such member.
void print_credentials(const Arguments& arguments, Console& console, const oauth::Client& client,
                       const oauth::ClientSecret& secret, const std::optional<Assisted>& assisted = std::nullopt) {
  if (wants_json(arguments)) {
    json::object answer{{"client_id", client.id.value()}};
    if (!secret.empty()) answer["client_secret"] = secret.reveal();
    if (assisted) {
      answer["assistant"] = assisted->name;
      answer["redirect_uris"] = list_uris(client.redirect_uris);
      answer["advice"] = json::array(assisted->advice.begin(), assisted->advice.end());
    }
    print_json(console, answer);
  } else {
    console.out << fmt::format("client_id      {}\n", client.id.value());
    if (!secret.empty())
      console.out << fmt::format("client_secret  {}\nThe secret is not shown again.\n", secret.reveal());
    if (assisted) {
      console.out << fmt::format("assistant      {} ({})\n", assisted->name, escape_controls(assisted->title));
      for (const auto& uri : client.redirect_uris) console.out << fmt::format("redirect URI   {}\n", uri.value());
      for (const std::string& sentence : assisted->advice) console.out << escape_controls(sentence) << '\n';
    }
  }
  for (const auto& weakness : oauth::find_weaknesses(client))
    console.err << fmt::format("Weakness: {}.\n", weakness.sentence);
  if (const auto refusal = foresee_refused_exchange(client); refusal && !assisted) console.err << *refusal << '\n';
  if (!assisted && client.may_use(GrantType::authorization_code) && client.redirect_uris.empty())
    console.err << fmt::format("It has no redirect URI yet: chatelaine client update {} --redirect-uri URI\n",
                               client.id.value());
}

oauth::Client find_client(Foundation& foundation, const std::string& id) {
  const auto client = block_on(foundation.storage->clients().find_client(oauth::ClientId(id)));
  if (client == nullptr) throw CommandFailed(fmt::format("there is no client {}", id));
  return *client;
}

/// Lays what was given over the client, and completes it where it is an assistant's.
void lay_options(oauth::Client& client, const Arguments& arguments, const Configuration& configuration,
                 const std::optional<oauth::AssistantProfile>& assistant) {
  const ClientOptions options = read_client_options(arguments, configuration.provider->scopes);
  apply_client_options(client, options);
  if (assistant) complete_client(client, *assistant, options);
}

std::optional<Assisted> describe_assistant(const std::optional<oauth::AssistantProfile>& assistant,
                                           const oauth::Client& client, const Configuration& configuration) {
  if (!assistant) return std::nullopt;
  return Assisted{assistant->name, assistant->title, list_advice(*assistant, client, *configuration.provider)};
}

ExitCode add(const Arguments& arguments, Console& console) {
  Session session = open_provider(arguments);
  oauth::Client client;
  client.name = arguments.get("NAME");
  if (client.name.empty()) throw WrongUsage("NAME must not be empty: users see it on the consent page");
  const auto assistant = find_assistant(arguments, session.configuration());
  if (assistant) {
    apply_profile(*assistant, client);
  } else {
    client.grant_types = {GrantType::authorization_code, GrantType::refresh_token};
    client.authentication_methods = {AuthenticationMethod::client_secret_basic,
                                     AuthenticationMethod::client_secret_post};
  }
  client.scope = declared_scope(*session.configuration().provider);
  lay_options(client, arguments, session.configuration(), assistant);
  apply_resource_options(client, arguments, make_protected_resources(*session.configuration().provider));
  check_client(client);
  const oauth::ClientSecret secret = register_client(session, client);
  print_credentials(arguments, console, client, secret, describe_assistant(assistant, client, session.configuration()));
  warn_of_switched_off(console, client, session.configuration().provider.value());
  return ExitCode::done;
}

ExitCode update(const Arguments& arguments, Console& console) {
  Session session = open_provider(arguments);
  oauth::Client client = find_client(*session, arguments.get("ID"));
  if (client.origin == oauth::ClientOrigin::metadata_document)
    throw CommandFailed(fmt::format("{} says itself what it is: its document is to be changed", client.id.value()));
  if (const auto name = arguments.find("--name")) client.name = *name;
  if (client.name.empty()) throw WrongUsage("--name must not be empty: users see it on the consent page");
  const auto assistant = find_assistant(arguments, session.configuration());
  if (assistant) refit_client(client, *assistant, arguments);
  lay_options(client, arguments, session.configuration(), assistant);
  apply_resource_options(client, arguments, make_protected_resources(*session.configuration().provider));
  // A client from before `--introspects` counts as the API's own server, as long as it acts for nobody.
  if (!client.introspects && client.acts_for_people()) client.introspects.emplace();
  check_client(client);
  oauth::ClientSecret secret;
  if (!uses_secret(client))
    client.secret_hash.reset();
  else if (!client.secret_hash)
    secret = give_secret(client, *session);
  if (!block_on(session->storage->clients().update_client(client, session->clock.now())))
    throw CommandFailed(fmt::format("there is no client {}", client.id.value()));
  print_credentials(arguments, console, client, secret, describe_assistant(assistant, client, session.configuration()));
  warn_of_switched_off(console, client, session.configuration().provider.value());
  return ExitCode::done;
}

ExitCode rotate_secret(const Arguments& arguments, Console& console) {
  Session session = open_provider(arguments);
  oauth::Client client = find_client(*session, arguments.get("ID"));
  if (!uses_secret(client))
    throw CommandFailed(fmt::format("{} has no secret: it authenticates by {}", client.id.value(),
                                    join_names(client.authentication_methods)));
  const oauth::ClientSecret secret = give_secret(client, *session);
  if (!block_on(session->storage->clients().update_client(client, session->clock.now())))
    throw CommandFailed(fmt::format("there is no client {}", client.id.value()));
  print_credentials(arguments, console, client, secret);
  return ExitCode::done;
}

ExitCode list(const Arguments& arguments, Console& console) {
  Session session = open_provider(arguments);
  const auto clients = block_on(session->storage->clients().list_clients());
  if (wants_json(arguments)) {
    json::array rows;
    for (const auto& client : clients) rows.push_back(to_json(client));
    print_json(console, rows);
    return ExitCode::done;
  }
  TextTable table({"CLIENT_ID", "NAME", "ORIGIN", "AUTHENTICATION", "SCOPE", "WEAKNESSES"});
  for (const auto& client : clients)
    table.add({client.id.value(), client.name, std::string(oauth::to_string(client.origin)),
               join_names(client.authentication_methods), client.scope.to_string(), join_weaknesses(client)});
  table.print(console.out);
  return ExitCode::done;
}

/// A text as it is, and whatever else as JSON.
std::string describe_value(const json::value& value) {
  const json::string* text = value.if_string();
  return text != nullptr ? std::string(*text) : json::serialize(value);
}

std::vector<std::string> describe_introspected(const oauth::Client& client) {
  if (!client.introspects) return {"[api] resource"};
  std::vector<std::string> names;
  for (const oauth::Resource& resource : *client.introspects) names.push_back(resource.value());
  return names;
}

ExitCode show(const Arguments& arguments, Console& console) {
  Session session = open_provider(arguments);
  const oauth::Client client = find_client(*session, arguments.get("ID"));
  if (wants_json(arguments)) {
    print_json(console, to_json(client));
    return ExitCode::done;
  }
  TextTable table({"client_id", client.id.value()});
  table.add({"name", client.name});
  table.add({"origin", std::string(oauth::to_string(client.origin))});
  for (const auto& uri : client.redirect_uris) table.add({"redirect URI", uri.value()});
  table.add({"grants", join_names(client.grant_types)});
  table.add({"authentication", join_names(client.authentication_methods)});
  if (!client.jwks_uri.empty()) table.add({"keys", client.jwks_uri});
  if (!client.jwks.empty()) table.add({"keys", client.jwks});
  table.add({"scope", client.scope.to_string()});
  table.add({"PKCE", client.pkce == oauth::PkcePolicy::optional ? "optional" : "required"});
  if (client.exchange_redirect_uri == oauth::ExchangeRedirectUri::may_be_left_out)
    table.add({"redirect_uri at exchange", "may be left out"});
  if (client.requires_pushed_requests) table.add({"pushed requests", "required"});
  table.add(
      {"OpenID Connect", client.openid ? fmt::format("yes, {}", crypto::to_string(client.id_token_algorithm)) : "no"});
  if (client.default_max_age) table.add({"default max age", format_duration(*client.default_max_age)});
  for (const auto& uri : client.post_logout_redirect_uris) table.add({"after sign-out", uri.value()});
  table.add({"origin", std::string(oauth::to_string(client.origin))});
  for (const auto& member : oauth::to_json(client.description))
    table.add({std::string(member.key()), describe_value(member.value())});
  table.add({"access tokens", std::string(access_token_format_name(client))});
  for (const std::string& resource : describe_introspected(client)) table.add({"introspects", resource});
  table.add({"created", format_instant(client.created_at)});
  for (const auto& weakness : oauth::find_weaknesses(client)) table.add({"weakness", weakness.sentence});
  table.print(console.out);
  return ExitCode::done;
}

ExitCode remove(const Arguments& arguments, Console& console) {
  Session session = open_provider(arguments);
  const std::string id = arguments.get("ID");
  if (!block_on(session->storage->clients().remove_client(oauth::ClientId(id), session->clock.now())))
    throw CommandFailed(fmt::format("there is no client {}", id));
  if (wants_json(arguments))
    print_json(console, json::object{{"removed", id}});
  else
    console.out << fmt::format("Removed {}.\n", id);
  return ExitCode::done;
}

const std::array kCommands = {
    Command{
        "add",
        "Registers a client: an assistant or another program that asks for tokens.",
        "chatelaine client add \"Todo Helper\" --redirect-uri https://chat.example.com/aip/plugin-1/oauth/callback "
        "--pkce optional",
        "id and secret, once; as JSON {\"client_id\",\"client_secret\"}, without the secret where the client has none; "
        "with --assistant also {\"assistant\",\"redirect_uris\",\"advice\"}, the last a list of sentences.",
        {{ArgumentKind::positional, "NAME", "", "What the consent page calls it"},
         kRedirectUri,
         kGrant,
         kMethod,
         kJwks,
         kJwksUri,
         kScope,
         kPkce,
         kPushedRequests,
         kOpenid,
         kIdTokenAlgorithm,
         kDefaultMaxAge,
         kPostLogoutRedirectUri,
         kAccessTokenFormat,
         kIntrospects,
         kAssistant,
         kRedirectId},
        add},
    Command{
        "list",
        "Lists the clients with where they come from and what makes them weaker than need be.",
        "chatelaine client list",
        "a table; as JSON a list of "
        "{\"client_id\",\"name\",\"origin\",\"redirect_uris\",\"grants\",\"auth_methods\",\"jwks\",\"jwks_uri\","
        "\"scope\","
        "\"pkce\",\"require_pushed_requests\",\"openid\",\"id_token_alg\",\"default_max_age\",\"post_logout_redirect_"
        "uris\",\"access_token_format\",\"introspects\",\"exchange_redirect_uri\",\"weaknesses\",\"description\","
        "\"created_at\"}.",
        {},
        list},
    Command{"show",
            "Shows one client.",
            "chatelaine client show todo-helper-7k2vq9xmpd",
            "a table; as JSON the client as in `client list`.",
            {kId},
            show},
    Command{"update",
            "Changes a client; only what is named changes. A list that is named (--redirect-uri, --grant, --scope) "
            "replaces the one before: name all that shall stand. With --assistant what the client has and the "
            "assistant can use stays; the rest becomes the assistant's. A client with a secret or a key becomes a "
            "public one by --auth-method none alone.",
            "chatelaine client update todo-helper-7k2vq9xmpd --redirect-uri https://chat.example.com/callback",
            "as `client add`; a secret only where the client had none before.",
            {kId,
             {ArgumentKind::value, "--name", "NAME", "What the consent page calls it"},
             kRedirectUri,
             kGrant,
             kMethod,
             kJwks,
             kJwksUri,
             kScope,
             kPkce,
             kPushedRequests,
             kOpenid,
             kIdTokenAlgorithm,
             kDefaultMaxAge,
             kPostLogoutRedirectUri,
             kAccessTokenFormat,
             kIntrospects,
             kAssistant,
             kRedirectId},
            update},
    Command{"rotate-secret",
            "Gives a client a new secret; the old one ends at once.",
            "chatelaine client rotate-secret todo-helper-7k2vq9xmpd",
            "as `client add`.",
            {kId},
            rotate_secret},
    Command{"remove",
            "Removes a client with its codes, consents and grants.",
            "chatelaine client remove todo-helper-7k2vq9xmpd",
            "a sentence; as JSON {\"removed\"}.",
            {kId},
            remove},
};

}  // namespace

CommandGroup client_commands() { return {"client", "The programs that ask for tokens.", kCommands}; }

}  // namespace chatelaine::app
