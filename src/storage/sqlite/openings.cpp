#include "storage/sqlite/nouns.hpp"

namespace chatelaine::storage::sqlite {
namespace {

// The first to be kept were there before anybody could be asked about them.
constexpr Sql kIsAnyKept{"SELECT 1 FROM openings LIMIT 1"};
constexpr Sql kForgetOthers{"DELETE FROM openings WHERE operation NOT IN (SELECT value FROM json_each(?1))"};
constexpr Sql kKeep{
    "INSERT INTO openings (operation, scope, since) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (operation) DO UPDATE SET scope = excluded.scope, since = CASE WHEN EXISTS"
    "   (SELECT 1 FROM json_each(openings.scope) WHERE value NOT IN (SELECT value FROM json_each(excluded.scope)))"
    " THEN excluded.since ELSE openings.since END"};
constexpr Sql kList{"SELECT operation, scope, since FROM openings ORDER BY operation"};

class SqliteOpenings final : public Openings {
 public:
  explicit SqliteOpenings(Database& database) : database_(database) {}

  Task<std::vector<Opening>> keep_openings(const std::vector<Opening>& openings, Instant now) override {
    std::vector<std::string> operations;
    operations.reserve(openings.size());
    for (const Opening& opening : openings) operations.push_back(opening.operation);
    auto write = [&](Writing& writing) {
      const Instant since = writing.run(kIsAnyKept) > 0 ? now : Instant();
      writing.run(kForgetOthers, operations);
      for (const Opening& opening : openings) writing.run(kKeep, opening.operation, opening.scope.tokens(), since);
      std::vector<Opening> kept;
      Statement listed = writing.query(kList);
      while (listed.next()) {
        Row row(listed);
        kept.push_back({.operation = row.take<std::string>(),
                        .scope = oauth::Scope(row.take<std::vector<std::string>>()),
                        .since = row.take<Instant>()});
      }
      return kept;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<Openings> make_openings(Database& database) { return std::make_unique<SqliteOpenings>(database); }

}  // namespace chatelaine::storage::sqlite
