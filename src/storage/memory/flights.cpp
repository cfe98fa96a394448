#include <algorithm>
#include <ranges>
#include <set>
#include <tuple>

#include "storage/memory/nouns.hpp"

namespace chatelaine::storage::memory {
namespace {

bool is_match(const FlightStep& step, const FlightFilter& filter) {
  if (filter.outcomes == FlightFilter::Outcomes::odd_and_failed && step.notes.outcome == FlightOutcome::went_on)
    return false;
  if (filter.client_id && step.notes.client_id != filter.client_id->value()) return false;
  return !filter.before || step.id < *filter.before;
}

/// What stays where there are too many: the request's own, those that went on, then the newest.
auto rank(const FlightStep& step, const std::string& request_id) {
  return std::tuple(step.request_id != request_id, step.notes.outcome != FlightOutcome::went_on, -step.id.value);
}

class MemoryFlights final : public Flights {
 public:
  explicit MemoryFlights(Tables& tables) : tables_(tables) {}

  Task<void> add_steps(std::span<const FlightStep> steps) override {
    const std::scoped_lock lock(tables_.mutex);
    for (const FlightStep& step : steps) {
      tables_.flights.push_back(step);
      tables_.flights.back().id = FlightStepId{tables_.next_flight_step_id++};
    }
    co_return;
  }

  Task<std::vector<FlightStep>> find_flight(std::string request_id, std::uint32_t most) override {
    const std::scoped_lock lock(tables_.mutex);
    std::set<std::string> links;
    const auto is_reached = [&](const FlightStep& step) {
      return step.request_id == request_id ||
             std::ranges::any_of(step.notes.links, [&](const std::string& link) { return links.contains(link); });
    };
    std::size_t before = 0;
    do {
      before = links.size();
      for (const FlightStep& step : tables_.flights)
        if (is_reached(step)) links.insert(step.notes.links.begin(), step.notes.links.end());
    } while (links.size() > before);
    std::vector<FlightStep> steps;
    std::ranges::copy_if(tables_.flights, std::back_inserter(steps), is_reached);
    std::ranges::sort(steps, {}, [&](const FlightStep& step) { return rank(step, request_id); });
    if (steps.size() > most) steps.resize(most);
    std::ranges::sort(steps, {}, &FlightStep::id);
    co_return steps;
  }

  Task<std::vector<FlightStep>> list_steps(FlightFilter filter) override {
    const std::scoped_lock lock(tables_.mutex);
    std::vector<FlightStep> steps;
    std::ranges::copy_if(tables_.flights, std::back_inserter(steps),
                         [&](const FlightStep& step) { return is_match(step, filter); });
    std::ranges::reverse(steps);
    if (steps.size() > filter.most) steps.resize(filter.most);
    co_return steps;
  }

  Task<bool> remove_steps(Instant before, std::uint32_t most) override {
    const std::scoped_lock lock(tables_.mutex);
    const FlightStepId last_removed{tables_.next_flight_step_id - 1 - static_cast<std::int64_t>(most)};
    std::size_t calls = 0;
    const auto is_removed = [&](const FlightStep& step) {
      const bool is_call = step.notes.stage == FlightStage::api_call;
      return step.at < before || step.id <= last_removed || (is_call && ++calls > most / 4);
    };
    // The newest first, so that the oldest calls are those that are too many.
    std::vector<FlightStep> kept;
    for (FlightStep& step : tables_.flights | std::views::reverse)
      if (!is_removed(step)) kept.push_back(std::move(step));
    std::ranges::reverse(kept);
    tables_.flights = std::move(kept);
    co_return false;
  }

 private:
  Tables& tables_;
};

}  // namespace

std::unique_ptr<Flights> make_flights(Tables& tables) { return std::make_unique<MemoryFlights>(tables); }

}  // namespace chatelaine::storage::memory
