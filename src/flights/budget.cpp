#include "flights/budget.hpp"

#include <utility>

namespace chatelaine::flights {

bool FlightBudget::take(const FlightRecord& flight, Instant now) {
  const FlightNotes& notes = flight.notes;
  const bool is_call = notes.stage == FlightStage::api_call;
  const bool is_wrong_method = flight.status == 405 && !is_call;
  // A client's id has no line end.
  std::string whose = is_call || notes.client_id.empty() ? std::string(to_string(notes.stage)) + "\n" : "";
  whose += notes.client_id;
  if (is_wrong_method) whose = "405\n";
  const std::scoped_lock lock(mutex_);
  const auto minute = std::chrono::floor<std::chrono::minutes>(now);
  if (minute != minute_) {
    minute_ = minute;
    taken_ = 0;
    taken_of_.clear();
  }
  // No more of them than steps, so that what is counted is bounded too.
  if (taken_ >= kMostInAll) return false;
  std::uint32_t& taken = taken_of_[std::move(whose)];
  const std::uint32_t most = is_wrong_method ? kMostWrongMethods : is_call ? kMostCallsOfClient : kMostOfClient;
  if (taken >= most) return false;
  ++taken;
  ++taken_;
  return true;
}

}  // namespace chatelaine::flights
