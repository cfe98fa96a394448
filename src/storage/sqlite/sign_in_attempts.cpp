#include "storage/sqlite/nouns.hpp"

namespace chatelaine::storage::sqlite {
namespace {

#define ATTEMPT_COLUMNS \
  "id, state_hash, browser_hash, source, return_to, subscriber, is_again, max_age, began_at, expires_at"

constexpr Sql kAdd{"INSERT INTO sign_in_attempts (" ATTEMPT_COLUMNS
                   ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"};
constexpr Sql kAreTooMany{"SELECT 1 FROM sign_in_attempts LIMIT 1 OFFSET ?1"};
// Ids are ordered by time.
constexpr Sql kMakeRoom{
    "DELETE FROM sign_in_attempts WHERE id ="
    " (SELECT min(id) FROM sign_in_attempts GROUP BY subscriber ORDER BY count(*) DESC, min(id) LIMIT 1)"};
constexpr Sql kIsThere{"SELECT 1 FROM sign_in_attempts WHERE id = ?1 AND state_hash = ?2 AND browser_hash = ?3"};
constexpr Sql kTake{
    "DELETE FROM sign_in_attempts WHERE id = ?1 AND state_hash = ?2 AND browser_hash = ?3"
    " RETURNING " ATTEMPT_COLUMNS};

class SqliteSignInAttempts final : public SignInAttempts {
 public:
  explicit SqliteSignInAttempts(Database& database) : database_(database) {}

  Task<void> add_sign_in_attempt(const SignInAttempt& attempt, std::uint32_t most) override {
    auto write = [&](Writing& writing) {
      writing.run(kAdd, attempt.id, attempt.state_hash, attempt.browser_hash, attempt.source, attempt.return_to,
                  attempt.subscriber, attempt.is_again, attempt.max_age, attempt.began_at, attempt.expires_at);
      if (writing.run(kAreTooMany, most) > 0) writing.run(kMakeRoom);
    };
    WriteVerb verb(database_.writer(), write);
    co_await verb;
  }

  Task<std::optional<SignInAttempt>> take_sign_in_attempt(SignInAttemptId id, crypto::Sha256 state_hash,
                                                          crypto::Sha256 browser_hash) override {
    // A stranger's guess keeps nobody waiting who writes.
    if (!is_there(id, state_hash, browser_hash)) co_return std::nullopt;
    auto write = [&](Writing& writing) -> std::optional<SignInAttempt> {
      Statement taken = writing.query(kTake, id, state_hash, browser_hash);
      std::optional<SignInAttempt> attempt;
      while (taken.next()) attempt = read_attempt(taken);
      return attempt;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

 private:
  bool is_there(SignInAttemptId id, const crypto::Sha256& state_hash, const crypto::Sha256& browser_hash) {
    Statement there = database_.reader().query(kIsThere, id, state_hash, browser_hash);
    return there.next();
  }

  static SignInAttempt read_attempt(const Statement& statement) {
    Row row(statement);
    return {.id = row.take<SignInAttemptId>(),
            .state_hash = row.take<crypto::Sha256>(),
            .browser_hash = row.take<crypto::Sha256>(),
            .source = row.take<std::string>(),
            .return_to = row.take<std::string>(),
            .subscriber = row.take<std::optional<crypto::Sha256>>(),
            .is_again = row.take<bool>(),
            .max_age = row.take<std::optional<seconds>>(),
            .began_at = row.take<Instant>(),
            .expires_at = row.take<Instant>()};
  }

  Database& database_;
};

}  // namespace

std::unique_ptr<SignInAttempts> make_sign_in_attempts(Database& database) {
  return std::make_unique<SqliteSignInAttempts>(database);
}

}  // namespace chatelaine::storage::sqlite
