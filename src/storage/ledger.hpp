#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::storage {

using LedgerEntryId = Id<struct LedgerEntryTag>;

/// What an entry of the ledger is about. All but the first two are security events: they are written by the verb that
/// does what they record, in the same atomic step.
enum class LedgerKind : std::uint8_t {
  /// A call of the API.
  call,
  /// Calls whose records were lost: `count` of LedgerEntry says how many.
  calls_dropped,
  signed_in,
  consent_given,
  consent_withdrawn,
  /// What a user allowed is asked again: the client comes back to another place, or proves itself by something else.
  consent_lapsed,
  grant_begun,
  /// Also by theft: `detail` is an oauth::RevocationReason.
  grant_ended,
  /// A call that its user was asked about; `detail` is its operation.
  call_approved,
  call_denied,
  client_added,
  /// `detail` names what of its metadata is another now, or was given anew (RFC 7591 §2, else `chatelaine client`'s).
  client_changed,
  client_removed,
  user_added,
  /// An invitation, or a link that resets the password.
  one_time_link_added,
  /// `detail` is by_user, by_operator or by_one_time_link.
  password_changed,
  user_enabled,
  user_disabled,
  /// `detail` is the new role.
  user_role_changed,
  user_removed,
  /// Somebody of a user source comes in as this account from now on, and no more.
  identity_linked,
  identity_unlinked,
  /// An initial access token (RFC 7591 §3); `detail` is its name.
  registration_token_added,
  registration_token_removed,
  key_added,
  /// `at` is when it stops to verify.
  key_retired
};
[[nodiscard]] std::string_view to_string(LedgerKind kind);
[[nodiscard]] std::optional<LedgerKind> parse_ledger_kind(std::string_view text);

/// Which way a call came.
enum class CallDoor : std::uint8_t {
  gateway,
  /// As a tool (MCP).
  mcp,
  /// A proxy asked about it; the status is our answer, not the API's.
  check
};
[[nodiscard]] std::string_view to_string(CallDoor door);
[[nodiscard]] std::optional<CallDoor> parse_call_door(std::string_view text);

/// A call of the API by an assistant. Never anything of its bodies, its query or its token.
struct CallRecord {
  Instant at;
  CallDoor door = CallDoor::gateway;
  oauth::ClientId client_id;
  /// Nothing for a client that acts for itself.
  std::optional<oauth::GrantId> grant_id;
  /// The operation's id; method and path where no description tells it.
  std::string operation;
  /// The HTTP status that was answered.
  std::uint32_t status = 0;
  milliseconds took{};
};

struct LedgerEntry {
  /// Grows with each entry.
  LedgerEntryId id;
  Instant at;
  LedgerKind kind = LedgerKind::call;
  std::optional<oauth::UserId> user_id;
  std::optional<oauth::ClientId> client_id;
  std::optional<oauth::GrantId> grant_id;
  /// Of a call: its operation. Of a consent and a grant: its scope; of what ended: why. Of a key: purpose and name. Of
  /// a client that is added: where it comes from; of an account: its role; of an identity: source, issuer and subject.
  std::string detail;
  /// Of calls alone.
  std::optional<CallDoor> door;
  std::optional<std::uint32_t> status;
  std::optional<milliseconds> took;
  /// Of calls_dropped alone.
  std::optional<std::uint32_t> count;
};

/// Which entries to list: those that match every member that is set.
struct LedgerFilter {
  enum class Part : std::uint8_t { everything, calls, events };
  enum class Order : std::uint8_t { oldest_first, newest_first };

  Part part = Part::everything;
  Order order = Order::oldest_first;
  std::optional<oauth::UserId> user_id;
  std::optional<oauth::ClientId> client_id;
  std::optional<Instant> since;  ///< inclusive
  std::optional<Instant> until;  ///< exclusive
  /// Where a page before this one ended.
  std::optional<LedgerEntryId> after;
  std::uint32_t most = 1000;
};

/// What was done, by whom and when. Entries outlive what they are about: of a user who is removed the id stays, which
/// then means nobody.
class Ledger {
 public:
  virtual ~Ledger() = default;
  /// Adds the calls, each with the user of its grant, and where `dropped` is not 0 an entry that says so.
  virtual Task<void> add_calls(std::span<const CallRecord> calls, std::uint32_t dropped, Instant now) = 0;
  virtual Task<std::vector<LedgerEntry>> list_entries(LedgerFilter filter) = 0;
  /// Removes calls from before the one moment and events from before the other. Bounded, so that no other verb waits
  /// long: true where the bound was met.
  virtual Task<bool> remove_entries(Instant calls_before, Instant events_before) = 0;
};

}  // namespace chatelaine::storage
