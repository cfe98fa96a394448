#include <algorithm>

#include "admin/context.hpp"
#include "admin/names.hpp"
#include "admin/query.hpp"
#include "admin/steps.hpp"
#include "flights/reading.hpp"

namespace chatelaine::admin {
namespace {

constexpr std::uint32_t kMostOfPage = 50;

storage::FlightFilter read_filter(const Form& form) {
  storage::FlightFilter filter;
  if (form.get_or_empty("all") == "1") filter.outcomes = storage::FlightFilter::Outcomes::all;
  if (const auto id = form.get("client"); id && !id->empty()) filter.client_id = oauth::ClientId(std::string(*id));
  if (const auto before = read_number(form.get_or_empty("before"))) filter.before = storage::FlightStepId{*before};
  filter.most = kMostOfPage + 1;
  return filter;
}

/// This list with other outcomes, or from another step on.
std::string write_url(const Context& context, const storage::FlightFilter& filter) {
  std::vector<Form::Field> fields;
  if (filter.client_id) fields.push_back({"client", filter.client_id->value()});
  if (filter.outcomes == storage::FlightFilter::Outcomes::all) fields.push_back({"all", "1"});
  if (filter.before) fields.push_back({"before", std::to_string(filter.before->value)});
  return fields.empty() ? context.paths.flows : context.paths.flows + "?" + encode_form(fields);
}

/// The same steps, those that went on among them or not, from the newest on.
std::string write_other_url(const Context& context, storage::FlightFilter filter) {
  using enum storage::FlightFilter::Outcomes;
  filter.outcomes = filter.outcomes == all ? odd_and_failed : all;
  filter.before.reset();
  return write_url(context, filter);
}

/// As it was typed, copied or read aloud.
std::string read_request_id(std::string_view typed) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = std::min(typed.find_first_not_of(kBlanks), typed.size());
  typed.remove_prefix(first);
  typed.remove_suffix(typed.size() - std::min(typed.find_last_not_of(kBlanks) + 1, typed.size()));
  std::string id(typed);
  std::ranges::transform(id, id.begin(), [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  return id;
}

Task<void> add_client(pages::Data& data, const Context& context, oauth::ClientId id) {
  const auto client = co_await context.storage.clients().find_client(id);
  pages::Data only;
  only.set("only_name", client ? name_of(*client) : id.value()).set("only_id", id.value());
  data.add("only", std::move(only));
}

Task<void> add_steps(pages::Data& data, const Context& context, const std::vector<storage::FlightStep>& steps) {
  const auto names = co_await find_client_names(context.storage, steps);
  for (const storage::FlightStep& step : steps) data.add("steps", describe_step(context, step, names));
  data.show("has_steps", !steps.empty());
}

}  // namespace

Task<net::Response> show_flows(const Context& context, const net::Request& request,
                               const accounts::SignedIn& signed_in) {
  const Form form = read_query(request);
  const std::string typed = read_request_id(form.get_or_empty("request"));
  if (flights::is_request_id(typed)) {
    net::Response response = net::make_redirect(context.flow_url(typed));
    net::forbid_storing(response);
    co_return response;
  }
  storage::FlightFilter filter = read_filter(form);
  pages::Data data = begin_page(context, signed_in, Place::flows);
  if (!typed.empty())
    data.add_text("typed_problem", "That is no request's id: it has 16 digits from 0 to 9 and a to f.");
  data.set("typed", typed);
  if (filter.client_id) co_await add_client(data, context, *filter.client_id);
  auto steps = co_await context.storage.flights().list_steps(filter);
  if (steps.size() > kMostOfPage) {
    steps.pop_back();
    storage::FlightFilter next = filter;
    next.before = steps.back().id;
    data.add_text("next", write_url(context, next));
  }
  co_await add_steps(data, context, steps);
  data.show("shows_all", filter.outcomes == storage::FlightFilter::Outcomes::all)
      .set("other_url", write_other_url(context, filter));
  co_return context.renderer.render(typed.empty() ? 200 : 422, "admin_flows", "Flows", data);
}

}  // namespace chatelaine::admin
