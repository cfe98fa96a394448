#include <fmt/format.h>

#include "admin/context.hpp"
#include "admin/steps.hpp"
#include "flights/reading.hpp"

namespace chatelaine::admin {
namespace {

net::Response render_unknown(const Context& context, std::string_view request_id) {
  const bool could_be = flights::is_request_id(request_id);
  return pages::render_error(
      context.renderer,
      {.status = 404,
       .title = "No flow is known of that request",
       .what_happened = could_be ? fmt::format("Nothing is recorded of the request {}.", request_id)
                                 : "That is no request's id: it has 16 digits from 0 to 9 and a to f.",
       .what_to_do = could_be ? "It may have been no step of a sign-in or a call that went as it should, or a call "
                                "without any token; it "
                                "may have come within the last second, be older than [flights] keep allows, or have "
                                "been another server's. Take the id from "
                                "the answer's X-Request-Id, or from the end of the error page."
                              : "Take the id from the answer's X-Request-Id, or from the end of the error page.",
       .next_href = context.paths.flows,
       .next_label = "Flows"});
}

/// What to read first.
void add_cause(pages::Data& data, const storage::FlightStep* cause) {
  data.show("went_on", cause == nullptr);
  if (cause == nullptr) return;
  pages::Data told;
  told.set("cause_step", std::string(flights::describe(cause->notes.stage)))
      .set("cause_outcome", std::string(flights::describe(cause->notes.outcome)))
      .set("cause_sentence", cause->notes.sentence)
      .show("cause_failed", cause->notes.outcome == FlightOutcome::failed);
  data.add("cause", std::move(told));
}

pages::Data describe_whole_step(const Context& context, const storage::FlightStep& step, const Names& clients,
                                const Names& people) {
  pages::Data data = describe_step(context, step, clients);
  if (!step.notes.user_id.empty()) data.add_text("user", people.at(step.notes.user_id));
  for (const auto& [name, value] : step.notes.values) {
    pages::Data shown;
    shown.set("value_name", name).set("value", value);
    data.add("values", std::move(shown));
  }
  return data;
}

}  // namespace

Task<net::Response> show_flow(const Context& context, const net::Request& request,
                              const accounts::SignedIn& signed_in) {
  const std::string request_id(net::path_segment(context.paths.flow, request.path, "request"));
  std::vector<storage::FlightStep> flight;
  if (flights::is_request_id(request_id))
    flight = co_await context.storage.flights().find_flight(request_id, flights::kMostShown);
  if (flight.empty()) co_return render_unknown(context, request_id);
  const auto clients = co_await find_client_names(context.storage, flight);
  const auto people = co_await find_addresses(context.storage, flight);
  const storage::FlightStep* const cause = flights::find_cause(flight, request_id);
  pages::Data data = begin_page(context, signed_in, Place::flows);
  add_cause(data, cause);
  for (const storage::FlightStep& step : flight) {
    pages::Data described = describe_whole_step(context, step, clients, people);
    described.show("is_asked", step.request_id == request_id).show("is_cause", &step == cause);
    data.add("steps", std::move(described));
  }
  if (flight.size() == flights::kMostShown)
    data.add_text("cut", fmt::format("The flow is longer: these are the {} steps that are nearest to the request.",
                                     flights::kMostShown));
  data.set("asked_id", request_id);
  co_return context.renderer.render(200, "admin_flow", "A flow", data);
}

}  // namespace chatelaine::admin
