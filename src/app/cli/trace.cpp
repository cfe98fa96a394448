#include <fmt/format.h>

#include <array>
#include <map>
#include <ostream>

#include "app/cli/command.hpp"
#include "app/cli/session.hpp"
#include "app/cli/table.hpp"
#include "app/log/escape.hpp"
#include "base/ascii.hpp"
#include "base/block_on.hpp"
#include "flights/reading.hpp"

namespace chatelaine::app {
namespace {

/// The people behind the ids, as far as they are still there; each is looked up once.
class People {
 public:
  explicit People(Foundation& foundation) : foundation_(foundation) {}

  /// The address; the id where the account is gone; empty where there is none.
  const std::string& find(const std::string& user_id) {
    const auto [known, is_new] = known_.try_emplace(user_id, user_id);
    const auto id = parse_id(user_id);
    if (!is_new || !id) return known->second;
    const auto user = block_on(foundation_.storage->users().find_user(oauth::UserId{*id}));
    if (user) known->second = user->email;
    return known->second;
  }

 private:
  Foundation& foundation_;
  std::map<std::string, std::string> known_;
};

json::object to_json(const storage::FlightStep& step, People& people) {
  const FlightNotes& notes = step.notes;
  json::object values;
  for (const auto& [name, value] : notes.values) values[name] = value;
  const json::array links(notes.links.begin(), notes.links.end());
  json::object object{{"at", format_rfc3339(step.at)},  {"request", step.request_id},
                      {"step", to_string(notes.stage)}, {"outcome", to_string(notes.outcome)},
                      {"status", step.status},          {"sentence", notes.sentence},
                      {"values", std::move(values)},    {"links", links}};
  if (!notes.client_id.empty()) object["client_id"] = notes.client_id;
  if (!notes.user_id.empty()) object["user"] = people.find(notes.user_id);
  return object;
}

json::array to_json(const std::vector<storage::FlightStep>& steps, People& people) {
  json::array array;
  for (const storage::FlightStep& step : steps) array.push_back(to_json(step, people));
  return array;
}

void print_value(std::ostream& out, std::string_view name, std::string_view value) {
  out << fmt::format("    {}: {}\n", escape_controls(name), escape_controls(value));
}

void print_step(std::ostream& out, const storage::FlightStep& step, People& people) {
  const FlightNotes& notes = step.notes;
  out << fmt::format("\n{}  {} {} ({})  request {}\n", format_instant(step.at), flights::describe(notes.stage),
                     flights::describe(notes.outcome), step.status, escape_controls(step.request_id));
  out << "    " << escape_controls(notes.sentence) << '\n';
  if (!notes.client_id.empty()) print_value(out, "client", notes.client_id);
  if (!notes.user_id.empty()) print_value(out, "user", people.find(notes.user_id));
  for (const auto& [name, value] : notes.values) print_value(out, name, value);
}

void print_flight(std::ostream& out, const std::vector<storage::FlightStep>& flight, const std::string& request_id,
                  People& people) {
  const storage::FlightStep* const cause = flights::find_cause(flight, request_id);
  if (cause == nullptr) {
    out << "Every step went on.\n";
  } else {
    out << fmt::format("{} {}: {}\n", flights::describe(cause->notes.stage), flights::describe(cause->notes.outcome),
                       escape_controls(cause->notes.sentence));
  }
  for (const storage::FlightStep& step : flight) print_step(out, step, people);
}

ExitCode show_flight(Session& session, const std::string& typed, bool as_json, Console& console) {
  const std::string request_id = to_lower(typed);
  if (!flights::is_request_id(request_id)) {
    throw WrongUsage(fmt::format(
        "\"{}\" is no request's id: take the 16 digits of X-Request-Id, or those at the end of the error page", typed));
  }
  const auto flight = block_on(session->storage->flights().find_flight(request_id, flights::kMostShown));
  if (flight.empty()) {
    throw CommandFailed(
        fmt::format("nothing is recorded of the request {}: it went as it should, was a call without any token, came "
                    "within the last "
                    "second, is older than [flights] keep, or was another server's",
                    request_id));
  }
  People people(*session);
  if (!as_json) {
    print_flight(console.out, flight, request_id, people);
    return ExitCode::done;
  }
  const storage::FlightStep* const cause = flights::find_cause(flight, request_id);
  print_json(console, json::object{{"cause", cause == nullptr ? json::value() : json::value(cause->notes.sentence)},
                                   {"steps", to_json(flight, people)}});
  return ExitCode::done;
}

storage::FlightFilter read_filter(const Arguments& arguments) {
  storage::FlightFilter filter;
  if (arguments.has("--all")) filter.outcomes = storage::FlightFilter::Outcomes::all;
  if (const auto id = arguments.find("--client")) filter.client_id = oauth::ClientId(*id);
  filter.most = read_most(arguments.get("--most", "50"));
  return filter;
}

ExitCode list_steps(Session& session, const storage::FlightFilter& filter, bool as_json, Console& console) {
  const auto steps = block_on(session->storage->flights().list_steps(filter));
  if (as_json) {
    People people(*session);
    print_json(console, to_json(steps, people));
    return ExitCode::done;
  }
  TextTable table({"WHEN", "REQUEST", "STEP", "OUTCOME", "CLIENT", "WHAT HAPPENED"});
  for (const storage::FlightStep& step : steps) {
    const FlightNotes& notes = step.notes;
    table.add({format_instant(step.at), step.request_id, std::string(flights::describe(notes.stage)),
               std::string(flights::describe(notes.outcome)), notes.client_id, notes.sentence});
  }
  table.print(console.out);
  return ExitCode::done;
}

ExitCode trace(const Arguments& arguments, Console& console) {
  const auto request_id = arguments.find("ID");
  const bool has_filter = arguments.has("--all") || arguments.has("--client") || arguments.has("--most");
  if (request_id && has_filter)
    throw WrongUsage("a request's ID shows its flight whole: leave out --all, --client and --most");
  const auto filter = read_filter(arguments);
  Session session = open_side(arguments);
  if (request_id) return show_flight(session, *request_id, wants_json(arguments), console);
  return list_steps(session, filter, wants_json(arguments), console);
}

#define STEP_SHAPE                                                                                                \
  "{\"at\",\"request\",\"step\",\"outcome\":\"went_on|odd|failed\",\"status\",\"sentence\",\"values\",\"links\"," \
  "\"client_id\",\"user\"}, the last two where they are known"

const std::array kCommands = {
    Command{"trace",
            "Shows why a request failed and what led to it; without ID the newest requests that failed or were odd.",
            "chatelaine trace 3f2a91c07be4d856",
            "the cause in a sentence and every step of the flow; as JSON {\"cause\",\"steps\"}, without ID a list of "
            "steps: " STEP_SHAPE ".",
            {{ArgumentKind::optional_positional, "ID", "",
              "A request's id: from an error page, an answer's X-Request-Id, or the log"},
             {ArgumentKind::value, "--client", "ID", "Of this client alone"},
             {ArgumentKind::flag, "--all", "", "Also the steps that went on"},
             {ArgumentKind::value, "--most", "NUMBER", "So many steps; 50 without it"},
             {ArgumentKind::flag, "--host", "", "What the host recorded, where the file has both sides"}},
            trace},
};

}  // namespace

CommandGroup trace_commands() { return {"trace", "Why a request failed, and what led to it.", kCommands}; }

}  // namespace chatelaine::app
