#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oauth/clients/client.hpp"
#include "oauth/flows.hpp"
#include "oauth/handle.hpp"
#include "oauth/oauth_error.hpp"
#include "oauth/scope.hpp"

/// Dynamic client registration (RFC 7591) and its management (RFC 7592), with the names of OpenID Connect Dynamic
/// Client Registration §2.
namespace chatelaine::oauth {

/// Who may register a client (`[registration] mode`).
enum class RegistrationMode : std::uint8_t {
  /// Whoever asks: today's assistants need it, and what they get is nothing that a person does not consent to.
  open,
  /// Who brings an initial access token (RFC 7591 §3).
  token,
  off,
};

/// Who asks: a stranger may have nothing that a person does not consent to; an initial access token is an operator's
/// word for its holder.
enum class Registrant : std::uint8_t { stranger, token_holder };

/// What the answer depends on beside the request.
struct RegistrationPolicy {
  Registrant registrant = Registrant::stranger;
  Flows flows;
  /// Every scope for the API that a client may have.
  Scope declared_scopes;
  /// What ID tokens can be signed with here.
  std::vector<crypto::SignatureAlgorithm> id_token_algorithms;
};

/// A client's metadata as it will be registered, defaults filled in (RFC 7591 §2).
struct ClientMetadata {
  /// Empty where it names none.
  std::string name;
  AuthenticationMethod authentication_method = AuthenticationMethod::client_secret_basic;
  std::vector<RedirectUri> redirect_uris;
  std::vector<GrantType> grant_types;
  Scope scope;
  bool openid = true;
  std::string jwks;
  std::string jwks_uri;
  crypto::SignatureAlgorithm id_token_algorithm = crypto::SignatureAlgorithm::ES256;
  bool requires_pushed_requests = false;
  std::vector<RedirectUri> post_logout_redirect_uris;
  std::optional<seconds> default_max_age;
  ClientDescription description;

  friend bool operator==(const ClientMetadata&, const ClientMetadata&) = default;
};

/// The metadata of a registration or update request, each member checked and all of them fitting together, or one of
/// the errors of RFC 7591 §3.2.2 with a sentence that names the member. Members that we do not know are ignored (§2);
/// null, an empty text and an empty list count as absent. What we know and cannot honour (encryption, pairwise
/// subjects, …) is refused rather than ignored, since a client would otherwise rely on it.
[[nodiscard]] Result<ClientMetadata> check_registration(const boost::json::object& request,
                                                        const RegistrationPolicy& policy);

/// RFC 7592 §2.2: what an update request says beside the metadata: `client_id` must be this client's, a
/// `client_secret` the one that it has, and nothing of what only the server says may stand in it.
[[nodiscard]] Result<void> check_update(const boost::json::object& request, const Client& client);
/// Who the client counts as in an update: what it was once given by an operator it may keep.
[[nodiscard]] Registrant registrant_of(const Client& client);

/// Puts the metadata in place of the client's before. What metadata cannot say stays: id, secret, PKCE, origin.
void apply_metadata(const ClientMetadata& metadata, Client& client);
/// Whether a client that authenticates so has a secret.
[[nodiscard]] bool has_secret(AuthenticationMethod method);

/// Everything that is registered of a client under its name in RFC 7591 §2, and so what it would have to send to be
/// registered so.
[[nodiscard]] boost::json::object describe_metadata(const Client& client);
/// RFC 7591 §3.2.1: the same after `client_id` and `client_id_issued_at`. The secrets are the caller's to add.
[[nodiscard]] boost::json::object describe_client(const Client& client);
/// What two registrations have in common that ask for the same.
[[nodiscard]] crypto::Sha256 digest_metadata(const ClientMetadata& metadata);

/// RFC 7592 §2: whether the token is the client's registration access token, or the one before it while that counts.
/// `client` is null where there is none; that costs the same.
[[nodiscard]] bool is_registration_token_of(const Client* client, const Handle& presented);

}  // namespace chatelaine::oauth
