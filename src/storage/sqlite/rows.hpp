#pragma once

#include "oauth/grants/grant.hpp"
#include "oauth/tokens/access_token.hpp"
#include "storage/connections.hpp"
#include "storage/sessions.hpp"
#include "storage/sqlite/writer.hpp"
#include "storage/users.hpp"

/// Rows that more than one noun reads or writes.
namespace chatelaine::storage::sqlite {

#define USER_COLUMNS(table)                                                                                        \
  table ".id, " table ".email, " table ".name, " table ".subject, " table ".password_hash, " table ".role, " table \
        ".enabled, " table ".created_at"

#define CONNECTION_COLUMNS                                                                                      \
  "id, plugin_id, user_id, sealed_tokens, access_token_expires_at, connected_at, version, refresh_lease_until," \
  " needs_sign_in"

/// Reads a row of CONNECTION_COLUMNS.
[[nodiscard]] storage::Connection read_connection(const Statement& statement);

/// Reads the eight columns of USER_COLUMNS.
[[nodiscard]] User read_user(Row& row);

/// Keeps the session where its user is enabled and the stored password hash is the proven one: how many were kept.
std::size_t add_session(Writing& writing, const Session& session,
                        const std::optional<crypto::PasswordHash>& proven_hash);

/// Begins `grant` where the statement just before it in the verb changed exactly one row: that of a code that was won.
void begin_if_won(Writing& writing, const oauth::Grant& grant);

/// Keeps `token`, if there is one, where the statement just before it in the verb changed exactly one row: the access
/// token of a code that was won, of a refresh that was won.
void keep_if_won(Writing& writing, const std::optional<oauth::OpaqueAccessToken>& token);

}  // namespace chatelaine::storage::sqlite
