#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/time.hpp"
#include "crypto/jwk.hpp"
#include "provider/provider.hpp"
#include "provider/testing/http_text.hpp"
#include "provider/testing/watched_storage.hpp"
#include "provider/testing/web.hpp"

namespace chatelaine::provider::testing {

/// The small world of the provider's tests: an authorization server over the in-memory storage with fixed clock,
/// randomness and keys, so that everything but ECDSA signatures is the same in every run. Who lives there:
///
/// | client | secret | what it is |
/// |---|---|---|
/// | todo-plugin | secret-of-todo-plugin | ChatGPT plugin: no PKCE needed; lists:read lists:write |
/// | strict-web | secret-of-strict-web | confidential, PKCE required, two redirect URIs, Basic only |
/// | desktop-app | none | public, loopback redirect |
/// | worker | secret-of-worker | client_credentials only; lists:read; introspects the API's tokens |
/// | newcomer | secret-of-newcomer | no redirect URI yet |
/// | signer | none: private_key_jwt | its key (signer_key) is registered; client_credentials too |
/// | publisher | none: private_key_jwt | publishes its keys at kPublishedKeys, where there is nothing yet |
/// | tv-app | none | public, device_code and refresh_token alone, no redirect URI |
/// | push-only | secret-of-push-only | as todo-plugin, but must push its requests |
/// | portal | secret-of-portal | signs people in with OpenID Connect; lists:read |
/// | organizer | secret-of-organizer | every grant type, no PKCE needed; lists:read lists:write notes:read |
/// | notes-api | secret-of-notes-api | the server of Notes, and introspects its tokens |
///
/// Tokens can be for https://todo.example.com, the default, which is also called urn:example:todo, and for
/// https://notes.example.com/mcp (Notes: notes:read and lists:read, opaque, 30 seconds).
///
/// Nobody has registered https://published.example/client.json (public) and https://local.example/client.json (on
/// loopback alone): they say themselves what they are.
///
/// And ada@example.com (subject user-1815), whose password is kPassword.
class World {
 public:
  World();
  ~World();

  /// The provider's answer; a fault in it travels as an exception.
  [[nodiscard]] TestResponse send(const TestRequest& request);

  /// Signs ada in through the real pages, or another user with her password; the value of the Cookie header from then
  /// on.
  [[nodiscard]] std::string sign_in(std::string_view email = kEmail);
  /// Adds a user with ada's password.
  oauth::UserId add_user(const std::string& email);
  /// What was noted of the last request for the flight recorder.
  [[nodiscard]] const FlightNotes& notes() const;
  void move_clock(milliseconds by);
  /// Where requests come from, from now on; 192.0.2.7 before.
  void set_address(std::string address);
  [[nodiscard]] Instant now() const;
  /// Replaces the settings by changed ones, as a SIGHUP does.
  void change_settings(const std::function<void(ProviderSettings&)>& change);
  [[nodiscard]] storage::Storage& storage();
  /// What the provider's fetches find.
  [[nodiscard]] Web& web();
  /// Watches the use of storage from now on; an empty one ends it.
  void watch_storage(StorageWatch watch);
  /// Every path that the router knows, the provider's own beside the accounts'.
  [[nodiscard]] std::vector<std::string> paths() const;
  [[nodiscard]] tokens::KeyRing& keys();
  [[nodiscard]] tokens::Verifier& verifier();
  /// `key rotate --now` for the algorithm.
  void add_signing_key(crypto::SignatureAlgorithm algorithm);
  /// `key rotate --purpose refresh_tokens --now`.
  void rotate_refresh_token_key();
  [[nodiscard]] oauth::UserId ada() const;
  /// Every event that was logged with its fields, a line each.
  [[nodiscard]] const std::string& log() const;

  static constexpr std::string_view kEmail = "ada@example.com";
  static constexpr std::string_view kPassword = "the-obviously-fake-password-of-ada";
  static constexpr const char* kIssuer = "https://todo.example.com";
  static constexpr std::string_view kPortalRedirect = "https://portal.example/callback";
  static constexpr std::string_view kPluginRedirect =
      "https://chat.openai.com/aip/plugin-0123456789abcdef0123456789abcdef/oauth/callback";
  static constexpr std::string_view kPublishedKeys = "https://publisher.example/jwks";

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// POST of form parameters: `{"grant_type", "refresh_token"}, …`.
[[nodiscard]] TestRequest post_form(std::string target, const std::vector<Form::Field>& fields);
/// POST of a JSON text.
[[nodiscard]] TestRequest post_json(std::string target, std::string body);
[[nodiscard]] TestRequest get(std::string target);
/// A POST of a body as it stands, under that content type.
[[nodiscard]] TestRequest post_raw(std::string target, std::string content_type, std::string body);
/// HTTP Basic credentials for the client; its secret is `secret-of-` and its id.
[[nodiscard]] std::string basic(std::string_view client_id);

/// The key of the client signer.
[[nodiscard]] const crypto::SigningKey& signer_key();
/// The claims of a good assertion of a client for this server, with a jti that no other has.
[[nodiscard]] json::object make_assertion_claims(const World& world, std::string_view client_id);
[[nodiscard]] std::string sign_assertion(const json::object& claims, const crypto::SigningKey& key = signer_key());
/// client_assertion_type and client_assertion, a fresh one of the client, after the other fields.
[[nodiscard]] std::vector<Form::Field> with_assertion(const World& world, std::string_view client_id,
                                                      std::vector<Form::Field> fields);

/// Sends the form of a consent page: "allow" or "deny".
[[nodiscard]] TestResponse decide(World& world, const std::string& cookie, const TestResponse& page,
                                  const std::string& decision);
/// What ends a visit of portal to the authorization endpoint: `more` (such as `&prompt=login`) behind a sound query of
/// it.
[[nodiscard]] TestRequest portal_request(const std::string& more, std::string_view scope = "openid");
/// Exchanges the code that an answer's redirect holds, as portal: the answer of the token endpoint.
[[nodiscard]] TestResponse redeem_for_portal(World& world, const TestResponse& answer);
/// The claims of a JWT, unverified.
[[nodiscard]] std::string jwt_claims(const std::string& jwt);
/// Walks todo-plugin through authorize and consent: the code that it gets.
[[nodiscard]] std::string obtain_code(World& world, const std::string& cookie);
/// Exchanges a new code of todo-plugin: the answer of the token endpoint.
[[nodiscard]] TestResponse obtain_tokens(World& world);

/// tv-app asks for a device code.
[[nodiscard]] TestResponse ask_for_device_code(World& world);
/// tv-app polls.
[[nodiscard]] TestResponse poll(World& world, const std::string& device_code);
/// Types a user code on the page for it: the page that asks for consent, or says what is wrong.
[[nodiscard]] TestResponse type_user_code(World& world, const std::string& cookie, const std::string& user_code);
/// Sends the form of that page: "allow" or "deny".
[[nodiscard]] TestResponse decide_device(World& world, const std::string& cookie, const TestResponse& page,
                                         const std::string& decision);
/// A new device code of tv-app that ada has allowed.
[[nodiscard]] std::string obtain_allowed_device_code(World& world);

}  // namespace chatelaine::provider::testing
