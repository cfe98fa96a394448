#include <algorithm>

#include "storage/memory/nouns.hpp"

namespace chatelaine::storage::memory {
namespace {

class MemoryInitialAccessTokens final : public InitialAccessTokens {
 public:
  explicit MemoryInitialAccessTokens(Tables& tables) : tables_(tables) {}

  Task<void> add_initial_access_token(const oauth::InitialAccessToken& token) override {
    const std::scoped_lock lock(tables_.mutex);
    tables_.initial_access_tokens.emplace(token.id, token);
    tables_.record({.at = token.created_at, .kind = LedgerKind::registration_token_added, .detail = token.name});
    co_return;
  }

  Task<std::optional<oauth::InitialAccessToken>> find_initial_access_token(oauth::InitialAccessTokenId id) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.initial_access_tokens.find(id);
    if (found == tables_.initial_access_tokens.end()) co_return std::nullopt;
    co_return found->second;
  }

  Task<std::vector<oauth::InitialAccessToken>> list_initial_access_tokens() override {
    const std::scoped_lock lock(tables_.mutex);
    std::vector<oauth::InitialAccessToken> tokens;
    tokens.reserve(tables_.initial_access_tokens.size());
    for (const auto& [id, token] : tables_.initial_access_tokens) tokens.push_back(token);
    std::ranges::stable_sort(tokens, {}, &oauth::InitialAccessToken::created_at);
    co_return tokens;
  }

  Task<bool> remove_initial_access_token(oauth::InitialAccessTokenId id, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.initial_access_tokens.find(id);
    if (found == tables_.initial_access_tokens.end()) co_return false;
    tables_.record({.at = now, .kind = LedgerKind::registration_token_removed, .detail = found->second.name});
    tables_.initial_access_tokens.erase(found);
    co_return true;
  }

 private:
  Tables& tables_;
};

}  // namespace

std::unique_ptr<InitialAccessTokens> make_initial_access_tokens(Tables& tables) {
  return std::make_unique<MemoryInitialAccessTokens>(tables);
}

}  // namespace chatelaine::storage::memory
