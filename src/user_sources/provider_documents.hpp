#pragma once

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "base/live.hpp"
#include "crypto/jwk.hpp"
#include "net/document_cache.hpp"
#include "net/fetch.hpp"
#include "relying_party/openid/provider_metadata.hpp"
#include "user_sources/user_sources.hpp"

namespace chatelaine::user_sources {

/// What sources publish: fetched through the one door, kept while fresh, and for an hour more while the source does
/// not answer. Each source has its own, since each has networks of its own: what one publishes leads nobody into
/// another's. Thread-safe.
class ProviderDocuments {
 public:
  /// The keys at a `jwks_uri`; at least one.
  using Keys = std::shared_ptr<const std::vector<crypto::VerificationKey>>;

  ProviderDocuments(net::Fetcher& fetcher, const Live<SourceSettings>& settings, const Clock& clock);

  // `source` is one of the settings' (at whatever time): Live keeps it.
  /// The metadata of the source's issuer, or why it cannot be used: a sentence for the log.
  [[nodiscard]] Task<std::expected<relying_party::OpenIdProvider, std::string>> find_provider(const UserSource& source);
  [[nodiscard]] Task<std::expected<Keys, std::string>> find_keys(const UserSource& source, std::string jwks_uri);
  /// A later reading than `known`; `known` itself where it was read only just now.
  [[nodiscard]] Task<std::expected<Keys, std::string>> find_newer_keys(const UserSource& source, std::string jwks_uri,
                                                                       Keys known);

 private:
  using KeyCache = net::DocumentCache<std::vector<crypto::VerificationKey>>;
  using TextCache = net::DocumentCache<std::string>;

  /// A document by the name of its source and its URL.
  struct Place {
    std::string source;
    std::string url;
  };
  [[nodiscard]] static std::string key_of(const UserSource& source, const std::string& url);
  [[nodiscard]] static Place place_of(const std::string& key);
  [[nodiscard]] Task<std::expected<net::FetchedDocument, net::DocumentFault>> fetch(Place place);
  [[nodiscard]] Task<TextCache::Fetched> fetch_metadata(std::string key);
  [[nodiscard]] Task<KeyCache::Fetched> fetch_keys(std::string key);

  net::Fetcher& fetcher_;
  const Live<SourceSettings>& settings_;
  TextCache metadata_;
  KeyCache keys_;
};

}  // namespace chatelaine::user_sources
