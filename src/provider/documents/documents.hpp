#pragma once

#include <string>
#include <vector>

#include "base/live.hpp"
#include "crypto/jwk.hpp"
#include "net/document_cache.hpp"
#include "net/fetch.hpp"
#include "oauth/clients/client_metadata_document.hpp"
#include "provider/provider.hpp"

namespace chatelaine::provider {

/// The keys at a client's `jwks_uri`; at least one.
struct ClientKeys {
  std::vector<crypto::VerificationKey> keys;
};

/// What the provider fetches of its clients, always through the one door (net/fetch): https to public addresses alone
/// unless `fetch_addresses` says otherwise (draft-ietf-oauth-client-id-metadata-document-03 §8.6), no redirects,
/// bounded in size and time, and JSON (THREATS N40, N41).
/// Thread-safe.
class Documents {
 public:
  /// What it is given outlives it.
  Documents(net::Fetcher& fetcher, const Live<ProviderSettings>& settings, const Clock& clock);

  /// JWK Sets by `jwks_uri`: at most 64 KiB, kept for a minute to an hour.
  [[nodiscard]] net::DocumentCache<ClientKeys>& client_keys() { return client_keys_; }
  /// What clients say of themselves, by client_id: at most 5 KiB (draft-ietf-oauth-client-id-metadata-document-03
  /// §8.7), kept for a minute to an hour.
  [[nodiscard]] net::DocumentCache<oauth::ClientMetadataDocument>& client_documents() { return client_documents_; }

 private:
  [[nodiscard]] Task<net::DocumentCache<ClientKeys>::Fetched> fetch_client_keys(std::string url);
  [[nodiscard]] Task<net::DocumentCache<oauth::ClientMetadataDocument>::Fetched> fetch_client_document(std::string url);
  [[nodiscard]] net::FetchPolicy policy(std::size_t most_bytes) const;

  net::Fetcher& fetcher_;
  const Live<ProviderSettings>& settings_;
  net::DocumentCache<ClientKeys> client_keys_;
  net::DocumentCache<oauth::ClientMetadataDocument> client_documents_;
};

}  // namespace chatelaine::provider
