#include <algorithm>
#include <limits>

#include "storage/sqlite/nouns.hpp"

namespace chatelaine::storage::sqlite {
namespace {

#define STEP_COLUMNS "id, at, request_id, status, stage, outcome, client_id, user_id, sentence, shown, links"

constexpr Sql kAdd{
    "INSERT INTO flight_steps (at, request_id, status, stage, outcome, client_id, user_id, sentence, shown, links)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"};
constexpr Sql kLink{
    "INSERT OR IGNORE INTO flight_links (link, step_id)"
    " SELECT value, (SELECT max(id) FROM flight_steps) FROM json_each(?1)"};
// Links are walked, each once, however many steps have it. Of too many steps those are given that went on, which are a
// flow's own and few, and then the newest.
constexpr Sql kFind{
    "WITH RECURSIVE reached (link) AS ("
    "   SELECT link FROM flight_links WHERE step_id IN (SELECT id FROM flight_steps WHERE request_id = ?1)"
    "   UNION"
    "   SELECT further.link FROM reached"
    "     JOIN flight_links AS shared ON shared.link = reached.link"
    "     JOIN flight_links AS further ON further.step_id = shared.step_id"
    "   LIMIT 1000)"
    " SELECT " STEP_COLUMNS
    " FROM (SELECT * FROM flight_steps WHERE request_id = ?1"
    "   OR id IN (SELECT step_id FROM flight_links WHERE link IN (SELECT link FROM reached))"
    "   ORDER BY request_id = ?1 DESC, outcome = 'went_on' DESC, id DESC LIMIT ?2) ORDER BY id"};
#define MATCHES_REST " AND (?3 = 'all' OR outcome <> 'went_on') AND id < ?2 ORDER BY id DESC LIMIT ?4"
// One for each way to ask, so that each can use its index.
constexpr Sql kList{"SELECT " STEP_COLUMNS " FROM flight_steps WHERE ?1 IS NULL" MATCHES_REST};
constexpr Sql kListOfClient{"SELECT " STEP_COLUMNS " FROM flight_steps WHERE client_id = ?1" MATCHES_REST};

constexpr std::size_t kMostRemoved = 1000;
// The links go with them. Ids grow with time, so the oldest have the smallest.
constexpr Sql kRemoveOld{
    "DELETE FROM flight_steps WHERE id IN (SELECT id FROM flight_steps WHERE at < ?1 LIMIT 1000) RETURNING id"};
constexpr Sql kRemoveMost{
    "DELETE FROM flight_steps WHERE id IN (SELECT id FROM flight_steps"
    "   WHERE id <= (SELECT max(id) FROM flight_steps) - ?1 ORDER BY id LIMIT 1000) RETURNING id"};
constexpr Sql kRemoveCalls{
    "DELETE FROM flight_steps WHERE id IN (SELECT id FROM flight_steps WHERE stage = 'api_call' AND id <="
    "   (SELECT id FROM flight_steps WHERE stage = 'api_call' ORDER BY id DESC LIMIT 1 OFFSET ?1)"
    " ORDER BY id LIMIT 1000) RETURNING id"};

FlightStep read_step(const Statement& statement) {
  Row row(statement);
  FlightStep step;
  step.id = row.take<FlightStepId>();
  step.at = row.take<Instant>();
  step.request_id = row.take<std::string>();
  step.status = row.take<std::uint32_t>();
  step.notes.stage = row.take<FlightStage>();
  step.notes.outcome = row.take<FlightOutcome>();
  step.notes.client_id = row.take<std::string>();
  step.notes.user_id = row.take<std::string>();
  step.notes.sentence = row.take<std::string>();
  step.notes.values = row.take<std::vector<FlightNotes::Value>>();
  step.notes.links = row.take<std::vector<std::string>>();
  return step;
}

std::string name_outcomes(FlightFilter::Outcomes outcomes) {
  switch (outcomes) {
    case FlightFilter::Outcomes::all:
      return "all";
    case FlightFilter::Outcomes::odd_and_failed:
      break;
  }
  return "odd_and_failed";
}

class SqliteFlights final : public Flights {
 public:
  explicit SqliteFlights(Database& database) : database_(database) {}

  Task<void> add_steps(std::span<const FlightStep> steps) override {
    auto write = [&](Writing& writing) {
      for (const FlightStep& step : steps) {
        const FlightNotes& notes = step.notes;
        writing.run(kAdd, step.at, step.request_id, step.status, notes.stage, notes.outcome, notes.client_id,
                    notes.user_id, notes.sentence, notes.values, notes.links);
        writing.run(kLink, notes.links);
      }
    };
    WriteVerb verb(database_.writer(), write);
    co_await verb;
  }

  Task<std::vector<FlightStep>> find_flight(std::string request_id, std::uint32_t most) override {
    std::vector<FlightStep> steps;
    Statement found = database_.reader().query(kFind, request_id, most);
    while (found.next()) steps.push_back(read_step(found));
    co_return steps;
  }

  Task<std::vector<FlightStep>> list_steps(FlightFilter filter) override {
    const FlightStepId before = filter.before.value_or(FlightStepId{std::numeric_limits<std::int64_t>::max()});
    std::vector<FlightStep> steps;
    Statement listed = database_.reader().query(filter.client_id ? kListOfClient : kList, filter.client_id, before,
                                                name_outcomes(filter.outcomes), filter.most);
    while (listed.next()) steps.push_back(read_step(listed));
    co_return steps;
  }

  Task<bool> remove_steps(Instant before, std::uint32_t most) override {
    auto write = [&](Writing& writing) {
      const std::size_t removed[] = {writing.run(kRemoveOld, before), writing.run(kRemoveMost, most),
                                     writing.run(kRemoveCalls, most / 4)};
      return std::ranges::max(removed) >= kMostRemoved;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<Flights> make_flights(Database& database) { return std::make_unique<SqliteFlights>(database); }

}  // namespace chatelaine::storage::sqlite
