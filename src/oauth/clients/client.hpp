#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "crypto/digest.hpp"
#include "oauth/scope.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// Whether a client must send a PKCE challenge (RFC 7636). `optional` is the exception for confidential clients that
/// cannot, such as ChatGPT plugins; listings show it as a weakness.
enum class PkcePolicy : std::uint8_t { required, optional };

/// A registered client (RFC 6749 §2), as storage fills it.
struct Client {
  ClientId id;
  std::string name;
  /// SHA-256 of the secret that we generated; nothing for a public client.
  std::optional<crypto::Sha256> secret_hash;
  /// How it may authenticate at the token endpoint: `none` for a public client, else one or both of the secret methods.
  std::vector<AuthenticationMethod> authentication_methods;
  std::vector<RedirectUri> redirect_uris;
  std::vector<GrantType> grant_types;
  /// What it may ask for, and what it gets when it names no scope.
  Scope scope;
  PkcePolicy pkce = PkcePolicy::required;
  Instant created_at;

  /// RFC 6749 §2.1.
  [[nodiscard]] bool is_confidential() const { return secret_hash.has_value(); }
  [[nodiscard]] bool may_use(GrantType grant_type) const;
};

}  // namespace chatelaine::oauth
