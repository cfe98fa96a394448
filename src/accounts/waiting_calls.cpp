#include "accounts/waiting_calls.hpp"

#include "accounts/activity.hpp"
#include "accounts/dates.hpp"
#include "accounts/endpoints.hpp"
#include "accounts/own_form.hpp"
#include "accounts/return_to.hpp"
#include "accounts/sessions.hpp"
#include "pages/posted_form.hpp"

namespace chatelaine::accounts {
namespace {

using storage::Confirmation;
using storage::ConfirmationState;

Task<std::string> find_client_name(const Context& context, const oauth::ClientId& id) {
  const auto client = co_await context.storage.clients().find_client(id);
  co_return client == nullptr ? id.value() : client->name;
}

std::string page_of(const Context& context, storage::ConfirmationId id) {
  return context.path(path::kCall) + "?call=" + format_id(id.value);
}

/// The user's own question by the id that a query or a form says, if it is there still; decided or not.
Task<std::optional<Confirmation>> find_question(const Context& context, std::string id_text, oauth::UserId user_id) {
  const auto id = parse_id(id_text);
  if (!id) co_return std::nullopt;
  const storage::ConfirmationId question_id{*id};
  co_return co_await context.storage.confirmations().find_confirmation(question_id, user_id, context.clock.now());
}

net::Response say_over(const Context& context) {
  return pages::render_error(
      context.renderer,
      {.status = 404,
       .title = "Nothing to decide here",
       .what_happened = "This question is decided already, its time is over, or it was asked of somebody else.",
       .what_to_do = "If the assistant still wants to do it, tell it to try again: then you are asked again.",
       .detail = {},
       .next_href = context.path(path::kAccount),
       .next_label = "Your account"});
}

std::optional<ConfirmationState> read_decision(const Form& form) {
  const std::string_view decision = form.get_or_empty("decision");
  if (decision == "allow") return ConfirmationState::approved;
  if (decision == "deny") return ConfirmationState::denied;
  return std::nullopt;
}

}  // namespace

Task<void> add_waiting_calls(pages::Data& page, const Context& context, oauth::UserId user_id) {
  const auto waiting =
      co_await context.storage.confirmations().list_waiting_confirmations(user_id, context.clock.now());
  if (waiting.empty()) co_return;
  pages::Data section;
  for (const Confirmation& question : waiting) {
    std::string client_name = co_await find_client_name(context, question.client_id);
    pages::Data element;
    element.set("client_name", std::move(client_name))
        .set("what", describe_operation(context.settings, question.operation))
        .set("decide_url", page_of(context, question.id))
        .set("asked", format_minute(question.asked_at))
        .set("asked_date", format_rfc3339(question.asked_at));
    section.add("waiting_list", std::move(element));
  }
  page.add("waiting", std::move(section));
}

Task<net::Response> show_waiting_call(const Context& context, const net::Request& request) {
  std::string id_text(read_query(request.query).get_or_empty("call"));
  const auto signed_in = co_await find_signed_in(context, request);
  if (!signed_in)
    co_return redirect_to_sign_in(context, context.path(path::kCall) + "?call=" + percent_encode(id_text));
  const auto question = co_await find_question(context, std::move(id_text), signed_in->user.id);
  if (!question || question->state != ConfirmationState::asked) co_return say_over(context);
  std::string client_name = co_await find_client_name(context, question->client_id);
  pages::Data data;
  data.set("client_name", std::move(client_name))
      .set("what", describe_operation(context.settings, question->operation))
      .set("call", question->call)
      .set("asked", format_minute(question->asked_at))
      .set("asked_date", format_rfc3339(question->asked_at))
      .set("action", context.path(path::kCall))
      .set("form_token", context.csrf.mint_token(purpose::kCall, signed_in->form_binding))
      .set("call_id", format_id(question->id.value));
  if (!question->body.empty()) {
    pages::Data body;
    body.set("body_text", question->body);
    data.add("body", std::move(body));
  }
  co_return context.renderer.render(200, "waiting_call", "Allow this once?", data);
}

Task<net::Response> decide_call(const Context& context, const net::Request& request) {
  auto own = co_await read_own_form(context, request, purpose::kCall);
  if (!own) co_return std::move(own.error());
  const auto decision = read_decision(own->form);
  if (!decision) co_return pages::refuse_undecided(context.renderer);
  const oauth::UserId user_id = own->signed_in.user.id;
  std::string id_text(own->form.get_or_empty("call"));
  const auto question = co_await find_question(context, std::move(id_text), user_id);
  if (!question) co_return say_over(context);
  const Instant now = context.clock.now();
  // The answer holds as long as the question could wait.
  const bool is_decided = co_await context.storage.confirmations().decide_confirmation(
      question->id, user_id, *decision, now, now + (question->expires_at - question->asked_at));
  if (!is_decided) co_return say_over(context);
  const bool is_approved = *decision == ConfirmationState::approved;
  context.log.info(is_approved ? "Call approved" : "Call denied", {{"user", format_id(user_id.value)},
                                                                   {"client", question->client_id.value()},
                                                                   {"operation", question->operation}});
  co_return redirect_to(context.path(path::kAccount) + (is_approved ? "?done=approved" : "?done=denied"));
}

}  // namespace chatelaine::accounts
