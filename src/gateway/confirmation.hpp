#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "base/time.hpp"
#include "net/request.hpp"
#include "openapi/description.hpp"
#include "storage/confirmations.hpp"

/// Calls that their user confirms before they go through (docs/adr/0021).
namespace chatelaine::gateway {

/// Which calls; each of these has those of the one before it.
enum class ConfirmedCalls : std::uint8_t {
  none,
  /// What the description says has consequences (`x-openai-isConsequential`).
  consequential,
  /// What deletes.
  deleting,
  /// What changes anything, unless the description says that it has no consequences.
  changing
};

/// How they are confirmed.
enum class ConfirmedBy : std::uint8_t {
  /// On the account page, each call once.
  approval,
  /// By a sign-in that is not older than the lifetime (RFC 9470), for whatever is called meanwhile.
  sign_in
};

/// `[confirmation]`, as the gateway needs it.
struct ConfirmationPolicy {
  ConfirmedCalls calls = ConfirmedCalls::none;
  /// Further operations, by their ids.
  std::set<std::string> operations = {};
  ConfirmedBy by = ConfirmedBy::approval;
  /// How long a question waits, an answer holds, and a sign-in counts.
  milliseconds lifetime{std::chrono::minutes(10)};
  /// The URL of the page where people decide; `?call=ID` goes behind it.
  std::string page = {};
};

[[nodiscard]] bool needs_confirmation(const ConfirmationPolicy& policy, const openapi::Operation& operation);
/// Of a call that no description tells of.
[[nodiscard]] bool needs_confirmation(const ConfirmationPolicy& policy, std::string_view method);

/// The largest body of a call that is to be confirmed: it waits in memory.
inline constexpr std::size_t kLargestConfirmedBody = std::size_t{256} * 1024;

/// What a question may have to show, in bytes of text: a person reads no more, and must not approve what they were not
/// shown. A body that is no text takes a line of it.
inline constexpr std::size_t kMostShown = std::size_t{32} * 1024;

/// Whether its user could be shown all of it.
[[nodiscard]] bool is_showable(const storage::Confirmation& question);

/// The question about a call: what it says to its user, with all that hides made visible, and a hash of all that the
/// API would read, so that what was approved is what goes through. `operation`: null where no description tells of it;
/// its headers and cookies count, and are shown. `name`: as the ledger names the call. Without its id and its moments.
[[nodiscard]] storage::Confirmation make_question(const net::Request& call, std::string_view body,
                                                  const openapi::Operation* operation, std::string name);

/// What a call's user says to it.
enum class UsersWord : std::uint8_t { approved, denied, waits, too_many_wait };
struct UsersAnswer {
  UsersWord word = UsersWord::waits;
  /// The question's, where it waits.
  storage::ConfirmationId id = {};
};
/// Asks, or finds what was said; an approval is spent by that. The arguments outlive the task.
[[nodiscard]] Task<UsersAnswer> ask_user(storage::Confirmations& confirmations, const storage::Confirmation& question,
                                         Instant now);

}  // namespace chatelaine::gateway
