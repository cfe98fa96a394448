#include "storage/sqlite/nouns.hpp"

namespace chatelaine::storage::sqlite {
namespace {

#define KEY_COLUMNS "id, purpose, algorithm, name, sealed, public_jwk, created_at, active_from, retired_at"

constexpr Sql kList{"SELECT " KEY_COLUMNS " FROM keys WHERE purpose = ?1 ORDER BY created_at, id"};
constexpr Sql kAdd{"INSERT INTO keys (" KEY_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING id"};
constexpr Sql kAnyOfPurpose{"SELECT 1 FROM keys WHERE purpose = ?1 LIMIT 1"};
constexpr Sql kAddSuccessor{"INSERT INTO keys (" KEY_COLUMNS
                            ") SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE (SELECT id FROM keys"
                            " WHERE purpose = ?2 AND algorithm IS ?3 AND retired_at IS NULL"
                            " ORDER BY active_from DESC, id DESC LIMIT 1) IS ?10 RETURNING id"};
constexpr Sql kRetire{
    "UPDATE keys SET retired_at = ?2 WHERE id = ?1 AND (retired_at IS NULL OR retired_at > ?2) RETURNING id"};

template <class... More>
std::size_t add(Writing& writing, Sql sql, const StoredKey& key, const More&... more) {
  return writing.change(sql, key.id, key.purpose, key.algorithm, key.name, Blob{key.sealed}, key.public_jwk,
                        key.created_at, key.active_from, key.retired_at, more...);
}

StoredKey read_key(const Statement& statement) {
  Row row(statement);
  return {.id = row.take<StoredKeyId>(),
          .purpose = row.take<KeyPurpose>(),
          .algorithm = row.take<std::optional<crypto::SignatureAlgorithm>>(),
          .name = row.take<std::string>(),
          .sealed = row.take<Blob>().bytes,
          .public_jwk = row.take<std::string>(),
          .created_at = row.take<Instant>(),
          .active_from = row.take<Instant>(),
          .retired_at = row.take<std::optional<Instant>>()};
}

class SqliteKeys final : public Keys {
 public:
  explicit SqliteKeys(Database& database) : database_(database) {}

  Task<std::vector<StoredKey>> list_keys(KeyPurpose purpose) override {
    std::vector<StoredKey> keys;
    Statement listed = database_.reader().query(kList, purpose);
    while (listed.next()) keys.push_back(read_key(listed));
    co_return keys;
  }

  Task<void> add_key(const StoredKey& key) override {
    auto write = [&key](Writing& writing) { add(writing, kAdd, key); };
    WriteVerb verb(database_.writer(), write);
    co_await verb;
  }

  Task<bool> add_first_keys(std::span<const StoredKey> keys) override {
    auto write = [keys](Writing& writing) {
      if (keys.empty() || writing.run(kAnyOfPurpose, keys.front().purpose) > 0) return false;
      for (const StoredKey& key : keys) add(writing, kAdd, key);
      return true;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> add_successor(const StoredKey& key, std::optional<StoredKeyId> predecessor) override {
    auto write = [&](Writing& writing) { return add(writing, kAddSuccessor, key, predecessor) > 0; };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> retire_key(StoredKeyId id, Instant at) override {
    auto write = [&](Writing& writing) { return writing.change(kRetire, id, at) > 0; };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<Keys> make_keys(Database& database) { return std::make_unique<SqliteKeys>(database); }

}  // namespace chatelaine::storage::sqlite
