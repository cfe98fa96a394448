#pragma once

#include "app/cli/client_assistant.hpp"

/// `expose --gpt-action`: what the author of a custom GPT types into the form of an action.
namespace chatelaine::app {

/// A client that was made for an action, and where its fields lead.
struct ActionSettings {
  oauth::Client client;
  /// Shown once.
  oauth::ClientSecret secret;
  std::string authorization_url;
  std::string token_url;
  /// Of everything that the client may ask for, with blanks between.
  std::string scope;
  /// What the editor imports the operations from.
  std::string schema_url;
  /// Empty: the configuration names none.
  std::string privacy_policy_url;
  /// The callback URLs, by host; templates where the GPT's id is not known yet.
  std::vector<std::string> callback_urls;
  /// What to do next, or to change, a sentence each.
  std::vector<std::string> advice;
};

/// The client, by the profile `gpt-action`, before anything is kept. Throws WrongUsage where the profile cannot be
/// read, or a redirect id fills none of its templates.
[[nodiscard]] oauth::Client make_gpt_action_client(const Configuration& configuration,
                                                   std::vector<std::string> redirect_ids);
/// Registers it. Throws CommandFailed where it cannot be kept.
[[nodiscard]] ActionSettings register_gpt_action(Session& session, oauth::Client client);

/// `{"client_id","client_secret","authorization_url","token_url","scope","token_exchange_method","schema_url",
/// "privacy_policy_url","callback_urls","advice"}`; `privacy_policy_url` is null where there is none.
[[nodiscard]] json::object to_json(const ActionSettings& settings);
/// The form's fields by their labels. The secret is shown this once.
void print_text(const ActionSettings& settings, Console& console);

}  // namespace chatelaine::app
