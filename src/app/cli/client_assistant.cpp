#include "app/cli/client_assistant.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/cli/profile.hpp"
#include "base/ascii.hpp"
#include "base/contains.hpp"
#include "oauth/assistants/assistant_client.hpp"

namespace chatelaine::app {
namespace {

using oauth::AssistantProfile;
using oauth::AssistantRedirect;
using oauth::RegistrationWay;

bool takes_document_of(const ProviderConfiguration& configuration, const std::string& document) {
  const auto& hosts = configuration.documents.allowed_hosts;
  const auto url = parse_http_url(document);
  return configuration.flows.client_id_metadata_documents && url &&
         (hosts.empty() || contains(hosts, url->authority()));
}

/// How the assistant would become a client here by itself.
std::vector<std::string_view> list_own_ways(const AssistantProfile& profile,
                                            const ProviderConfiguration& configuration) {
  std::vector<std::string_view> ways;
  for (const RegistrationWay way : profile.registration) {
    switch (way) {
      case RegistrationWay::metadata_document:
        if (takes_document_of(configuration, profile.metadata_document)) ways.emplace_back("by its metadata document");
        break;
      case RegistrationWay::dynamic:
        if (configuration.registration.mode == oauth::RegistrationMode::open)
          ways.emplace_back("by dynamic registration");
        break;
      case RegistrationWay::by_hand:
        break;
    }
  }
  return ways;
}

/// The redirect URIs of which something is to be found out still.
std::vector<AssistantRedirect> list_open(const AssistantProfile& profile, const oauth::Client& client) {
  std::vector<AssistantRedirect> open;
  for (const AssistantRedirect& redirect : profile.redirects) {
    const auto fits = [&](const oauth::RedirectUri& uri) { return redirect.uri.match(uri.value()).has_value(); };
    if (!redirect.uri.complete() && std::ranges::none_of(client.redirect_uris, fits)) open.push_back(redirect);
  }
  return open;
}

std::string advise_redirect(const AssistantProfile& profile, const oauth::Client& client,
                            const std::vector<AssistantRedirect>& open) {
  std::vector<std::string_view> templates;
  templates.reserve(open.size());
  for (const AssistantRedirect& redirect : open) templates.push_back(redirect.uri.text());
  const std::string& placeholder = open.front().uri.placeholder();
  std::string advice = fmt::format(
      "Not registered yet: {}. Once the {} is known: chatelaine client update {} --assistant {} --redirect-id {}",
      fmt::join(templates, " "), placeholder, client.id.value(), profile.name, to_upper(placeholder));
  if (!open.front().note.empty()) advice += fmt::format(" ({})", open.front().note);
  return advice;
}

bool registers_itself(const AssistantProfile& profile) {
  return profile.registers(RegistrationWay::metadata_document) || profile.registers(RegistrationWay::dynamic);
}

}  // namespace

std::optional<AssistantProfile> find_assistant(const Arguments& arguments, const Configuration& configuration) {
  const auto name = arguments.find("--assistant");
  if (!name) {
    if (arguments.has("--redirect-id")) throw WrongUsage("--redirect-id goes with --assistant");
    return std::nullopt;
  }
  return find_profile(configuration.profiles_directory, *name).profile;
}

void refit_client(oauth::Client& client, const AssistantProfile& profile, const Arguments& arguments) {
  const bool was_public = client.may_authenticate_by(oauth::AuthenticationMethod::none);
  oauth::apply_profile(profile, client);
  const bool is_public = client.may_authenticate_by(oauth::AuthenticationMethod::none);
  if (is_public && !was_public && !arguments.has("--auth-method"))
    throw WrongUsage(fmt::format(
        "--assistant {}: It authenticates in none of the client's ways, and would make it a public one that has no "
        "secret and no key: --auth-method none says that this is meant.",
        profile.name));
}

oauth::Client make_assistant_client(const ProviderConfiguration& configuration, const AssistantProfile& profile,
                                    std::string name, std::vector<std::string> redirect_ids) {
  oauth::Client client;
  client.name = std::move(name);
  oauth::apply_profile(profile, client);
  client.scope = declared_scope(configuration);
  complete_client(client, profile, {.redirect_ids = std::move(redirect_ids)});
  check_client(client);
  return client;
}

void complete_client(oauth::Client& client, const AssistantProfile& profile, const ClientOptions& options) {
  const auto refuse = [&](std::string_view why) {
    throw WrongUsage(fmt::format("--assistant {}: {}", profile.name, why));
  };
  if (!profile.registers(RegistrationWay::by_hand)) refuse("It registers itself and takes no client by hand.");
  // Like the list of --redirect-uri, what is named replaces what was there.
  const bool keeps_none = !options.redirect_ids.empty() && !options.redirect_uris;
  auto uris = oauth::list_redirect_uris(profile, keeps_none ? std::vector<oauth::RedirectUri>() : client.redirect_uris,
                                        options.redirect_ids);
  if (!uris) refuse(uris.error().description);
  client.redirect_uris = std::move(*uris);
  oauth::take_secret_by_every_way(profile, client);
  if (const auto checked = oauth::check_client_for(profile, client); !checked) refuse(checked.error().description);
}

std::optional<std::string> foresee_refused_exchange(const oauth::Client& client) {
  if (client.exchange_redirect_uri == oauth::ExchangeRedirectUri::repeated || client.redirect_uris.empty() ||
      client.may_leave_out_redirect_uri())
    return std::nullopt;
  const std::string why =
      client.is_confidential() ? fmt::format("has {}", client.redirect_uris.size()) : std::string("is a public client");
  return fmt::format(
      "Its token request may do without redirect_uri only where it has a secret or a key and exactly one redirect URI. "
      "It {}: until that changes, a sign-in fails whose token request leaves redirect_uri out.",
      why);
}

std::vector<std::string> list_advice(const AssistantProfile& profile, const oauth::Client& client,
                                     const ProviderConfiguration& configuration) {
  std::vector<std::string> advice;
  if (const auto open = list_open(profile, client); !open.empty())
    advice.push_back(advise_redirect(profile, client, open));
  const auto ways = list_own_ways(profile, configuration);
  if (!ways.empty())
    advice.push_back(
        fmt::format("{} would register itself here, {}: it needs this client only where its credentials "
                    "are typed in at the assistant.",
                    profile.title, fmt::join(ways, " or ")));
  else if (registers_itself(profile))
    advice.push_back(fmt::format(
        "{} would register itself, which this configuration does not let it: type the credentials in at the assistant.",
        profile.title));
  if (auto refusal = foresee_refused_exchange(client)) advice.push_back(std::move(*refusal));
  return advice;
}

}  // namespace chatelaine::app
