#include "storage/sqlite/ledger.hpp"
#include "storage/sqlite/nouns.hpp"

namespace chatelaine::storage::sqlite {
namespace {

// `created_at` last, since all but it can change.
#define CLIENT_COLUMNS                                                                                        \
  "id, name, secret_hash, authentication_methods, redirect_uris, grant_types, scope, pkce, jwks, jwks_uri,"   \
  " id_token_algorithm, access_token_format, requires_pushed_requests, post_logout_redirect_uris,"            \
  " default_max_age, description, origin, registration_token_hash, replaced_registration_token_hash, openid," \
  " introspects, exchange_redirect_uri, created_at"

constexpr Sql kFind{"SELECT " CLIENT_COLUMNS " FROM clients WHERE id = ?1"};
constexpr Sql kList{"SELECT " CLIENT_COLUMNS " FROM clients ORDER BY created_at, number"};
constexpr Sql kListNewest{"SELECT " CLIENT_COLUMNS
                          " FROM clients WHERE (created_at, id) < (?1, ?2) ORDER BY created_at DESC, id DESC LIMIT ?3"};
constexpr Sql kCount{"SELECT count(*) FROM clients"};
#define CLIENT_VALUES \
  "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23"
// Whoever changes what a client asks for takes it out of those that ask for the same.
#define SET_CLIENT                                                                                         \
  "UPDATE clients SET name = ?2, secret_hash = ?3, authentication_methods = ?4, redirect_uris = ?5,"       \
  " grant_types = ?6, scope = ?7, pkce = ?8, jwks = ?9, jwks_uri = ?10, id_token_algorithm = ?11,"         \
  " access_token_format = ?12, requires_pushed_requests = ?13, post_logout_redirect_uris = ?14,"           \
  " default_max_age = ?15, description = ?16, origin = ?17, registration_token_hash = ?18,"                \
  " replaced_registration_token_hash = ?19, openid = ?20, introspects = ?21, exchange_redirect_uri = ?22," \
  " metadata_digest = NULL WHERE id = ?1"

constexpr Sql kAdd{"INSERT INTO clients (" CLIENT_COLUMNS ") VALUES (" CLIENT_VALUES
                   ") ON CONFLICT (id) DO NOTHING RETURNING id"};
constexpr Sql kUpdate{SET_CLIENT " RETURNING id"};

// What the document's author can change.
#define DOCUMENT_COLUMNS(table)                                                                           \
  table ".name, " table ".authentication_methods, " table ".redirect_uris, " table ".grant_types, " table \
        ".scope, " table ".jwks, " table ".jwks_uri, " table ".requires_pushed_requests, " table ".openid"
#define OF_CHANGED_DOCUMENT                                                                         \
  "client_id = ?1 AND EXISTS (SELECT 1 FROM clients WHERE id = ?1 AND origin = 'metadata_document'" \
  " AND (redirect_uris, authentication_methods, jwks, jwks_uri) IS NOT (?2, ?3, ?4, ?5))"
constexpr Sql kForgetDocumentConsents{"DELETE FROM consents WHERE " OF_CHANGED_DOCUMENT};
// Users may have allowed a client something at several resources; each is told once.
#define RECORD_LAPSES(at, which)                                          \
  "INSERT INTO ledger (at, kind, user_id, client_id) SELECT DISTINCT " at \
  ", 'consent_lapsed', user_id, client_id FROM consents WHERE " which
constexpr Sql kRecordDocumentLapses{RECORD_LAPSES("?6", OF_CHANGED_DOCUMENT)};
// A row comes back where something has changed.
constexpr Sql kPutDocument{
    "INSERT INTO clients (" CLIENT_COLUMNS
    ", document_accepted_at)"
    " SELECT " CLIENT_VALUES
    ", ?24"
    " WHERE EXISTS (SELECT 1 FROM clients WHERE id = ?1) OR ?26 > (SELECT count(*) FROM (SELECT 1 FROM clients"
    "   WHERE origin = 'metadata_document' AND document_accepted_at > ?25"
    "   AND NOT EXISTS (SELECT 1 FROM consents WHERE client_id = clients.id)"
    "   AND NOT EXISTS (SELECT 1 FROM grants WHERE client_id = clients.id) LIMIT ?26))"
    " ON CONFLICT (id) DO UPDATE SET name = excluded.name, authentication_methods = excluded.authentication_methods,"
    " redirect_uris = excluded.redirect_uris, grant_types = excluded.grant_types, scope = excluded.scope,"
    " jwks = excluded.jwks, jwks_uri = excluded.jwks_uri,"
    " requires_pushed_requests = excluded.requires_pushed_requests, openid = excluded.openid"
    " WHERE clients.origin = 'metadata_document' AND (" DOCUMENT_COLUMNS("clients") ") IS NOT (" DOCUMENT_COLUMNS(
        "excluded") ") RETURNING id"};
constexpr Sql kNoteAcceptance{
    "UPDATE clients SET document_accepted_at = ?2 WHERE id = ?1 AND origin = 'metadata_document' RETURNING id"};
constexpr auto kNewFor = std::chrono::hours(2);

constexpr Sql kRemoveOwnTokens{"DELETE FROM access_tokens WHERE client_id = ?1 AND grant_id IS NULL"};
// Its codes, consents and grants go with it (ON DELETE CASCADE), and the tokens of those grants with them.
// First, so that the ledger has of each that it ended.
constexpr Sql kEndGrants{
    "UPDATE grants SET revoked_at = ?2, revocation_reason = ?3 WHERE client_id = ?1 AND revoked_at IS NULL"};
constexpr Sql kRemove{"DELETE FROM clients WHERE id = ?1 RETURNING id"};

// Open registration. The client that is shared by those who ask for the same has no registration access token.
#define IS_SHARED(digest) "metadata_digest = " digest " AND registration_token_hash IS NULL"
#define UNUSED_UP_TO(most) \
  "(SELECT count(*) FROM (SELECT 1 FROM clients WHERE unused_until IS NOT NULL LIMIT " most "))"
constexpr Sql kShare{
    "UPDATE clients SET unused_until = iif(unused_until IS NULL, NULL, ?2)"
    " WHERE " IS_SHARED("?1") " RETURNING " CLIENT_COLUMNS};
constexpr Sql kMakeRoom{
    "DELETE FROM clients WHERE number = (SELECT number FROM clients WHERE unused_until IS NOT NULL AND created_at <= ?2"
    " ORDER BY unused_until LIMIT 1)"
    " AND ?3 <= " UNUSED_UP_TO("?3")
    " AND NOT EXISTS (SELECT 1 FROM clients WHERE " IS_SHARED("?1") ")"
    " RETURNING id"};
constexpr Sql kRegister{
    "INSERT INTO clients (" CLIENT_COLUMNS ", metadata_digest, unused_until)"
    " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,"
    " iif(?26 > (SELECT count(*) FROM (SELECT 1 FROM clients WHERE metadata_digest = ?24 LIMIT ?26)), ?18, NULL),"
    " ?19, ?20, ?21, ?22, ?23, ?24, ?25"
    " WHERE ?27 > " UNUSED_UP_TO("?27")
    " AND NOT EXISTS (SELECT 1 FROM clients WHERE " IS_SHARED("?24") ")"
    " ON CONFLICT (id) DO NOTHING RETURNING " CLIENT_COLUMNS};

constexpr Sql kUseToken{
    "UPDATE initial_access_tokens SET uses_left = uses_left - 1 WHERE id = ?1 AND uses_left > 0 AND expires_at > ?2"
    " AND NOT EXISTS (SELECT 1 FROM clients WHERE id = ?3) RETURNING id"};
constexpr Sql kAddWithToken{"INSERT INTO clients (" CLIENT_COLUMNS ") SELECT " CLIENT_VALUES
                            " WHERE changes() = 1 RETURNING id"};

#define OWNS_TOKEN(hash) hash " IN (registration_token_hash, replaced_registration_token_hash)"
#define OF_CHANGED_REGISTRATION \
  "client_id = ?1 AND EXISTS (SELECT 1 FROM clients WHERE id = ?1 AND redirect_uris <> ?2 AND " OWNS_TOKEN("?3") ")"
constexpr Sql kForgetConsents{"DELETE FROM consents WHERE " OF_CHANGED_REGISTRATION};
constexpr Sql kRecordLapses{RECORD_LAPSES("?4", OF_CHANGED_REGISTRATION)};
constexpr Sql kReplace{SET_CLIENT " AND " OWNS_TOKEN("?19") " RETURNING id"};

oauth::Client read_client(const Statement& statement) {
  Row row(statement);
  return {.id = row.take<oauth::ClientId>(),
          .name = row.take<std::string>(),
          .secret_hash = row.take<std::optional<crypto::Sha256>>(),
          .authentication_methods = row.take<std::vector<oauth::AuthenticationMethod>>(),
          .redirect_uris = row.take<std::vector<oauth::RedirectUri>>(),
          .grant_types = row.take<std::vector<oauth::GrantType>>(),
          .scope = row.take<oauth::Scope>(),
          .pkce = row.take<oauth::PkcePolicy>(),
          .jwks = row.take<std::string>(),
          .jwks_uri = row.take<std::string>(),
          .id_token_algorithm = row.take<crypto::SignatureAlgorithm>(),
          .access_token_format = row.take<std::optional<oauth::AccessTokenFormat>>(),
          .requires_pushed_requests = row.take<bool>(),
          .post_logout_redirect_uris = row.take<std::vector<oauth::RedirectUri>>(),
          .default_max_age = row.take<std::optional<seconds>>(),
          .description = row.take<oauth::ClientDescription>(),
          .origin = row.take<oauth::ClientOrigin>(),
          .registration_token_hash = row.take<std::optional<crypto::Sha256>>(),
          .replaced_registration_token_hash = row.take<std::optional<crypto::Sha256>>(),
          .openid = row.take<bool>(),
          .introspects = row.take<std::optional<std::vector<oauth::Resource>>>(),
          .exchange_redirect_uri = row.take<oauth::ExchangeRedirectUri>(),
          .created_at = row.take<Instant>()};
}

/// Calls `use` with the values of the columns in their order but for `created_at`.
template <class Use>
auto with_columns(const oauth::Client& client, const Use& use) {
  return use(client.id, client.name, client.secret_hash, client.authentication_methods, client.redirect_uris,
             client.grant_types, client.scope, client.pkce, client.jwks, client.jwks_uri, client.id_token_algorithm,
             client.access_token_format, client.requires_pushed_requests, client.post_logout_redirect_uris,
             client.default_max_age, client.description, client.origin, client.registration_token_hash,
             client.replaced_registration_token_hash, client.openid, client.introspects, client.exchange_redirect_uri);
}

/// Runs a statement whose parameters are the columns in their order, `created_at` and what follows where `last` gives
/// it.
template <class... Last>
std::size_t change_row(Writing& writing, const Sql& sql, const oauth::Client& client, const Last&... last) {
  return with_columns(client, [&](const auto&... columns) { return writing.change(sql, columns..., last...); });
}

/// The row that a statement returns, if it returns one, once it has come to its end.
std::optional<oauth::Client> take_client(Statement statement) {
  if (!statement.next()) return std::nullopt;
  oauth::Client client = read_client(statement);
  while (statement.next()) {
  }
  return client;
}

std::optional<oauth::Client> write_registration(Writing& writing, const OpenRegistration& registration,
                                                const RegistrationBounds& bounds) {
  const oauth::Client& client = registration.client;
  const auto& digest = registration.metadata_digest;
  // A client that is new, or shared, is no fact that a cache could hold already.
  auto shared = take_client(writing.query(kShare, digest, registration.unused_until));
  writing.change(kMakeRoom, digest, bounds.makes_room_before, bounds.most_unused);
  auto added = with_columns(client, [&](const auto&... columns) {
    return take_client(writing.query(kRegister, columns..., client.created_at, digest, registration.unused_until,
                                     bounds.most_of_their_own, bounds.most_unused));
  });
  return shared ? shared : added;
}

void record(Writing& writing, LedgerKind kind, const oauth::ClientId& client_id, std::string detail, Instant now) {
  record_if_changed(writing,
                    {.at = now, .kind = kind, .user_id = {}, .client_id = client_id, .detail = std::move(detail)});
}

/// Runs the statement that changes the client's row, and records what is another by it.
template <class... Last>
bool change_and_record(Writing& writing, const Sql& sql, const oauth::Client& client, Instant now,
                       const Last&... last) {
  const auto before = take_client(writing.query(kFind, client.id));
  const bool has_changed = change_row(writing, sql, client, last...) > 0;
  if (before) record(writing, LedgerKind::client_changed, client.id, describe_change(*before, client), now);
  return has_changed;
}

bool put_document(Writing& writing, const oauth::Client& client, Instant now, std::uint32_t most) {
  writing.run(kRecordDocumentLapses, client.id, client.redirect_uris, client.authentication_methods, client.jwks,
              client.jwks_uri, now);
  writing.run(kForgetDocumentConsents, client.id, client.redirect_uris, client.authentication_methods, client.jwks,
              client.jwks_uri);
  change_and_record(writing, kPutDocument, client, now, client.created_at, now, Instant(now - kNewFor), most);
  return writing.run(kNoteAcceptance, client.id, now) > 0;
}

class SqliteClients final : public Clients {
 public:
  explicit SqliteClients(Database& database) : database_(database) {}

