#include "storage/ledger.hpp"

#include <array>
#include <utility>

namespace chatelaine::storage {
namespace {

constexpr std::array kKinds{
    std::pair{LedgerKind::call, std::string_view("call")},
    std::pair{LedgerKind::calls_dropped, std::string_view("calls_dropped")},
    std::pair{LedgerKind::signed_in, std::string_view("signed_in")},
    std::pair{LedgerKind::consent_given, std::string_view("consent_given")},
    std::pair{LedgerKind::consent_withdrawn, std::string_view("consent_withdrawn")},
    std::pair{LedgerKind::consent_lapsed, std::string_view("consent_lapsed")},
    std::pair{LedgerKind::grant_begun, std::string_view("grant_begun")},
    std::pair{LedgerKind::grant_ended, std::string_view("grant_ended")},
    std::pair{LedgerKind::call_approved, std::string_view("call_approved")},
    std::pair{LedgerKind::call_denied, std::string_view("call_denied")},
    std::pair{LedgerKind::client_added, std::string_view("client_added")},
    std::pair{LedgerKind::client_changed, std::string_view("client_changed")},
    std::pair{LedgerKind::client_removed, std::string_view("client_removed")},
    std::pair{LedgerKind::user_added, std::string_view("user_added")},
    std::pair{LedgerKind::one_time_link_added, std::string_view("one_time_link_added")},
    std::pair{LedgerKind::password_changed, std::string_view("password_changed")},
    std::pair{LedgerKind::user_enabled, std::string_view("user_enabled")},
    std::pair{LedgerKind::user_disabled, std::string_view("user_disabled")},
    std::pair{LedgerKind::user_role_changed, std::string_view("user_role_changed")},
    std::pair{LedgerKind::user_removed, std::string_view("user_removed")},
    std::pair{LedgerKind::identity_linked, std::string_view("identity_linked")},
    std::pair{LedgerKind::identity_unlinked, std::string_view("identity_unlinked")},
    std::pair{LedgerKind::registration_token_added, std::string_view("registration_token_added")},
    std::pair{LedgerKind::registration_token_removed, std::string_view("registration_token_removed")},
    std::pair{LedgerKind::key_added, std::string_view("key_added")},
    std::pair{LedgerKind::key_retired, std::string_view("key_retired")},
};

constexpr std::array kDoors{
    std::pair{CallDoor::gateway, std::string_view("gateway")},
    std::pair{CallDoor::mcp, std::string_view("mcp")},
    std::pair{CallDoor::check, std::string_view("check")},
};

template <class Names, class Value>
std::string_view find_name(const Names& names, Value value) {
  for (const auto& [known, name] : names)
    if (known == value) return name;
  std::unreachable();
}

template <class Names>
auto find_value(const Names& names, std::string_view text) {
  std::optional<decltype(names.front().first)> found;
  for (const auto& [value, name] : names)
    if (name == text) found = value;
  return found;
}

}  // namespace

std::string_view to_string(LedgerKind kind) { return find_name(kKinds, kind); }
std::optional<LedgerKind> parse_ledger_kind(std::string_view text) { return find_value(kKinds, text); }
std::string_view to_string(CallDoor door) { return find_name(kDoors, door); }
std::optional<CallDoor> parse_call_door(std::string_view text) { return find_value(kDoors, text); }

}  // namespace chatelaine::storage
