#include "storage/confirmations.hpp"

#include <utility>

namespace chatelaine::storage {

std::string_view to_string(ConfirmationState state) {
  switch (state) {
    case ConfirmationState::asked:
      return "asked";
    case ConfirmationState::approved:
      return "approved";
    case ConfirmationState::denied:
      return "denied";
  }
  std::unreachable();
}

std::optional<ConfirmationState> parse_confirmation_state(std::string_view text) {
  using enum ConfirmationState;
  for (const ConfirmationState state : {asked, approved, denied})
    if (to_string(state) == text) return state;
  return std::nullopt;
}

}  // namespace chatelaine::storage
