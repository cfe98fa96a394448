#include "flights/budget.hpp"

#include <utility>

namespace chatelaine::flights {

bool FlightBudget::take(const FlightNotes& notes, Instant now) {
  const bool is_call = notes.stage == FlightStage::api_call;
  // A client's id has no line end.
  std::string whose = is_call || notes.client_id.empty() ? std::string(to_string(notes.stage)) + "\n" : "";
  whose += notes.client_id;
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
  if (taken >= (is_call ? kMostCallsOfClient : kMostOfClient)) return false;
  ++taken;
  ++taken_;
  return true;
}

}  // namespace chatelaine::flights
