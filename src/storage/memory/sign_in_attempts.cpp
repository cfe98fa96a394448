#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "storage/memory/nouns.hpp"

namespace chatelaine::storage::memory {
namespace {

class MemorySignInAttempts final : public SignInAttempts {
 public:
  explicit MemorySignInAttempts(Tables& tables) : tables_(tables) {}

  Task<void> add_sign_in_attempt(const SignInAttempt& attempt, std::uint32_t most) override {
    const std::scoped_lock lock(tables_.mutex);
    tables_.sign_in_attempts.emplace(attempt.id, attempt);
    if (tables_.sign_in_attempts.size() > most) make_room();
    co_return;
  }

  Task<std::optional<SignInAttempt>> take_sign_in_attempt(SignInAttemptId id, crypto::Sha256 state_hash,
                                                          crypto::Sha256 browser_hash) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.sign_in_attempts.find(id);
    if (found == tables_.sign_in_attempts.end() || found->second.state_hash != state_hash ||
        found->second.browser_hash != browser_hash) {
      co_return std::nullopt;
    }
    SignInAttempt attempt = std::move(found->second);
    tables_.sign_in_attempts.erase(found);
    co_return attempt;
  }

 private:
  /// The oldest of the subscriber who has most.
  void make_room() {
    std::map<std::string, std::vector<SignInAttemptId>> by_subscriber;
    for (const auto& [id, attempt] : tables_.sign_in_attempts)
      by_subscriber[attempt.subscriber ? std::string(attempt.subscriber->view()) : ""].push_back(id);
    const auto most = std::ranges::max_element(by_subscriber, [](const auto& one, const auto& other) {
      // Of two with as many it is the one who began first.
      return std::pair(one.second.size(), other.second.front()) < std::pair(other.second.size(), one.second.front());
    });
    tables_.sign_in_attempts.erase(most->second.front());
  }

  Tables& tables_;
};

}  // namespace

std::unique_ptr<SignInAttempts> make_sign_in_attempts(Tables& tables) {
  return std::make_unique<MemorySignInAttempts>(tables);
}

}  // namespace chatelaine::storage::memory
