#include "storage/sqlite/nouns.hpp"
#include "storage/sqlite/rows.hpp"

namespace chatelaine::storage::sqlite {
namespace {

#define CODE_COLUMNS                                                                                          \
  "id, secret_hash, user_code_hash, client_id, scope, resources, expires_at, interval, polled_at, is_denied," \
  " user_id, subject, authenticated_at"

// A new code is unanswered.
constexpr Sql kAdd{
    "INSERT INTO device_codes (id, secret_hash, user_code_hash, client_id, scope, resources, expires_at, interval)"
    " SELECT ?1, ?2, ?3, clients.id, ?5, ?6, ?7, ?8 FROM clients WHERE clients.id = ?4 AND (?9 IS NULL OR ?9 >"
    " (SELECT count(*) FROM (SELECT 1 FROM device_codes WHERE client_id = ?4 AND expires_at > ?10 LIMIT ?9)))"
    " ON CONFLICT DO NOTHING RETURNING id"};
constexpr Sql kUserCodeExists{"SELECT 1 FROM device_codes WHERE user_code_hash = ?1"};
constexpr Sql kFind{"SELECT " CODE_COLUMNS " FROM device_codes WHERE id = ?1"};
constexpr Sql kFindByUserCode{"SELECT " CODE_COLUMNS " FROM device_codes WHERE user_code_hash = ?1"};

#define AWAITS_ANSWER "id = ?1 AND expires_at > ?2 AND user_id IS NULL AND NOT is_denied"
constexpr Sql kAllow{"UPDATE device_codes SET user_id = ?3, subject = ?4, authenticated_at = ?5 WHERE " AWAITS_ANSWER
                     " AND EXISTS (SELECT 1 FROM sessions JOIN users ON users.id = sessions.user_id AND enabled"
                     "   WHERE sessions.id = ?6 AND sessions.user_id = ?3) RETURNING id"};
constexpr Sql kDeny{"UPDATE device_codes SET is_denied = 1 WHERE " AWAITS_ANSWER
                    " AND EXISTS (SELECT 1 FROM sessions JOIN users ON users.id = sessions.user_id AND enabled"
                    "   WHERE sessions.id = ?3) RETURNING id"};

// The first sets `polled_at` to what the second takes for too early, so that one of them alone counts a poll.
constexpr Sql kSlowDown{
    "UPDATE device_codes SET polled_at = ?2, interval = interval + ?3"
    " WHERE id = ?1 AND polled_at + interval * 1000 > ?2 RETURNING id"};
constexpr Sql kNotePoll{
    "UPDATE device_codes SET polled_at = ?2 WHERE id = ?1 AND (polled_at IS NULL OR polled_at + interval * 1000 <= "
    "?2)"};

// The race for the code is won by whoever removes this row; the statements after it follow only from a row removed.
constexpr Sql kSpend{
    "DELETE FROM device_codes WHERE id = ?1 AND user_id = ?2"
    " AND EXISTS (SELECT 1 FROM users WHERE users.id = ?2 AND enabled) RETURNING id"};

oauth::DeviceAnswer read_answer(Row& row) {
  const bool is_denied = row.take<bool>();
  const auto user_id = row.take<std::optional<oauth::UserId>>();
  const auto subject = row.take<std::optional<oauth::Subject>>();
  const auto authenticated_at = row.take<std::optional<Instant>>();
  if (is_denied) return oauth::DeviceDenied{};
  if (!user_id || !subject || !authenticated_at) return oauth::DeviceUnanswered{};
  return oauth::DeviceAllowed{.user_id = *user_id, .subject = *subject, .authenticated_at = *authenticated_at};
}

std::optional<oauth::DeviceCode> first_code(Statement& found) {
  if (!found.next()) return std::nullopt;
  Row row(found);
  return oauth::DeviceCode{.id = row.take<oauth::DeviceCodeId>(),
                           .secret_hash = row.take<crypto::Sha256>(),
                           .user_code_hash = row.take<crypto::Sha256>(),
                           .client_id = row.take<oauth::ClientId>(),
                           .scope = row.take<oauth::Scope>(),
                           .resources = row.take<std::vector<oauth::Resource>>(),
                           .expires_at = row.take<Instant>(),
                           .interval = row.take<seconds>(),
                           .polled_at = row.take<std::optional<Instant>>(),
                           .answer = read_answer(row)};
}

AddDeviceCodeOutcome add(Writing& writing, const oauth::DeviceCode& code, std::optional<std::uint32_t> most,
                         Instant now) {
  const bool is_taken = writing.run(kUserCodeExists, code.user_code_hash) > 0;
  const bool is_added = writing.run(kAdd, code.id, code.secret_hash, code.user_code_hash, code.client_id, code.scope,
                                    code.resources, code.expires_at, code.interval, most, now) > 0;
  if (is_added) return AddDeviceCodeOutcome::added;
  return is_taken ? AddDeviceCodeOutcome::user_code_taken : AddDeviceCodeOutcome::refused;
}

oauth::DevicePoll poll(Writing& writing, oauth::DeviceCodeId id, Instant now) {
  const bool is_early = writing.run(kSlowDown, id, now, oauth::kSlowDown) > 0;
  writing.run(kNotePoll, id, now);
  return is_early ? oauth::DevicePoll::too_early : oauth::DevicePoll::in_time;
}

class SqliteDeviceCodes final : public DeviceCodes {
 public:
  explicit SqliteDeviceCodes(Database& database) : database_(database) {}

  Task<AddDeviceCodeOutcome> add_device_code(const oauth::DeviceCode& code, std::optional<std::uint32_t> most,
                                             Instant now) override {
    auto write = [&](Writing& writing) { return add(writing, code, most, now); };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<std::optional<oauth::DeviceCode>> find_device_code(oauth::DeviceCodeId id) override {
    Statement found = database_.reader().query(kFind, id);
    co_return first_code(found);
  }

  Task<std::optional<oauth::DeviceCode>> find_device_code_by_user_code(crypto::Sha256 user_code_hash) override {
    Statement found = database_.reader().query(kFindByUserCode, user_code_hash);
    co_return first_code(found);
  }

  Task<bool> allow_device_code(oauth::DeviceCodeId id, const oauth::DeviceAllowed& allowed, SessionId session_id,
                               Instant now) override {
    auto write = [&](Writing& writing) {
      return writing.run(kAllow, id, now, allowed.user_id, allowed.subject, allowed.authenticated_at, session_id) > 0;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> deny_device_code(oauth::DeviceCodeId id, SessionId session_id, Instant now) override {
    auto write = [&](Writing& writing) { return writing.run(kDeny, id, now, session_id) > 0; };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<oauth::DevicePoll> poll_device_code(oauth::DeviceCodeId id, Instant now) override {
    auto write = [&](Writing& writing) { return poll(writing, id, now); };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> redeem_device_code(oauth::DeviceCodeId id, const oauth::Grant& grant,
                                const std::optional<oauth::OpaqueAccessToken>& access_token) override {
    auto write = [&](Writing& writing) {
      const bool won = writing.run(kSpend, id, grant.user_id) > 0;
      begin_if_won(writing, grant);
      keep_if_won(writing, access_token);
      return won;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<DeviceCodes> make_device_codes(Database& database) {
  return std::make_unique<SqliteDeviceCodes>(database);
}

}  // namespace chatelaine::storage::sqlite