  Task<std::shared_ptr<const oauth::Client>> find_client(oauth::ClientId id) override {
    HotFacts& facts = database_.facts();
    if (const auto* known = facts.clients.find(id)) co_return *known;
    Statement found = database_.reader().query(kFind, id);
    if (!found.next()) co_return nullptr;
    auto client = std::make_shared<const oauth::Client>(read_client(found));
    facts.clients.put(id, client);
    co_return client;
  }

  Task<std::vector<oauth::Client>> list_clients() override {
    std::vector<oauth::Client> clients;
    Statement listed = database_.reader().query(kList);
    while (listed.next()) clients.push_back(read_client(listed));
    co_return clients;
  }

  Task<std::vector<oauth::Client>> list_newest_clients(ClientPage page) override {
    const ClientPage::Place before = page.before.value_or(ClientPage::Place{Instant::max(), {}});
    std::vector<oauth::Client> clients;
    Statement listed = database_.reader().query(kListNewest, before.created_at, before.id, page.most);
    while (listed.next()) clients.push_back(read_client(listed));
    co_return clients;
  }

  Task<std::uint64_t> count_clients() override {
    Statement counted = database_.reader().query(kCount);
    static_cast<void>(counted.next());
    co_return static_cast<std::uint64_t>(counted.integer(0));
  }

