#include "storage/sqlite/nouns.hpp"

namespace chatelaine::storage::sqlite {
namespace {

#define REQUEST_COLUMNS "id, secret_hash, client_id, parameters, expires_at"

constexpr Sql kAdd{
    "INSERT INTO pushed_authorization_requests (" REQUEST_COLUMNS
    ") SELECT ?1, ?2, clients.id, ?4, ?5 FROM clients WHERE clients.id = ?3 AND (?6 IS NULL OR ?6 >"
    " (SELECT count(*) FROM (SELECT 1 FROM pushed_authorization_requests WHERE client_id = ?3 LIMIT ?6)))"
    " RETURNING id"};
constexpr Sql kFind{"SELECT " REQUEST_COLUMNS " FROM pushed_authorization_requests WHERE id = ?1"};
constexpr Sql kSpend{"DELETE FROM pushed_authorization_requests WHERE id = ?1 RETURNING id"};

class SqlitePushedAuthorizationRequests final : public PushedAuthorizationRequests {
 public:
  explicit SqlitePushedAuthorizationRequests(Database& database) : database_(database) {}

  Task<bool> add_pushed_authorization_request(const oauth::PushedAuthorizationRequest& request,
                                              std::optional<std::uint32_t> most) override {
    auto write = [&](Writing& writing) {
      return writing.run(kAdd, request.id, request.secret_hash, request.client_id, request.parameters,
                         request.expires_at, most) > 0;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<std::optional<oauth::PushedAuthorizationRequest>> find_pushed_authorization_request(
      oauth::PushedAuthorizationRequestId id) override {
    Statement found = database_.reader().query(kFind, id);
    if (!found.next()) co_return std::nullopt;
    Row row(found);
    co_return oauth::PushedAuthorizationRequest{.id = row.take<oauth::PushedAuthorizationRequestId>(),
                                                .secret_hash = row.take<crypto::Sha256>(),
                                                .client_id = row.take<oauth::ClientId>(),
                                                .parameters = row.take<std::string>(),
                                                .expires_at = row.take<Instant>()};
  }

  Task<bool> spend_pushed_authorization_request(oauth::PushedAuthorizationRequestId id) override {
    auto write = [&](Writing& writing) { return writing.run(kSpend, id) > 0; };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<PushedAuthorizationRequests> make_pushed_authorization_requests(Database& database) {
  return std::make_unique<SqlitePushedAuthorizationRequests>(database);
}

}  // namespace chatelaine::storage::sqlite
