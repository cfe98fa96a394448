#include "flights/flight_log.hpp"

#include "base/block_on.hpp"
#include "base/utf8.hpp"
#include "oauth/shown_parameters.hpp"

namespace chatelaine::flights {
namespace {

constexpr std::size_t kLongestSentence = 1'000;
constexpr std::size_t kLongestValue = 400;
/// However much came. More than is kept, since what makes a part of it a secret may stand behind that: the `@` of a URI
/// with a password.
constexpr std::size_t kMostLookedAt = 64'000;
/// Of all names and values of a step.
constexpr std::size_t kMostShown = 2'000;

/// What a stranger sent may be anything; what is kept is text of bounded length without a token in it.
template <class Show>
std::string clean(std::string text, std::size_t longest, Show show) {
  if (text.size() > kMostLookedAt) text.resize(kMostLookedAt);
  text = show(text);
  if (text.size() > longest) text.resize(longest);
  return make_valid_utf8(text);
}

FlightNotes clean(FlightNotes notes) {
  // The id of a client that is known here, which may be a URL with a query, and by which its steps are found.
  notes.client_id = clean(std::move(notes.client_id), kLongestSentence, oauth::hide_tokens);
  notes.sentence = clean(std::move(notes.sentence), kLongestSentence, oauth::show_text);
  std::vector<FlightNotes::Value> values;
  std::size_t shown = 0;
  for (auto& [name, value] : notes.values) {
    FlightNotes::Value kept{clean(std::move(name), kLongestValue, oauth::show_text),
                            clean(std::move(value), kLongestValue, oauth::show_text)};
    shown += kept.name.size() + kept.value.size();
    if (shown > kMostShown) break;
    values.push_back(std::move(kept));
  }
  notes.values = std::move(values);
  return notes;
}

}  // namespace

FlightLog::FlightLog(Log& log, storage::Flights& flights, const Clock& clock)
    : log_(log),
      clock_(clock),
      writer_(
          [this, &flights](const std::vector<storage::FlightStep>& steps, std::uint32_t dropped) {
            block_on(flights.add_steps(steps));
            tell_left_out(dropped);
          },
          [&log](std::string_view reason) {
            log.warning("Steps of flights could not be recorded", {{"reason", std::string(reason)}});
          }) {}

void FlightLog::tell_left_out(std::uint32_t dropped) {
  left_out_ += dropped;
  const Instant now = clock_.now();
  // Of a flood a line a minute.
  if (left_out_ == 0 || now < next_told_) return;
  log_.warning("Steps of flights were too many to be recorded", {{"left out", std::to_string(left_out_)}});
  left_out_ = 0;
  next_told_ = now + std::chrono::minutes(1);
}

void FlightLog::record(FlightRecord flight) {
  const Instant now = clock_.now();
  if (!budget_.take(flight, now)) {
    writer_.drop();
    return;
  }
  storage::FlightStep step;
  step.at = now;
  step.request_id = std::move(flight.request_id);
  step.status = static_cast<std::uint32_t>(flight.status);
  step.notes = clean(std::move(flight.notes));
  writer_.add(std::move(step));
}

}  // namespace chatelaine::flights
