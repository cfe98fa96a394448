#include "storage/sqlite/database.hpp"

namespace chatelaine::storage::sqlite {

Database::Database(const std::filesystem::path& file, Connection writing, Log& log)
    : changes_(file), readers_(file), writer_(std::move(writing), changes_, log) {}

HotFacts& Database::facts() {
  HotFacts& facts = readers_.of_this_thread().facts;
  // Asked before anything is read, so that what is then put into the cache is at least as new as its count.
  const std::uint64_t count = changes_.count();
  if (facts.change_count != count) {
    facts.clients.clear();
    facts.active_grants.clear();
    facts.revoked_access_tokens.clear();
    facts.change_count = count;
  }
  return facts;
}

}  // namespace chatelaine::storage::sqlite
