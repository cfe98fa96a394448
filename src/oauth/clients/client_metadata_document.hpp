#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/uri.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/scope.hpp"
#include "oauth/vocabulary.hpp"

/// Clients that nobody registers: the client_id is the URL of a document in which the client says what it is (OAuth
/// Client ID Metadata Document, draft-ietf-oauth-client-id-metadata-document-03; MCP authorization, release
/// 2026-07-28).
namespace chatelaine::oauth {

/// Whether the client_id may be the URL of such a document: it begins with `https://`, as none that we make does.
[[nodiscard]] bool names_document(const ClientId& client_id);

/// The URL of the client's document. The error is a sentence for the client's author: another scheme than https, a user
/// name, a fragment, no path, dot segments, or more than 512 characters.
[[nodiscard]] std::expected<HttpUrl, std::string> parse_document_url(const ClientId& client_id);

/// What a client's document says, read and found good.
struct ClientMetadataDocument {
  /// Equal to the document's URL, byte for byte.
  ClientId client_id;
  std::string name;
  std::vector<RedirectUri> redirect_uris;
  std::vector<GrantType> grant_types;
  /// `none` or `private_key_jwt`.
  AuthenticationMethod method = AuthenticationMethod::none;
  std::string jwks;
  std::string jwks_uri;
  /// What it wants to ask for; nothing where it does not say.
  std::optional<Scope> scope;
  bool requires_pushed_requests = false;
};

/// Reads the document at `client_id`. Members that are not ours are ignored. The error is a sentence for the client's
/// author: what is missing, wrong, or a secret that no public document can keep.
[[nodiscard]] std::expected<ClientMetadataDocument, std::string> parse_client_metadata_document(
    const ClientId& client_id, std::string_view text);

/// The client of the document. It may ask for what it wants among `offered`, the server's scopes, and for all of them
/// where it does not say; PKCE is required of it.
[[nodiscard]] Client make_client(const ClientMetadataDocument& document, const Scope& offered, Instant now);

}  // namespace chatelaine::oauth
