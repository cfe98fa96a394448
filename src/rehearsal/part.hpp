#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "crypto/jwk.hpp"
#include "inspection/target.hpp"
#include "oauth/assistants/assistant_profile.hpp"
#include "oauth/plugin/manifest.hpp"
#include "oauth/vocabulary.hpp"
#include "rehearsal/step.hpp"

namespace chatelaine::rehearsal {

using Password = Secret<struct RehearsalPasswordTag>;

/// Who signs in where nobody sits at a browser.
struct SignIn {
  std::string user;
  Password password;
};

/// What whoever rehearses says, beside the profile. Empty: not said.
struct Given {
  inspection::Target target;
  std::optional<SignIn> sign_in;
  oauth::ClientId client_id;
  std::optional<oauth::ClientSecret> client_secret;
  /// The URL of a document to be used in place of the assistant's own.
  std::string client_id_document;
  /// What stands in the open part of the redirect URI's template.
  std::string redirect_value;
  /// What is typed in at the assistant.
  std::string scope;
  std::string authorization_url;
  std::string token_url;
  std::string openapi_url;
  /// A path of the API to call by GET.
  std::string call_path;
  /// How long an access token may last so that its end is waited for.
  seconds wait{0};
};

/// What the assistant knows of the server after discovery.
struct Server {
  std::string authorization_endpoint;
  std::string token_endpoint;
  /// Empty where there is no metadata.
  std::string issuer;
  std::optional<json::object> metadata;
  std::optional<oauth::Manifest> manifest;
  /// The identifier for `resource` (RFC 8707); empty where there is none.
  std::string resource;
  /// What a connector calls.
  std::string mcp_url;
  std::string challenge_scope;
  std::vector<std::string> resource_scopes;
};

using RegistrationAccessToken = Secret<struct RehearsalRegistrationAccessTokenTag>;

/// Where a client that registered itself is managed (RFC 7592 §3).
struct Management {
  /// `registration_client_uri`, as it came.
  std::string url;
  RegistrationAccessToken token;
};

/// What the assistant is at the server.
struct Client {
  oauth::RegistrationWay way = oauth::RegistrationWay::by_hand;
  oauth::ClientId id;
  std::optional<oauth::ClientSecret> secret;
  oauth::AuthenticationMethod method = oauth::AuthenticationMethod::none;
  /// Of a client that registered itself for private_key_jwt: made for this rehearsal, and kept nowhere else.
  std::optional<crypto::SigningKey> key;
  /// Nothing where the server lets nobody manage it.
  std::optional<Management> management;
};

/// The redirect URI of a request, with the template that it comes of.
struct UsedRedirect {
  const oauth::AssistantRedirect* of = nullptr;
  oauth::RedirectUri uri;
};

/// Every redirect URI of the assistant, each template's one: with `value` in its open part, else as its example has it.
/// The error is a sentence.
[[nodiscard]] std::expected<std::vector<UsedRedirect>, std::string> list_redirects(
    const oauth::AssistantProfile& profile, std::string_view value);
/// Which of them it uses: the first; where the first needs `iss` in authorization responses (as ChatGPT's apps do) and
/// the metadata does not promise it, the next one.
[[nodiscard]] const UsedRedirect& choose_redirect(const oauth::AssistantProfile& profile,
                                                  const std::vector<UsedRedirect>& redirects, const Server& server);

/// How it becomes a client: what the operator typed in goes first, then what it prefers and the metadata allows. Where
/// its document would have it prove itself by its own key, which nobody else has, it registers itself instead.
struct WayChoice {
  std::optional<oauth::RegistrationWay> way;
  Remarks remarks;
};
[[nodiscard]] WayChoice choose_way(const oauth::AssistantProfile& profile, const Given& given, const Server& server);

/// How it will prove itself where it registers itself: as its own words say, where its profile has them; by a key only
/// where it can do nothing else that the metadata lists; else without a secret, or with one in the body.
[[nodiscard]] oauth::AuthenticationMethod choose_registered_method(const oauth::AssistantProfile& profile,
                                                                   const Server& server);

/// How a client with or without a secret proves itself here: the first method of the profile that it can use and the
/// metadata does not leave out.
[[nodiscard]] oauth::AuthenticationMethod choose_method(const oauth::AssistantProfile& profile, bool has_secret,
                                                        const Server& server);

/// What it asks for, of the sources that the profile names.
[[nodiscard]] std::string choose_scope(const oauth::AssistantProfile& profile, const Given& given,
                                       const Server& server);

/// What the metadata must say so that the assistant connects by the way that it prefers, and does not.
[[nodiscard]] Remarks judge_needs(const oauth::AssistantProfile& profile, const Server& server);

/// Whether the metadata has the member `true`.
[[nodiscard]] bool promises(const Server& server, std::string_view member);

}  // namespace chatelaine::rehearsal
