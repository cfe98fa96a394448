#include "user_sources/provider_documents.hpp"

#include <algorithm>
#include <utility>

#include "crypto/jwk_set.hpp"
#include "net/freshness.hpp"
#include "net/json_document.hpp"

namespace chatelaine::user_sources {
namespace {

using net::DocumentFault;
using relying_party::OpenIdProvider;

constexpr std::size_t kMostBytes = std::size_t{64} * 1024;
constexpr milliseconds kTimeout{5'000};
constexpr net::FreshnessBounds kFreshness{
    .least = std::chrono::minutes{1}, .most = std::chrono::hours{1}, .otherwise = std::chrono::minutes{5}};
/// The operator says whose documents these are, so that few are kept. An ID token under a new key, which only the
/// source can make, is worth a look a few seconds after the last one.
constexpr net::DocumentCacheLimits kLimits{
    .most_entries = 64, .most_fetches = 16, .cool_down = seconds(5), .stale_for = std::chrono::hours{1}};

std::expected<ProviderDocuments::Keys, std::string> sentence_of(
    std::expected<ProviderDocuments::Keys, DocumentFault> outcome) {
  if (outcome) return std::move(*outcome);
  return std::unexpected(std::move(outcome.error().sentence));
}

}  // namespace

ProviderDocuments::ProviderDocuments(net::Fetcher& fetcher, const Live<SourceSettings>& settings, const Clock& clock)
    : fetcher_(fetcher),
      settings_(settings),
      metadata_([this](std::string key) { return fetch_metadata(std::move(key)); }, clock, kLimits),
      keys_([this](std::string key) { return fetch_keys(std::move(key)); }, clock, kLimits) {}

// Neither a name nor a URL has a blank.
std::string ProviderDocuments::key_of(const UserSource& source, const std::string& url) {
  return source.name + " " + url;
}

ProviderDocuments::Place ProviderDocuments::place_of(const std::string& key) {
  const auto blank = key.find(' ');
  return {key.substr(0, blank), key.substr(blank + 1)};
}

Task<std::expected<OpenIdProvider, std::string>> ProviderDocuments::find_provider(const UserSource& source) {
  const std::string url = relying_party::openid_configuration_url(source.issuer);
  auto text = co_await metadata_.find(key_of(source, url));
  if (!text) co_return std::unexpected(std::move(text.error().sentence));
  auto provider = relying_party::read_openid_provider(**text, source.issuer);
  if (!provider) {
    // Whoever mends it need not wait until the broken one is out of date.
    text = co_await metadata_.find_newer(key_of(source, url), *text);
    if (text) provider = relying_party::read_openid_provider(**text, source.issuer);
  }
  if (!provider) co_return std::unexpected(url + " " + provider.error() + ".");
  co_return std::move(*provider);
}

Task<std::expected<ProviderDocuments::Keys, std::string>> ProviderDocuments::find_keys(const UserSource& source,
                                                                                       std::string jwks_uri) {
  auto found = co_await keys_.find(key_of(source, jwks_uri));
  co_return sentence_of(std::move(found));
}

Task<std::expected<ProviderDocuments::Keys, std::string>> ProviderDocuments::find_newer_keys(const UserSource& source,
                                                                                             std::string jwks_uri,
                                                                                             Keys known) {
  auto found = co_await keys_.find_newer(key_of(source, jwks_uri), known);
  co_return sentence_of(std::move(found));
}

Task<std::expected<net::FetchedDocument, DocumentFault>> ProviderDocuments::fetch(Place place) {
  const auto& sources = settings_.get().sources;
  const auto source = std::ranges::find(sources, place.source, &UserSource::name);
  net::FetchPolicy policy{.most_bytes = kMostBytes, .timeout = kTimeout};
  if (source != sources.end()) policy.networks = source->networks;
  return net::fetch_json_document(fetcher_, std::move(place.url), std::move(policy));
}

Task<ProviderDocuments::TextCache::Fetched> ProviderDocuments::fetch_metadata(std::string key) {
  Place place = place_of(key);
  auto answer = co_await fetch(std::move(place));
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  const milliseconds fresh_for = net::find_freshness(*answer, kFreshness);
  co_return net::FreshDocument<std::string>{std::make_shared<const std::string>(std::move(answer->body)), fresh_for};
}

Task<ProviderDocuments::KeyCache::Fetched> ProviderDocuments::fetch_keys(std::string key) {
  const Place place = place_of(key);
  const auto answer = co_await fetch(place);
  if (!answer) co_return std::unexpected(answer.error());
  auto set = crypto::parse_jwk_set(answer->body);
  if (!set) {
    co_return std::unexpected(
        DocumentFault{DocumentFault::Kind::definite, place.url + " is no JWK Set: " + set.error()});
  }
  if (set->keys.empty()) {
    const std::string reason = set->ignored.empty() ? "" : " " + set->ignored.front();
    co_return std::unexpected(
        DocumentFault{DocumentFault::Kind::definite, place.url + " holds no key that verifies signatures." + reason});
  }
  auto keys = std::make_shared<const std::vector<crypto::VerificationKey>>(std::move(set->keys));
  co_return net::FreshDocument<std::vector<crypto::VerificationKey>>{std::move(keys),
                                                                     net::find_freshness(*answer, kFreshness)};
}

}  // namespace chatelaine::user_sources