  Task<bool> add_client(const oauth::Client& client) override {
    auto write = [&client](Writing& writing) { return change_row(writing, kAdd, client, client.created_at) > 0; };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> update_client(const oauth::Client& client, Instant now) override {
    auto write = [&](Writing& writing) { return change_and_record(writing, kUpdate, client, now); };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> put_document_client(const oauth::Client& client, Instant now, std::uint32_t most) override {
    auto write = [&](Writing& writing) { return put_document(writing, client, now, most); };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<std::optional<oauth::Client>> register_client(const OpenRegistration& registration,
                                                     const RegistrationBounds& bounds) override {
    auto write = [&](Writing& writing) { return write_registration(writing, registration, bounds); };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> register_client_with_token(const oauth::Client& client, oauth::InitialAccessTokenId token_id,
                                        Instant now) override {
    auto write = [&](Writing& writing) {
      writing.run(kUseToken, token_id, now, client.id);
      return with_columns(client, [&](const auto&... columns) {
        return writing.run(kAddWithToken, columns..., client.created_at) > 0;
      });
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> replace_registration(const oauth::Client& client, Instant now) override {
    auto write = [&](Writing& writing) {
      const auto& presented = client.replaced_registration_token_hash;
      writing.run(kRecordLapses, client.id, client.redirect_uris, presented, now);
      writing.run(kForgetConsents, client.id, client.redirect_uris, presented);
      return change_and_record(writing, kReplace, client, now);
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

  Task<bool> remove_client(oauth::ClientId id, Instant now) override {
    auto write = [&](Writing& writing) {
      writing.run(kRemoveOwnTokens, id);
      writing.run(kEndGrants, id, now, oauth::RevocationReason::client_removed);
      const bool is_removed = writing.change(kRemove, id) > 0;
      record(writing, LedgerKind::client_removed, id, "", now);
      return is_removed;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<Clients> make_clients(Database& database) { return std::make_unique<SqliteClients>(database); }

}  // namespace chatelaine::storage::sqlite
