#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cli/session.hpp"
#include "oauth/clients/client.hpp"

namespace chatelaine::app {

/// What the options of `client add` and `client update` say, each checked by itself. What was not given is nothing.
struct ClientOptions {
  std::optional<std::vector<oauth::RedirectUri>> redirect_uris;
  /// What stands in the open part of an assistant's redirect URIs.
  std::vector<std::string> redirect_ids;
  std::optional<std::vector<oauth::GrantType>> grant_types;
  std::optional<std::vector<oauth::AuthenticationMethod>> authentication_methods;
  /// The client's keys, or where it publishes them: at most one of the two.
  std::optional<std::string> jwks;
  std::optional<std::string> jwks_uri;
  std::optional<oauth::Scope> scope;
  std::optional<oauth::PkcePolicy> pkce;
  std::optional<bool> openid;
  std::optional<crypto::SignatureAlgorithm> id_token_algorithm;
  std::optional<std::optional<seconds>> default_max_age;
  std::optional<std::vector<oauth::RedirectUri>> post_logout_redirect_uris;
  std::optional<bool> requires_pushed_requests;
};

/// Throws WrongUsage with a sentence. `declared`: the scopes of the configuration; where there are any, only those are
/// taken.
[[nodiscard]] ClientOptions read_client_options(const Arguments& arguments,
                                                const std::vector<ScopeConfiguration>& declared);

/// Lays the options over a client; the rest of it stays. Throws WrongUsage where keys come for a client that would not
/// use them.
void apply_client_options(oauth::Client& client, const ClientOptions& options);

/// Whether its parts fit together (a public client has no secret to be granted something for); throws WrongUsage.
void check_client(const oauth::Client& client);

/// Every scope that is declared: what a client may ask for without `--scope`.
[[nodiscard]] oauth::Scope declared_scope(const ProviderConfiguration& configuration);

/// A fresh secret; the client keeps its hash.
[[nodiscard]] oauth::ClientSecret give_secret(oauth::Client& client, Foundation& foundation);

/// Gives the client an id and, where it uses one, a secret, and keeps it. The secret is empty where it uses none.
/// Throws CommandFailed where it cannot be kept.
[[nodiscard]] oauth::ClientSecret register_client(Session& session, oauth::Client& client);

/// Whether the client proves itself with a secret, and so needs one.
[[nodiscard]] bool uses_secret(const oauth::Client& client);

[[nodiscard]] json::array list_uris(const std::vector<oauth::RedirectUri>& uris);

/// `{"client_id","name","origin","redirect_uris","grants","auth_methods","jwks","jwks_uri","scope","pkce",
/// "require_pushed_requests","openid","id_token_alg","default_max_age","post_logout_redirect_uris",
/// "access_token_format","introspects","exchange_redirect_uri","weaknesses","description","created_at"}`;
/// `default_max_age` in seconds; it, `jwks` and `jwks_uri` are null where there is none; `introspects` as
/// list_introspected gives it; `exchange_redirect_uri` is "repeated" or "may_be_left_out"; `weaknesses` are sentences.
[[nodiscard]] json::object to_json(const oauth::Client& client);

}  // namespace chatelaine::app
