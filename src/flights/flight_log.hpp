#pragma once

#include "base/batch_writer.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "flights/budget.hpp"
#include "storage/flights.hpp"

namespace chatelaine::flights {

/// A log that also keeps the steps of flights (docs/adr/0020): they are written together, every second
/// (base/batch_writer.hpp), within a budget; what is left out is counted in the log. Lines go on to `log`.
class FlightLog final : public Log {
 public:
  /// All outlive it.
  FlightLog(Log& log, storage::Flights& flights, const Clock& clock);

  void write(Level level, std::string_view event, std::initializer_list<Field> fields) override {
    log_.write(level, event, fields);
  }
  void record(FlightRecord flight) override;

 private:
  /// On the writer's thread.
  void tell_left_out(std::uint32_t dropped);

  Log& log_;
  const Clock& clock_;
  FlightBudget budget_;
  std::uint64_t left_out_ = 0;
  Instant next_told_{};
  BatchWriter<storage::FlightStep> writer_;
};

}  // namespace chatelaine::flights
