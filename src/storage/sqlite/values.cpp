#include "storage/sqlite/values.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <utility>

#include "storage/fault.hpp"

namespace chatelaine::storage::sqlite {
namespace {

[[noreturn]] void throw_unreadable(std::string_view what) {
  throw StorageFault("the database holds " + std::string(what) + " that this version cannot read");
}

template <class T>
T known(std::optional<T> value, std::string_view what) {
  if (!value) throw_unreadable(what);
  return *std::move(value);
}

template <class T, class ToText>
void bind_list(Statement& statement, int place, const std::vector<T>& list, const ToText& to_text) {
  boost::json::array array;
  for (const T& element : list) array.emplace_back(std::string_view(to_text(element)));
  statement.bind_text(place, boost::json::serialize(array));
}

template <class T, class FromText>
std::vector<T> read_list(const Statement& row, int column, const FromText& from_text) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(row.bytes(column), error);
  if (error || !value.is_array()) throw_unreadable("a list");
  std::vector<T> list;
  for (const auto& element : value.get_array()) {
    if (!element.is_string()) throw_unreadable("a list");
    list.push_back(from_text(element.get_string()));
  }
  return list;
}

std::string_view to_string(oauth::PkcePolicy policy) {
  switch (policy) {
    case oauth::PkcePolicy::required:
      return "required";
    case oauth::PkcePolicy::optional:
      return "optional";
  }
  std::unreachable();
}

}  // namespace

template <>
void StoredElsewhere<crypto::Sha256>::bind(Statement& statement, int place, const crypto::Sha256& digest) {
  statement.bind_blob(place, digest.view());
}
template <>
crypto::Sha256 StoredElsewhere<crypto::Sha256>::read(const Statement& row, int column) {
  return known(crypto::Sha256::from_bytes(row.bytes(column)), "a hash");
}

template <>
void StoredElsewhere<oauth::Scope>::bind(Statement& statement, int place, const oauth::Scope& scope) {
  statement.bind_text(place, scope.to_string());
}
template <>
oauth::Scope StoredElsewhere<oauth::Scope>::read(const Statement& row, int column) {
  return known(oauth::Scope::parse(row.bytes(column)), "a scope");
}

template <>
void StoredElsewhere<oauth::CodeChallenge>::bind(Statement& statement, int place,
                                                 const oauth::CodeChallenge& challenge) {
  statement.bind_text(place, challenge.value);
}
template <>
oauth::CodeChallenge StoredElsewhere<oauth::CodeChallenge>::read(const Statement& row, int column) {
  return {row.bytes(column)};
}

template <>
void StoredElsewhere<oauth::PkcePolicy>::bind(Statement& statement, int place, const oauth::PkcePolicy& policy) {
  statement.bind_text(place, to_string(policy));
}
template <>
oauth::PkcePolicy StoredElsewhere<oauth::PkcePolicy>::read(const Statement& row, int column) {
  const std::string text = row.bytes(column);
  for (const auto policy : {oauth::PkcePolicy::required, oauth::PkcePolicy::optional}) {
    if (text == to_string(policy)) return policy;
  }
  throw_unreadable("a PKCE policy");
}

template <>
void StoredElsewhere<oauth::ExchangeRedirectUri>::bind(Statement& statement, int place,
                                                       const oauth::ExchangeRedirectUri& exchange) {
  statement.bind_text(place, oauth::to_string(exchange));
}
template <>
oauth::ExchangeRedirectUri StoredElsewhere<oauth::ExchangeRedirectUri>::read(const Statement& row, int column) {
  using Exchange = oauth::ExchangeRedirectUri;
  const std::string text = row.bytes(column);
  for (const auto exchange : {Exchange::repeated, Exchange::may_be_left_out}) {
    if (text == oauth::to_string(exchange)) return exchange;
  }
  throw_unreadable("what an exchange says of redirect_uri");
}

template <>
void StoredElsewhere<oauth::ClientOrigin>::bind(Statement& statement, int place, const oauth::ClientOrigin& origin) {
  statement.bind_text(place, oauth::to_string(origin));
}
template <>
oauth::ClientOrigin StoredElsewhere<oauth::ClientOrigin>::read(const Statement& row, int column) {
  using Origin = oauth::ClientOrigin;
  const std::string text = row.bytes(column);
  for (const auto origin : {Origin::command, Origin::registration, Origin::metadata_document}) {
    if (text == oauth::to_string(origin)) return origin;
  }
  throw_unreadable("a client's origin");
}

template <>
void StoredElsewhere<oauth::ClientDescription>::bind(Statement& statement, int place,
                                                     const oauth::ClientDescription& description) {
  statement.bind_text(place, boost::json::serialize(oauth::to_json(description)));
}
template <>
oauth::ClientDescription StoredElsewhere<oauth::ClientDescription>::read(const Statement& row, int column) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(row.bytes(column), error);
  if (error || !value.is_object()) throw_unreadable("a client's description");
  return known(oauth::read_client_description(value.get_object()), "a client's description");
}

