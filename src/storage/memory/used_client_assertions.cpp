#include "storage/memory/nouns.hpp"

namespace chatelaine::storage::memory {
namespace {

class MemoryUsedClientAssertions final : public UsedClientAssertions {
 public:
  explicit MemoryUsedClientAssertions(Tables& tables) : tables_(tables) {}

  Task<bool> use_client_assertion(const oauth::UsedClientAssertion& assertion) override {
    const std::scoped_lock lock(tables_.mutex);
    co_return tables_.used_client_assertions
        .emplace(std::pair(assertion.client_id, assertion.jti_hash.bytes), assertion)
        .second;
  }

 private:
  Tables& tables_;
};

}  // namespace

std::unique_ptr<UsedClientAssertions> make_used_client_assertions(Tables& tables) {
  return std::make_unique<MemoryUsedClientAssertions>(tables);
}

}  // namespace chatelaine::storage::memory
