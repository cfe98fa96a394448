#pragma once

#include "storage/ledger.hpp"
#include "storage/sqlite/writer.hpp"

namespace chatelaine::storage::sqlite {

/// A security event that no row tells by itself; those of grants, consents, keys, sessions and of what is added are
/// written by triggers of the schema.
struct LedgerEvent {
  Instant at;
  LedgerKind kind;
  std::optional<oauth::UserId> user_id;
  std::optional<oauth::ClientId> client_id;
  std::string detail;
};

/// Records `event` where the statement just before it in the verb changed a row.
void record_if_changed(Writing& writing, const LedgerEvent& event);

}  // namespace chatelaine::storage::sqlite
