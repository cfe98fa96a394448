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
  std::optional<std::vector<oauth::GrantType>> grant_types;
  std::optional<std::vector<oauth::AuthenticationMethod>> authentication_methods;
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

/// Lays the options over a client; the rest of it stays.
void apply_client_options(oauth::Client& client, const ClientOptions& options);

/// Whether its parts fit together (a public client has no secret to be granted something for); throws WrongUsage.
void check_client(const oauth::Client& client);

/// A short, URL-safe id that one recognises in a log: `todo-helper-7k2vq9xmpd`.
[[nodiscard]] oauth::ClientId make_client_id(std::string_view name, Randomness& randomness);

/// What makes a client easier to attack than it need be, a sentence each.
[[nodiscard]] std::vector<std::string> find_weaknesses(const oauth::Client& client);

/// `{"client_id","name","redirect_uris","grants","auth_methods","scope","pkce","require_pushed_requests",
/// "openid","id_token_alg","default_max_age","post_logout_redirect_uris","weaknesses","created_at"}`;
/// `default_max_age` in seconds or null.
[[nodiscard]] json::object to_json(const oauth::Client& client);

}  // namespace chatelaine::app
