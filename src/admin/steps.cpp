#include "admin/steps.hpp"

#include "accounts/dates.hpp"
#include "flights/reading.hpp"

namespace chatelaine::admin {

pages::Data describe_step(const Context& context, const storage::FlightStep& step, const Names& clients) {
  const FlightNotes& notes = step.notes;
  pages::Data data;
  data.set("step", std::string(flights::describe(notes.stage)))
      .set("outcome_word", std::string(flights::describe(notes.outcome)))
      .set("outcome_class", std::string(to_string(notes.outcome)))
      .set("when", accounts::format_second(step.at))
      .set("when_date", format_rfc3339(step.at))
      .set("request_id", step.request_id)
      .set("flow_url", context.flow_url(step.request_id))
      .set("status", std::to_string(step.status))
      .add_text("sentence", notes.sentence);
  if (const auto name = clients.find(notes.client_id); name != clients.end()) {
    pages::Data client;
    client.set("client_name", name->second)
        .set("client_id", notes.client_id)
        .set("its_flows_url", context.client_flows_url(notes.client_id));
    data.add("client", std::move(client));
  }
  return data;
}

}  // namespace chatelaine::admin
