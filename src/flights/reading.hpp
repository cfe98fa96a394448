#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "storage/flights.hpp"

/// How flights are told to people: `chatelaine trace` and `/admin/flows` say the same.
namespace chatelaine::flights {

/// So many steps of one flight are shown at most.
inline constexpr std::uint32_t kMostShown = 200;

/// "Authorization request", "Sign-in at a user source", ….
[[nodiscard]] std::string_view describe(FlightStage stage);
/// "went on", "odd", "failed".
[[nodiscard]] std::string_view describe(FlightOutcome outcome);

/// Where to look first: the step that was asked about where it did not go on; else the last of the flight that did not.
/// Null where all went on.
[[nodiscard]] const storage::FlightStep* find_cause(std::span<const storage::FlightStep> flight,
                                                    std::string_view request_id);

/// Whether that could be a request's id (`X-Request-Id`): 16 hexadecimal digits.
[[nodiscard]] bool is_request_id(std::string_view text);

}  // namespace chatelaine::flights
