#pragma once

#include <vector>

#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// Which parts of the protocol the operator has switched on (`[flows]`). One that is off is as if it had never been
/// built: its endpoint is not there, its grant type is unknown, and the metadata says nothing of it. Each member is a
/// row of provider/endpoints/discovery_test.cpp, which compares the three.
struct Flows {
  bool authorization_code = true;
  /// Off: the other grants give no refresh token either.
  bool refresh_token = true;
  bool client_credentials = true;
  bool device_code = true;
  bool pushed_requests = true;
  /// RFC 9126 §5: whether every client must push its requests, whatever its registration says.
  bool require_pushed_requests = false;
  /// Whether a client_id may be the URL of the client's own document.
  bool client_id_metadata_documents = true;
  bool introspection = true;
  bool revocation = true;
  /// OpenID Connect: ID tokens, the UserInfo endpoint, RP-initiated logout, and the scopes that ask for them.
  bool openid = true;

  friend bool operator==(const Flows&, const Flows&) = default;

  [[nodiscard]] bool takes(GrantType grant_type) const;
  /// Such a client begins with a person whom it sends here.
  [[nodiscard]] bool takes_document_clients() const { return authorization_code && client_id_metadata_documents; }
  /// Where no browser is sent, nobody has a use for a pushed request.
  [[nodiscard]] bool takes_pushed_requests() const { return authorization_code && pushed_requests; }
  /// Whoever signs a person in sends a browser.
  [[nodiscard]] bool takes_openid() const { return authorization_code && openid; }
  /// Those that are on, in the order in which the metadata lists them.
  [[nodiscard]] std::vector<GrantType> grant_types() const;
};

}  // namespace chatelaine::oauth
