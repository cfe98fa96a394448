#include "provider/documents/documents.hpp"

#include "base/ascii.hpp"
#include "crypto/jwk_set.hpp"
#include "provider/documents/freshness.hpp"

namespace chatelaine::provider {
namespace {

using Kind = DocumentFault::Kind;

constexpr std::size_t kMostKeyBytes = std::size_t{64} * 1024;
constexpr std::size_t kMostDocumentBytes = std::size_t{5} * 1024;
constexpr milliseconds kTimeout{5'000};
constexpr FreshnessBounds kFreshness{
    .least = std::chrono::minutes{1}, .most = std::chrono::hours{1}, .otherwise = std::chrono::minutes{5}};
/// A set of keys may be large: 256 of 32 RSA keys each take some 40 MB.
constexpr DocumentCacheLimits kKeyLimits{.most_entries = 256, .most_fetches = 64};

std::unexpected<DocumentFault> definite(std::string sentence) {
  return std::unexpected(DocumentFault{Kind::definite, std::move(sentence)});
}

/// What libcurl could not do may work the next time, and what we would not do will not.
Kind kind_of(net::FetchError::Kind kind) {
  switch (kind) {
    case net::FetchError::Kind::bad_url:
    case net::FetchError::Kind::forbidden_address:
    case net::FetchError::Kind::too_large:
      return Kind::definite;
    case net::FetchError::Kind::unresolvable:
    case net::FetchError::Kind::unreachable:
    case net::FetchError::Kind::timed_out:
    case net::FetchError::Kind::tls_failed:
    case net::FetchError::Kind::bad_answer:
      return Kind::passing;
  }
  std::unreachable();
}

bool is_json(std::string_view content_type) {
  const std::string media_type = to_lower(content_type.substr(0, content_type.find(';')));
  const std::string_view bare = std::string_view(media_type).substr(0, media_type.find_last_not_of(" \t") + 1);
  return bare == "application/json" || (bare.starts_with("application/") && bare.ends_with("+json"));
}

/// Nothing where the answer may be read.
std::optional<DocumentFault> find_fault(const std::string& url, const net::FetchedDocument& answer) {
  const std::string status = std::to_string(answer.status);
  if (answer.status >= 300 && answer.status < 400) {
    return DocumentFault{Kind::definite, url + " answered with a redirect (" + status + "), which is not followed."};
  }
  if (answer.status != 200) {
    const bool is_passing = answer.status >= 500 || answer.status == 429;
    return DocumentFault{is_passing ? Kind::passing : Kind::definite, url + " answered with status " + status + "."};
  }
  if (is_json(answer.header("Content-Type"))) return std::nullopt;
  return DocumentFault{Kind::definite, url + " is not served as application/json."};
}

}  // namespace

Documents::Documents(net::Fetcher& fetcher, const Live<ProviderSettings>& settings, const Clock& clock)
    : fetcher_(fetcher),
      settings_(settings),
      client_keys_([this](std::string url) { return fetch_client_keys(std::move(url)); }, clock, kKeyLimits),
      client_documents_([this](std::string url) { return fetch_client_document(std::move(url)); }, clock) {}

Task<std::expected<net::FetchedDocument, DocumentFault>> Documents::fetch_json(std::string url,
                                                                               std::size_t most_bytes) {
  net::FetchRequest request;
  request.url = url;
  request.headers = {{"Accept", "application/json"}};
  request.policy = {.addresses = settings_.get().fetch_addresses, .most_bytes = most_bytes, .timeout = kTimeout};
  auto answer = co_await fetcher_.fetch(std::move(request));
  if (!answer) {
    co_return std::unexpected(DocumentFault{kind_of(answer.error().kind), std::move(answer.error().message)});
  }
  if (auto fault = find_fault(url, *answer)) co_return std::unexpected(std::move(*fault));
  co_return std::move(*answer);
}

Task<DocumentCache<ClientKeys>::Fetched> Documents::fetch_client_keys(std::string url) {
  const auto answer = co_await fetch_json(url, kMostKeyBytes);
  if (!answer) co_return std::unexpected(answer.error());
  auto set = crypto::parse_jwk_set(answer->body);
  if (!set) co_return definite(url + " is no JWK Set: " + set.error());
  if (set->keys.empty()) {
    const std::string reason = set->ignored.empty() ? "" : " " + set->ignored.front();
    co_return definite(url + " holds no key that verifies signatures." + reason);
  }
  co_return FreshDocument<ClientKeys>{std::make_shared<const ClientKeys>(std::move(set->keys)),
                                      find_freshness(*answer, kFreshness)};
}

// draft-ietf-oauth-client-id-metadata-document-03 §5: a document is served with 200; what is wrong or malformed is
// told to others for no longer than the cool-down (§5.2, see DocumentCache).
Task<DocumentCache<oauth::ClientMetadataDocument>::Fetched> Documents::fetch_client_document(std::string url) {
  const auto answer = co_await fetch_json(url, kMostDocumentBytes);
  if (!answer) co_return std::unexpected(answer.error());
  auto document = oauth::parse_client_metadata_document(oauth::ClientId(url), answer->body);
  if (!document) co_return definite(std::move(document.error()));
  co_return FreshDocument<oauth::ClientMetadataDocument>{
      std::make_shared<const oauth::ClientMetadataDocument>(std::move(*document)), find_freshness(*answer, kFreshness)};
}

}  // namespace chatelaine::provider
