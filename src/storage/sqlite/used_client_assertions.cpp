#include "storage/sqlite/nouns.hpp"

namespace chatelaine::storage::sqlite {
namespace {

// Whoever adds the row has presented the assertion first.
constexpr Sql kUse{
    "INSERT INTO used_client_assertions (client_id, jti_hash, expires_at) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (client_id, jti_hash) DO NOTHING RETURNING id"};

class SqliteUsedClientAssertions final : public UsedClientAssertions {
 public:
  explicit SqliteUsedClientAssertions(Database& database) : database_(database) {}

  Task<bool> use_client_assertion(const oauth::UsedClientAssertion& assertion) override {
    auto write = [&](Writing& writing) {
      return writing.run(kUse, assertion.client_id, assertion.jti_hash, assertion.expires_at) > 0;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<UsedClientAssertions> make_used_client_assertions(Database& database) {
  return std::make_unique<SqliteUsedClientAssertions>(database);
}

}  // namespace chatelaine::storage::sqlite