template <>
void StoredElsewhere<oauth::AccessTokenFormat>::bind(Statement& statement, int place,
                                                     const oauth::AccessTokenFormat& format) {
  statement.bind_text(place, oauth::to_string(format));
}
template <>
oauth::AccessTokenFormat StoredElsewhere<oauth::AccessTokenFormat>::read(const Statement& row, int column) {
  return known(oauth::parse_access_token_format(row.bytes(column)), "an access token format");
}

template <>
void StoredElsewhere<crypto::SignatureAlgorithm>::bind(Statement& statement, int place,
                                                       const crypto::SignatureAlgorithm& algorithm) {
  statement.bind_text(place, crypto::to_string(algorithm));
}
template <>
crypto::SignatureAlgorithm StoredElsewhere<crypto::SignatureAlgorithm>::read(const Statement& row, int column) {
  return known(crypto::parse_signature_algorithm(row.bytes(column)), "a signature algorithm");
}

template <>
void StoredElsewhere<oauth::RevocationReason>::bind(Statement& statement, int place,
                                                    const oauth::RevocationReason& reason) {
  statement.bind_text(place, oauth::to_string(reason));
}
template <>
oauth::RevocationReason StoredElsewhere<oauth::RevocationReason>::read(const Statement& row, int column) {
  using Reason = oauth::RevocationReason;
  const std::string text = row.bytes(column);
  for (const auto reason :
       {Reason::by_client, Reason::by_user, Reason::by_operator, Reason::code_replayed, Reason::refresh_token_stolen,
        Reason::user_disabled, Reason::user_removed, Reason::client_removed}) {
    if (text == oauth::to_string(reason)) return reason;
  }
  throw_unreadable("a reason of revocation");
}

template <>
void StoredElsewhere<Role>::bind(Statement& statement, int place, const Role& role) {
  statement.bind_text(place, storage::to_string(role));
}
template <>
Role StoredElsewhere<Role>::read(const Statement& row, int column) {
  return known(parse_role(row.bytes(column)), "a role");
}

template <>
void StoredElsewhere<LedgerKind>::bind(Statement& statement, int place, const LedgerKind& kind) {
  statement.bind_text(place, storage::to_string(kind));
}
template <>
LedgerKind StoredElsewhere<LedgerKind>::read(const Statement& row, int column) {
  return known(parse_ledger_kind(row.bytes(column)), "a kind of the ledger");
}

template <>
void StoredElsewhere<FlightStage>::bind(Statement& statement, int place, const FlightStage& stage) {
  statement.bind_text(place, to_string(stage));
}
template <>
FlightStage StoredElsewhere<FlightStage>::read(const Statement& row, int column) {
  return known(parse_flight_stage(row.bytes(column)), "a step's stage");
}

template <>
void StoredElsewhere<FlightOutcome>::bind(Statement& statement, int place, const FlightOutcome& outcome) {
  statement.bind_text(place, to_string(outcome));
}
template <>
FlightOutcome StoredElsewhere<FlightOutcome>::read(const Statement& row, int column) {
  return known(parse_flight_outcome(row.bytes(column)), "a step's outcome");
}

template <>
void StoredElsewhere<std::vector<FlightNotes::Value>>::bind(Statement& statement, int place,
                                                            const std::vector<FlightNotes::Value>& values) {
  boost::json::array pairs;
  for (const auto& [name, value] : values) pairs.push_back(boost::json::array{name, value});
  statement.bind_text(place, boost::json::serialize(pairs));
}
template <>
std::vector<FlightNotes::Value> StoredElsewhere<std::vector<FlightNotes::Value>>::read(const Statement& row,
                                                                                       int column) {
  boost::system::error_code error;
  const boost::json::value list = boost::json::parse(row.bytes(column), error);
  if (error || !list.is_array()) throw_unreadable("a step's values");
  std::vector<FlightNotes::Value> values;
  for (const boost::json::value& pair : list.get_array()) {
    const bool is_pair = pair.is_array() && pair.get_array().size() == 2 && pair.get_array()[0].is_string() &&
                         pair.get_array()[1].is_string();
    if (!is_pair) throw_unreadable("a step's values");
    values.push_back({std::string(pair.get_array()[0].get_string()), std::string(pair.get_array()[1].get_string())});
  }
  return values;
}

template <>
void StoredElsewhere<ConfirmationState>::bind(Statement& statement, int place, const ConfirmationState& state) {
  statement.bind_text(place, storage::to_string(state));
}
template <>
ConfirmationState StoredElsewhere<ConfirmationState>::read(const Statement& row, int column) {
  return known(parse_confirmation_state(row.bytes(column)), "a confirmation's state");
}

