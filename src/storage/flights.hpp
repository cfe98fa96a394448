#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/flight.hpp"
#include "base/id.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::storage {

using FlightStepId = Id<struct FlightStepTag>;

/// One request that was a step of a flow.
struct FlightStep {
  /// Grows with each step.
  FlightStepId id;
  Instant at;
  std::string request_id;
  std::uint32_t status = 0;
  FlightNotes notes;
};

/// Which steps to list, newest first: those that match every member that is set.
struct FlightFilter {
  enum class Outcomes : std::uint8_t { all, odd_and_failed };

  Outcomes outcomes = Outcomes::odd_and_failed;
  std::optional<oauth::ClientId> client_id;
  /// Where a page before this one ended.
  std::optional<FlightStepId> before;
  std::uint32_t most = 50;
};

/// The steps of flows, as the flight recorder keeps them (docs/adr/0020). They outlive what they are about.
class Flights {
 public:
  virtual ~Flights() = default;
  /// Adds them under ids of their own, whatever theirs say.
  virtual Task<void> add_steps(std::span<const FlightStep> steps) = 0;
  /// The steps of the request, and those that share a link with them, and so on, oldest first; at most `most`: the
  /// request's own, those that went on, then the newest. Empty where nothing is known of the request.
  virtual Task<std::vector<FlightStep>> find_flight(std::string request_id, std::uint32_t most) = 0;
  virtual Task<std::vector<FlightStep>> list_steps(FlightFilter filter) = 0;
  /// Removes steps from before the moment, the oldest where there are more than `most`, and the oldest calls of the API
  /// where they are more than a quarter of that: an API that is down makes many. Bounded, so that no other
  /// verb waits long: true where the bound was met.
  virtual Task<bool> remove_steps(Instant before, std::uint32_t most) = 0;
};

}  // namespace chatelaine::storage
