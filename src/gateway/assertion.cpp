#include "gateway/assertion.hpp"

#include <algorithm>
#include <mutex>
#include <unordered_map>

#include "base/id.hpp"
#include "base/json.hpp"
#include "crypto/jws.hpp"

namespace chatelaine::gateway {

std::string sign_assertion(const oauth::AccessToken& token, const GatewaySettings& settings,
                           const crypto::SigningKey& key, Instant now) {
  const Instant expires_at = std::min(now + kAssertionLifetime, token.expires_at);
  json::object claims{{"iss", settings.issuer.value()},    {"aud", settings.resource.value()},
                      {"sub", token.subject.value()},      {"client_id", token.client_id.value()},
                      {"scope", token.scope.to_string()},  {"iat", to_numeric_date(now)},
                      {"exp", to_numeric_date(expires_at)}};
  if (token.grant_id) claims["grant"] = format_id(token.grant_id->value);
  return crypto::sign_compact(key, "chatelaine-assertion+jwt", json::serialize(claims));
}

struct AssertionCache::State {
  struct Entry {
    std::string assertion;
    Instant made_at;
  };
  std::size_t capacity;
  std::mutex mutex;
  std::unordered_map<oauth::AccessTokenId, Entry> entries;

  void make_room(Instant now) {
    if (entries.size() < capacity) return;
    std::erase_if(entries, [now](const auto& entry) { return now - entry.second.made_at >= kAssertionReuse; });
    // All are fresh: starting over costs each of them one signature.
    if (entries.size() >= capacity) entries.clear();
  }
};

AssertionCache::AssertionCache(std::size_t capacity) : state_(std::make_unique<State>()) {
  state_->capacity = capacity;
}
AssertionCache::~AssertionCache() = default;

std::string AssertionCache::find(oauth::AccessTokenId token, Instant now) const {
  const std::scoped_lock lock(state_->mutex);
  const auto found = state_->entries.find(token);
  if (found == state_->entries.end()) return {};
  const milliseconds age = now - found->second.made_at;
  // A clock that was set back must not keep an assertion alive.
  return age >= milliseconds(0) && age < kAssertionReuse ? found->second.assertion : std::string();
}

void AssertionCache::keep(oauth::AccessTokenId token, const std::string& assertion, Instant now) {
  const std::scoped_lock lock(state_->mutex);
  state_->make_room(now);
  state_->entries.insert_or_assign(token, State::Entry{assertion, now});
}

}  // namespace chatelaine::gateway
