#include "provider/documents/documents.hpp"

#include "crypto/jwk_set.hpp"
#include "net/freshness.hpp"
#include "net/json_document.hpp"

namespace chatelaine::provider {
namespace {

using net::DocumentCache;
using net::DocumentCacheLimits;
using net::DocumentFault;
using net::FreshDocument;

constexpr std::size_t kMostKeyBytes = std::size_t{64} * 1024;
constexpr std::size_t kMostDocumentBytes = std::size_t{5} * 1024;
constexpr milliseconds kTimeout{5'000};
constexpr net::FreshnessBounds kFreshness{
    .least = std::chrono::minutes{1}, .most = std::chrono::hours{1}, .otherwise = std::chrono::minutes{5}};
/// A set of keys may be large: 256 of 32 RSA keys each take some 40 MB.
constexpr DocumentCacheLimits kKeyLimits{.most_entries = 256, .most_fetches = 64};

std::unexpected<DocumentFault> definite(std::string sentence) {
  return std::unexpected(DocumentFault{DocumentFault::Kind::definite, std::move(sentence)});
}

}  // namespace

Documents::Documents(net::Fetcher& fetcher, const Live<ProviderSettings>& settings, const Clock& clock)
    : fetcher_(fetcher),
      settings_(settings),
      client_keys_([this](std::string url) { return fetch_client_keys(std::move(url)); }, clock, kKeyLimits),
      client_documents_([this](std::string url) { return fetch_client_document(std::move(url)); }, clock) {}

net::FetchPolicy Documents::policy(std::size_t most_bytes) const {
  return {.addresses = settings_.get().fetch_addresses, .most_bytes = most_bytes, .timeout = kTimeout};
}

Task<DocumentCache<ClientKeys>::Fetched> Documents::fetch_client_keys(std::string url) {
  const auto answer = co_await net::fetch_json_document(fetcher_, url, policy(kMostKeyBytes));
  if (!answer) co_return std::unexpected(answer.error());
  auto set = crypto::parse_jwk_set(answer->body);
  if (!set) co_return definite(url + " is no JWK Set: " + set.error());
  if (set->keys.empty()) {
    const std::string reason = set->ignored.empty() ? "" : " " + set->ignored.front();
    co_return definite(url + " holds no key that verifies signatures." + reason);
  }
  co_return FreshDocument<ClientKeys>{std::make_shared<const ClientKeys>(std::move(set->keys)),
                                      net::find_freshness(*answer, kFreshness)};
}

// draft-ietf-oauth-client-id-metadata-document-03 §5: a document is served with 200; what is wrong or malformed is
// told to others for no longer than the cool-down (§5.2, see DocumentCache).
Task<DocumentCache<oauth::ClientMetadataDocument>::Fetched> Documents::fetch_client_document(std::string url) {
  const auto answer = co_await net::fetch_json_document(fetcher_, url, policy(kMostDocumentBytes));
  if (!answer) co_return std::unexpected(answer.error());
  auto document = oauth::parse_client_metadata_document(oauth::ClientId(url), answer->body);
  if (!document) co_return definite(std::move(document.error()));
  co_return FreshDocument<oauth::ClientMetadataDocument>{
      std::make_shared<const oauth::ClientMetadataDocument>(std::move(*document)),
      net::find_freshness(*answer, kFreshness)};
}

}  // namespace chatelaine::provider
