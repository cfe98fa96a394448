#include "storage/memory/nouns.hpp"

namespace chatelaine::storage::memory {
namespace {

class MemoryOpenings final : public Openings {
 public:
  explicit MemoryOpenings(Tables& tables) : tables_(tables) {}

  Task<std::vector<Opening>> keep_openings(const std::vector<Opening>& openings, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    const Instant new_since = tables_.openings.empty() ? Instant() : now;
    std::map<std::string, Opening> kept;
    for (const Opening& opening : openings) {
      const auto before = tables_.openings.find(opening.operation);
      const bool was_open = before != tables_.openings.end() && opening.scope.includes(before->second.scope);
      kept[opening.operation] = {opening.operation, opening.scope, was_open ? before->second.since : new_since};
    }
    tables_.openings = std::move(kept);
    std::vector<Opening> listed;
    listed.reserve(tables_.openings.size());
    for (const auto& [operation, opening] : tables_.openings) listed.push_back(opening);
    co_return listed;
  }

 private:
  Tables& tables_;
};

}  // namespace

std::unique_ptr<Openings> make_openings(Tables& tables) { return std::make_unique<MemoryOpenings>(tables); }

}  // namespace chatelaine::storage::memory
