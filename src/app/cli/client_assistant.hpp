#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cli/client_registration.hpp"
#include "oauth/assistants/assistant_profile.hpp"

/// `client add` and `client update` with `--assistant`: a client that fits what is known of an assistant.
namespace chatelaine::app {

inline constexpr Argument kAssistant{
    ArgumentKind::value, "--assistant", "PROFILE",
    "Fits the client to an assistant (`chatelaine profile list`): its grants, its ways to authenticate, PKCE (optional "
    "where it cannot do that) and its redirect URIs. Where it leaves redirect_uri out of its token request the client "
    "may, as long as it has a secret or a key and exactly one redirect URI; that is listed as a weakness. What is "
    "given beside it goes before, and is refused where it cannot go together with it"};
inline constexpr Argument kRedirectId{
    ArgumentKind::values, "--redirect-id", "ID",
    "With --assistant: what stands in place of the {…} in its redirect URIs, on every host that it has; may stand "
    "several times, and replaces the redirect URIs that the client has. A whole callback URL that fits one of them "
    "serves, too"};

/// The profile that `--assistant` names; nothing without it. Throws WrongUsage for one that there is not, for faults in
/// the files, and for `--redirect-id` without it.
[[nodiscard]] std::optional<oauth::AssistantProfile> find_assistant(const Arguments& arguments,
                                                                    const Configuration& configuration);

/// Completes a client over which the profile and then `options` were laid: gives it the redirect URIs that the profile
/// knows beside those that it has, and lets it take a secret by every way in which the assistant sends one. Throws
/// WrongUsage where the assistant could not be this client.
void complete_client(oauth::Client& client, const oauth::AssistantProfile& profile, const ClientOptions& options);

/// Lays the profile over a client that there is. Throws WrongUsage where that would make it a public one and
/// `--auth-method` does not ask for it: its secret would be gone.
void refit_client(oauth::Client& client, const oauth::AssistantProfile& profile, const Arguments& arguments);

/// A client with every declared scope for an assistant that takes one by hand; without its id and secret. Throws
/// WrongUsage for a redirect id that fills none of its templates.
[[nodiscard]] oauth::Client make_assistant_client(const ProviderConfiguration& configuration,
                                                  const oauth::AssistantProfile& profile, std::string name,
                                                  std::vector<std::string> redirect_ids);

/// RFC 6749 §4.1.3: a sentence where the client may leave redirect_uri out of its token request, and with what is
/// registered of it will be refused all the same. Nothing as long as it has no redirect URI at all.
[[nodiscard]] std::optional<std::string> foresee_refused_exchange(const oauth::Client& client);

/// What the operator should know or do next, a sentence each.
[[nodiscard]] std::vector<std::string> list_advice(const oauth::AssistantProfile& profile, const oauth::Client& client,
                                                   const ProviderConfiguration& configuration);

}  // namespace chatelaine::app