template <>
void StoredElsewhere<CallDoor>::bind(Statement& statement, int place, const CallDoor& door) {
  statement.bind_text(place, storage::to_string(door));
}
template <>
CallDoor StoredElsewhere<CallDoor>::read(const Statement& row, int column) {
  return known(parse_call_door(row.bytes(column)), "a call's door");
}

template <>
void StoredElsewhere<KeyPurpose>::bind(Statement& statement, int place, const KeyPurpose& purpose) {
  statement.bind_text(place, storage::to_string(purpose));
}
template <>
KeyPurpose StoredElsewhere<KeyPurpose>::read(const Statement& row, int column) {
  const std::string text = row.bytes(column);
  for (const auto purpose : {KeyPurpose::sign_tokens, KeyPurpose::refresh_tokens}) {
    if (text == storage::to_string(purpose)) return purpose;
  }
  throw_unreadable("a key's purpose");
}

template <>
void StoredElsewhere<std::vector<std::string>>::bind(Statement& statement, int place,
                                                     const std::vector<std::string>& list) {
  bind_list(statement, place, list, [](const std::string& element) { return std::string_view(element); });
}
template <>
std::vector<std::string> StoredElsewhere<std::vector<std::string>>::read(const Statement& row, int column) {
  return read_list<std::string>(row, column, [](std::string_view text) { return std::string(text); });
}

template <>
void StoredElsewhere<std::map<std::string, Instant>>::bind(Statement& statement, int place,
                                                           const std::map<std::string, Instant>& instants) {
  boost::json::object object;
  for (const auto& [name, instant] : instants) object.emplace(name, instant.time_since_epoch().count());
  statement.bind_text(place, boost::json::serialize(object));
}
template <>
std::map<std::string, Instant> StoredElsewhere<std::map<std::string, Instant>>::read(const Statement& row, int column) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(row.bytes(column), error);
  if (error || !value.is_object()) throw_unreadable("moments");
  std::map<std::string, Instant> instants;
  for (const auto& [name, instant] : value.get_object()) {
    if (!instant.is_int64()) throw_unreadable("moments");
    instants.emplace(name, Instant(milliseconds(instant.get_int64())));
  }
  return instants;
}

template <>
void StoredElsewhere<std::vector<oauth::RedirectUri>>::bind(Statement& statement, int place,
                                                            const std::vector<oauth::RedirectUri>& list) {
  bind_list(statement, place, list, [](const oauth::RedirectUri& uri) { return std::string_view(uri.value()); });
}
template <>
std::vector<oauth::RedirectUri> StoredElsewhere<std::vector<oauth::RedirectUri>>::read(const Statement& row,
                                                                                       int column) {
  return read_list<oauth::RedirectUri>(row, column,
                                       [](std::string_view text) { return oauth::RedirectUri(std::string(text)); });
}

template <>
void StoredElsewhere<std::vector<oauth::Resource>>::bind(Statement& statement, int place,
                                                         const std::vector<oauth::Resource>& list) {
  bind_list(statement, place, list, [](const oauth::Resource& resource) { return std::string_view(resource.value()); });
}
template <>
std::vector<oauth::Resource> StoredElsewhere<std::vector<oauth::Resource>>::read(const Statement& row, int column) {
  return read_list<oauth::Resource>(row, column,
                                    [](std::string_view text) { return oauth::Resource(std::string(text)); });
}

template <>
void StoredElsewhere<std::vector<oauth::AuthenticationMethod>>::bind(
    Statement& statement, int place, const std::vector<oauth::AuthenticationMethod>& list) {
  bind_list(statement, place, list, [](oauth::AuthenticationMethod method) { return oauth::to_string(method); });
}
template <>
std::vector<oauth::AuthenticationMethod> StoredElsewhere<std::vector<oauth::AuthenticationMethod>>::read(
    const Statement& row, int column) {
  return read_list<oauth::AuthenticationMethod>(row, column, [](std::string_view text) {
    return known(oauth::parse_authentication_method(text), "an authentication method");
  });
}

template <>
void StoredElsewhere<std::vector<oauth::GrantType>>::bind(Statement& statement, int place,
                                                          const std::vector<oauth::GrantType>& list) {
  bind_list(statement, place, list, [](oauth::GrantType grant_type) { return oauth::to_string(grant_type); });
}
template <>
std::vector<oauth::GrantType> StoredElsewhere<std::vector<oauth::GrantType>>::read(const Statement& row, int column) {
  return read_list<oauth::GrantType>(
      row, column, [](std::string_view text) { return known(oauth::parse_grant_type(text), "a grant type"); });
}

}  // namespace chatelaine::storage::sqlite
