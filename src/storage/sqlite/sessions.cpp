#include "storage/sqlite/nouns.hpp"
#include "storage/sqlite/rows.hpp"

namespace chatelaine::storage::sqlite {
namespace {

constexpr Sql kBegin{
    "INSERT INTO sessions (id, secret_hash, user_id, authenticated_at, last_seen_at, expires_at)"
    " SELECT ?1, ?2, id, ?4, ?5, ?6 FROM users WHERE id = ?3 AND enabled AND password_hash IS ?7 RETURNING id"};
constexpr Sql kFind{
    "SELECT sessions.id, secret_hash, user_id, authenticated_at, last_seen_at, expires_at, " USER_COLUMNS(
        "users") " FROM sessions JOIN users ON users.id = user_id AND enabled WHERE sessions.id = ?1"};
constexpr Sql kTouch{"UPDATE sessions SET last_seen_at = ?2 WHERE id = ?1 AND last_seen_at < ?2"};
constexpr Sql kEnd{"DELETE FROM sessions WHERE id = ?1"};

Session read_session(Row& row) {
  return {.id = row.take<SessionId>(),
          .secret_hash = row.take<crypto::Sha256>(),
          .user_id = row.take<oauth::UserId>(),
          .authenticated_at = row.take<Instant>(),
          .last_seen_at = row.take<Instant>(),
          .expires_at = row.take<Instant>()};
}

}  // namespace

std::size_t add_session(Writing& writing, const Session& session,
                        const std::optional<crypto::PasswordHash>& proven_hash) {
  return writing.run(kBegin, session.id, session.secret_hash, session.user_id, session.authenticated_at,
                     session.last_seen_at, session.expires_at, proven_hash);
}

namespace {

class SqliteSessions final : public Sessions {
 public:
  explicit SqliteSessions(Database& database) : database_(database) {}

  Task<bool> begin_session(const Session& session, const std::optional<crypto::PasswordHash>& proven_hash) override {
    auto write = [&](Writing& writing) { return add_session(writing, session, proven_hash) > 0; };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<std::optional<SessionOwner>> find_session(SessionId id) override {
    Statement found = database_.reader().query(kFind, id);
    if (!found.next()) co_return std::nullopt;
    Row row(found);
    const Session session = read_session(row);
    co_return SessionOwner{.session = session, .user = read_user(row)};
  }

  Task<void> touch_session(SessionId id, Instant now) override {
    auto write = [&](Writing& writing) { writing.run(kTouch, id, now); };
    WriteVerb verb(database_.writer(), write);
    co_await verb;
  }

  Task<void> end_session(SessionId id) override {
    auto write = [&id](Writing& writing) { writing.run(kEnd, id); };
    WriteVerb verb(database_.writer(), write);
    co_await verb;
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<Sessions> make_sessions(Database& database) { return std::make_unique<SqliteSessions>(database); }

}  // namespace chatelaine::storage::sqlite
