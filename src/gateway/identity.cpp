#include "gateway/identity.hpp"

#include <mutex>
#include <unordered_map>

#include "base/id.hpp"

namespace chatelaine::gateway {
namespace {

/// Nothing that could end a header's line, or be read in two ways, passes.
std::string encode_value(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f && c != '%') {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 0xf];
    }
  }
  return out;
}

std::string encode_scope(const oauth::Scope& scope) {
  std::string out;
  for (const std::string& token : scope.tokens()) {
    if (!out.empty()) out += ' ';
    out += encode_value(token);
  }
  return out;
}

}  // namespace

Identity make_identity(const oauth::AccessToken& token, std::string assertion) {
  return {.subject = encode_value(token.subject.value()),
          .client = encode_value(token.client_id.value()),
          .scope = encode_scope(token.scope),
          .grant = token.grant_id ? format_id(token.grant_id->value) : std::string(),
          .assertion = std::move(assertion)};
}

struct IdentityCache::State {
  struct Entry {
    std::shared_ptr<const Identity> identity;
    oauth::Scope scope;
    Instant made_at;
  };
  std::size_t capacity;
  std::mutex mutex;
  std::unordered_map<oauth::AccessTokenId, Entry> entries;

  void make_room(Instant now) {
    if (entries.size() < capacity) return;
    std::erase_if(entries, [now](const auto& entry) { return now - entry.second.made_at >= kIdentityReuse; });
    // All are fresh: starting over costs each of them one signature.
    if (entries.size() >= capacity) entries.clear();
  }
};

IdentityCache::IdentityCache(std::size_t capacity) : state_(std::make_unique<State>()) { state_->capacity = capacity; }
IdentityCache::~IdentityCache() = default;

std::shared_ptr<const Identity> IdentityCache::find(const oauth::AccessToken& token, Instant now) const {
  const std::scoped_lock lock(state_->mutex);
  const auto found = state_->entries.find(token.id);
  if (found == state_->entries.end() || found->second.scope != token.scope) return nullptr;
  const milliseconds age = now - found->second.made_at;
  // A clock that was set back must not keep an assertion alive.
  return age >= milliseconds(0) && age < kIdentityReuse ? found->second.identity : nullptr;
}

void IdentityCache::keep(const oauth::AccessToken& token, std::shared_ptr<const Identity> identity, Instant now) {
  const std::scoped_lock lock(state_->mutex);
  state_->make_room(now);
  state_->entries.insert_or_assign(token.id, State::Entry{std::move(identity), token.scope, now});
}

}  // namespace chatelaine::gateway
