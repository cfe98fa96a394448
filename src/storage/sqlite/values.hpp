#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/flight.hpp"
#include "base/id.hpp"
#include "base/strong.hpp"
#include "base/time.hpp"
#include "crypto/digest.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/grants/grant.hpp"
#include "oauth/pkce.hpp"
#include "oauth/scope.hpp"
#include "storage/confirmations.hpp"
#include "storage/keys.hpp"
#include "storage/ledger.hpp"
#include "storage/sqlite/statement.hpp"
#include "storage/users.hpp"

/// How each type of value stands in one column: instants as milliseconds since 1970, scopes as their text, lists as
/// JSON arrays, hashes and sealed values as blobs.
namespace chatelaine::storage::sqlite {

/// Bytes that are no text: a blob.
struct Blob {
  std::string bytes;
};

template <class T>
struct Stored;

template <>
struct Stored<std::int64_t> {
  static void bind(Statement& statement, int place, std::int64_t value) { statement.bind_integer(place, value); }
  static std::int64_t read(const Statement& row, int column) { return row.integer(column); }
};
template <>
struct Stored<std::uint32_t> {
  static void bind(Statement& statement, int place, std::uint32_t value) { statement.bind_integer(place, value); }
  static std::uint32_t read(const Statement& row, int column) {
    return static_cast<std::uint32_t>(row.integer(column));
  }
};
template <>
struct Stored<bool> {
  static void bind(Statement& statement, int place, bool value) { statement.bind_integer(place, value ? 1 : 0); }
  static bool read(const Statement& row, int column) { return row.integer(column) != 0; }
};
template <>
struct Stored<std::string> {
  static void bind(Statement& statement, int place, const std::string& value) { statement.bind_text(place, value); }
  static std::string read(const Statement& row, int column) { return row.bytes(column); }
};
template <>
struct Stored<Blob> {
  static void bind(Statement& statement, int place, const Blob& value) { statement.bind_blob(place, value.bytes); }
  static Blob read(const Statement& row, int column) { return {row.bytes(column)}; }
};
template <class Tag>
struct Stored<Strong<Tag>> {
  static void bind(Statement& statement, int place, const Strong<Tag>& value) {
    statement.bind_text(place, value.value());
  }
  static Strong<Tag> read(const Statement& row, int column) { return Strong<Tag>(row.bytes(column)); }
};
template <class Tag>
struct Stored<Id<Tag>> {
  static void bind(Statement& statement, int place, Id<Tag> id) { statement.bind_integer(place, id.value); }
  static Id<Tag> read(const Statement& row, int column) { return {row.integer(column)}; }
};
template <>
struct Stored<Instant> {
  static void bind(Statement& statement, int place, Instant instant) {
    statement.bind_integer(place, instant.time_since_epoch().count());
  }
  static Instant read(const Statement& row, int column) { return Instant(milliseconds(row.integer(column))); }
};
template <>
struct Stored<milliseconds> {
  static void bind(Statement& statement, int place, milliseconds value) {
    statement.bind_integer(place, value.count());
  }
  static milliseconds read(const Statement& row, int column) { return milliseconds(row.integer(column)); }
};
template <>
struct Stored<seconds> {
  static void bind(Statement& statement, int place, seconds value) { statement.bind_integer(place, value.count()); }
  static seconds read(const Statement& row, int column) { return seconds(row.integer(column)); }
};
template <class T>
struct Stored<std::optional<T>> {
  static void bind(Statement& statement, int place, const std::optional<T>& value) {
    if (value) {
      Stored<T>::bind(statement, place, *value);
    } else {
      statement.bind_null(place);
    }
  }
  static std::optional<T> read(const Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return Stored<T>::read(row, column);
  }
};

/// What stands in values.cpp: these throw StorageFault where a column holds what this version cannot read.
template <class T>
struct StoredElsewhere {
  static void bind(Statement& statement, int place, const T& value);
  static T read(const Statement& row, int column);
};
template <>
struct Stored<crypto::Sha256> : StoredElsewhere<crypto::Sha256> {};
template <>
struct Stored<oauth::Scope> : StoredElsewhere<oauth::Scope> {};
template <>
struct Stored<oauth::CodeChallenge> : StoredElsewhere<oauth::CodeChallenge> {};
template <>
struct Stored<oauth::PkcePolicy> : StoredElsewhere<oauth::PkcePolicy> {};
template <>
struct Stored<oauth::ExchangeRedirectUri> : StoredElsewhere<oauth::ExchangeRedirectUri> {};
template <>
struct Stored<oauth::ClientOrigin> : StoredElsewhere<oauth::ClientOrigin> {};
template <>
struct Stored<oauth::ClientDescription> : StoredElsewhere<oauth::ClientDescription> {};
template <>
struct Stored<oauth::AccessTokenFormat> : StoredElsewhere<oauth::AccessTokenFormat> {};
template <>
struct Stored<crypto::SignatureAlgorithm> : StoredElsewhere<crypto::SignatureAlgorithm> {};
template <>
struct Stored<oauth::RevocationReason> : StoredElsewhere<oauth::RevocationReason> {};
template <>
struct Stored<Role> : StoredElsewhere<Role> {};
template <>
struct Stored<LedgerKind> : StoredElsewhere<LedgerKind> {};
template <>
struct Stored<CallDoor> : StoredElsewhere<CallDoor> {};
template <>
struct Stored<FlightStage> : StoredElsewhere<FlightStage> {};
template <>
struct Stored<FlightOutcome> : StoredElsewhere<FlightOutcome> {};
/// A JSON array of pairs.
template <>
struct Stored<std::vector<FlightNotes::Value>> : StoredElsewhere<std::vector<FlightNotes::Value>> {};
template <>
struct Stored<ConfirmationState> : StoredElsewhere<ConfirmationState> {};
template <>
struct Stored<KeyPurpose> : StoredElsewhere<KeyPurpose> {};
/// A JSON object.
template <>
struct Stored<std::map<std::string, Instant>> : StoredElsewhere<std::map<std::string, Instant>> {};
template <>
struct Stored<std::vector<std::string>> : StoredElsewhere<std::vector<std::string>> {};
template <>
struct Stored<std::vector<oauth::AuthenticationMethod>> : StoredElsewhere<std::vector<oauth::AuthenticationMethod>> {};
template <>
struct Stored<std::vector<oauth::RedirectUri>> : StoredElsewhere<std::vector<oauth::RedirectUri>> {};
template <>
struct Stored<std::vector<oauth::Resource>> : StoredElsewhere<std::vector<oauth::Resource>> {};
template <>
struct Stored<std::vector<oauth::GrantType>> : StoredElsewhere<std::vector<oauth::GrantType>> {};

/// Reads the columns of a row from left to right.
class Row {
 public:
  explicit Row(const Statement& statement) : statement_(statement) {}
  template <class T>
  [[nodiscard]] T take() {
    return Stored<T>::read(statement_, column_++);
  }

 private:
  const Statement& statement_;
  int column_ = 0;
};

}  // namespace chatelaine::storage::sqlite
