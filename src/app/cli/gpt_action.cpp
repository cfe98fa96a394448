#include "app/cli/gpt_action.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "app/cli/profile.hpp"
#include "app/cli/table.hpp"
#include "app/wiring/provider_settings.hpp"
#include "provider/provider.hpp"

namespace chatelaine::app {
namespace {

constexpr std::string_view kProfile = "gpt-action";
/// What the consent page calls it, until `client update --name` says better.
constexpr const char* kName = "ChatGPT";
/// The form's "Token Exchange Method"; both serve, and this is what it begins with.
constexpr std::string_view kExchangeMethod = "Default (POST request)";

std::vector<std::string> list_callback_urls(const oauth::AssistantProfile& profile, const oauth::Client& client) {
  std::vector<std::string> urls;
  urls.reserve(std::max(client.redirect_uris.size(), profile.redirects.size()));
  for (const oauth::RedirectUri& uri : client.redirect_uris) urls.push_back(uri.value());
  if (!urls.empty()) return urls;
  for (const oauth::AssistantRedirect& redirect : profile.redirects) urls.emplace_back(redirect.uri.text());
  return urls;
}

oauth::AssistantProfile find_action_profile(const Configuration& configuration) {
  return find_profile(configuration.profiles_directory, kProfile).profile;
}

}  // namespace

oauth::Client make_gpt_action_client(const Configuration& configuration, std::vector<std::string> redirect_ids) {
  return make_assistant_client(configuration.provider.value(), find_action_profile(configuration), kName,
                               std::move(redirect_ids));
}

ActionSettings register_gpt_action(Session& session, oauth::Client client) {
  const ProviderConfiguration& configuration = session.configuration().provider.value();
  const oauth::AssistantProfile profile = find_action_profile(session.configuration());
  ActionSettings settings{.client = std::move(client)};
  settings.secret = register_client(session, settings.client);
  const provider::ProviderSettings provider = make_provider_settings(session.configuration(), std::nullopt);
  const provider::ProviderPaths paths = provider::make_paths(provider);
  settings.authorization_url = provider::absolute_url(provider.issuer, paths.authorize);
  settings.token_url = provider::absolute_url(provider.issuer, paths.token);
  settings.schema_url = provider::absolute_url(provider.issuer, paths.openapi);
  settings.scope = settings.client.scope.to_string();
  settings.privacy_policy_url = configuration.plugin.legal_info_url;
  settings.callback_urls = list_callback_urls(profile, settings.client);
  settings.advice = list_advice(profile, settings.client, configuration);
  if (configuration.issuer.scheme != "https")
    settings.advice.push_back(
        fmt::format("ChatGPT calls servers by https on a public name alone: issuer is {}, which serves for a try here.",
                    configuration.issuer.text));
  return settings;
}

json::object to_json(const ActionSettings& settings) {
  return {{"client_id", settings.client.id.value()},
          {"client_secret", settings.secret.reveal()},
          {"authorization_url", settings.authorization_url},
          {"token_url", settings.token_url},
          {"scope", settings.scope},
          {"token_exchange_method", kExchangeMethod},
          {"schema_url", settings.schema_url},
          {"privacy_policy_url",
           settings.privacy_policy_url.empty() ? json::value() : json::value(settings.privacy_policy_url)},
          {"callback_urls", json::array(settings.callback_urls.begin(), settings.callback_urls.end())},
          {"advice", json::array(settings.advice.begin(), settings.advice.end())}};
}

void print_text(const ActionSettings& settings, Console& console) {
  console.out << "\nIn the GPT's editor, under Actions, with OAuth as the authentication:\n";
  TextTable table({"field", "value"});
  table.add({"Client ID", settings.client.id.value()});
  table.add({"Client Secret", std::string(settings.secret.reveal())});
  table.add({"Authorization URL", settings.authorization_url});
  table.add({"Token URL", settings.token_url});
  table.add({"Scope", settings.scope});
  table.add({"Token Exchange Method", std::string(kExchangeMethod)});
  table.add({"Schema, import from URL", settings.schema_url});
  if (!settings.privacy_policy_url.empty()) table.add({"Privacy policy", settings.privacy_policy_url});
  for (const std::string& url : settings.callback_urls) table.add({"Callback URL", url});
  table.print(console.out);
  console.out << "The secret is not shown again.\n";
  for (const std::string& sentence : settings.advice) console.out << sentence << '\n';
}

}  // namespace chatelaine::app
