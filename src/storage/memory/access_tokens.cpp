#include "storage/memory/nouns.hpp"

namespace chatelaine::storage::memory {
namespace {

class MemoryAccessTokens final : public AccessTokens {
 public:
  explicit MemoryAccessTokens(Tables& tables) : tables_(tables) {}

  Task<void> add_access_token(const oauth::OpaqueAccessToken& token) override {
    const std::scoped_lock lock(tables_.mutex);
    if (tables_.find_client(token.token.client_id) != nullptr) tables_.keep(token);
    co_return;
  }

  Task<std::optional<oauth::OpaqueAccessToken>> find_access_token(oauth::AccessTokenId id) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.access_tokens.find(id);
    if (found == tables_.access_tokens.end()) co_return std::nullopt;
    co_return found->second;
  }

  Task<void> revoke_access_token(oauth::AccessTokenId id, Instant expires_at) override {
    const std::scoped_lock lock(tables_.mutex);
    tables_.access_tokens.erase(id);
    if (tables_.revoked_access_tokens.emplace(id, expires_at).second) ++tables_.change_count;
    co_return;
  }

  Task<bool> is_access_token_revoked(oauth::AccessTokenId id) override {
    const std::scoped_lock lock(tables_.mutex);
    co_return tables_.revoked_access_tokens.contains(id);
  }

 private:
  Tables& tables_;
};

}  // namespace

std::unique_ptr<AccessTokens> make_access_tokens(Tables& tables) {
  return std::make_unique<MemoryAccessTokens>(tables);
}

}  // namespace chatelaine::storage::memory
