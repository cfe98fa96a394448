#include "provider/endpoints/faults.hpp"

#include "base/unavailable.hpp"
#include "oauth/oauth_error.hpp"
#include "oauth/parameters.hpp"
#include "oauth/swapped_addresses.hpp"
#include "provider/endpoints/not_configured.hpp"
#include "provider/notes.hpp"

namespace chatelaine::provider::endpoints {
namespace {

using oauth::ErrorCode;

constexpr const char* kRetryAfter = "5";  // seconds

net::Response make_json_error(int status, const oauth::OAuthError& error) {
  auto response = net::make_json_response(status, oauth::to_json(error));
  forbid_storing(response);
  return response;
}

void begin_step(const net::Request& request, FlightStage stage) {
  request.note([stage](FlightNotes& notes) { notes.stage = stage; });
}

/// Which of the two codes a fault is; the log learns what it was.
ErrorCode classify(const Context& context, const net::Request& request, const std::exception_ptr& fault) {
  const auto log_fault = [&](const char* what) {
    note_step(request, FlightOutcome::failed, std::string("This server failed: ") + what + ".");
    context.log.error("A request failed",
                      {{"request", std::string(request.id)}, {"path", std::string(request.path)}, {"fault", what}});
  };
  try {
    std::rethrow_exception(fault);
  } catch (const Unavailable& busy) {
    note_step(request, FlightOutcome::failed,
              std::string("This server could not do it at this moment: ") + busy.what());
    context.log.warning(
        "A request was turned away",
        {{"request", std::string(request.id)}, {"path", std::string(request.path)}, {"fault", busy.what()}});
    return ErrorCode::temporarily_unavailable;
  } catch (const std::exception& error) {
    log_fault(error.what());
  } catch (...) {
    log_fault("something that is no std::exception was thrown");
  }
  return ErrorCode::server_error;
}

net::Response tell_program(ErrorCode code) {
  const bool is_passing = code == ErrorCode::temporarily_unavailable;
  const oauth::OAuthError error{
      code,
      is_passing ? "The server cannot do this at the moment; nothing was changed. Try again in a few seconds."
                 : "Something went wrong here. The server's log knows more, by the request's id.",
      {}};
  auto response = make_json_error(oauth::http_status(code), error);
  // RFC 7009 §2.2.1: a token that was to be revoked still stands, and when to try again.
  if (is_passing) response.add_header("Retry-After", kRetryAfter);
  return response;
}

net::Response tell_person(const Context& context, ErrorCode code) {
  const bool is_passing = code == ErrorCode::temporarily_unavailable;
  pages::ErrorPage page;
  page.status = oauth::http_status(code);
  if (is_passing) {
    page.title = "Not possible at this moment";
    page.what_happened = "This server cannot do what was asked right now. Nothing was changed.";
    page.what_to_do = "Wait a few seconds, go back and try again.";
  } else {
    page.title = "Something went wrong here";
    page.what_happened = "This server made a mistake. It is its operator's turn, who finds more in the log.";
    page.what_to_do = "Go back and try again; if it happens again, tell the people who run this service.";
  }
  auto response = pages::render_error(context.renderer, page);
  if (is_passing) response.add_header("Retry-After", kRetryAfter);
  return response;
}

}  // namespace

Task<net::Response> answer_program(const Context& context, Step step, const net::Request& request) {
  begin_step(request, step.stage);
  std::exception_ptr fault;
  try {
    auto response = co_await step.endpoint(context, request);
    co_return response;
  } catch (...) {
    fault = std::current_exception();
  }
  co_return tell_program(classify(context, request, fault));
}

Task<net::Response> answer_person(const Context& context, Step step, const net::Request& request) {
  begin_step(request, step.stage);
  std::exception_ptr fault;
  net::Response response;
  try {
    response = co_await step.endpoint(context, request);
  } catch (...) {
    fault = std::current_exception();
  }
  if (fault) response = tell_person(context, classify(context, request, fault));
  pages::finish_page(request, response);
  co_return response;
}

Task<net::Response> answer_closed_to_program(const net::Request& request) {
  constexpr const char* kClosed = "This server does not offer this: its operator has switched it off.";
  note_step(request, FlightOutcome::failed, std::string(kClosed) + " Path: " + std::string(request.path));
  co_return answer_not_configured(kClosed);
}

Task<net::Response> answer_closed_to_person(const Context& context, FlightStage stage, const net::Request& request) {
  begin_step(request, stage);
  auto response = pages::render_closed(context.renderer);
  pages::finish_page(request, response);
  co_return response;
}

net::Response refuse_method_to_program(FlightStage stage, const net::Request& request, std::string_view allowed) {
  begin_step(request, stage);
  std::optional<oauth::OAuthError> swap;
  if (const auto query = oauth::parse_parameters(request.query)) {
    note_parameters(request, *query);
    if (stage == FlightStage::token_request) swap = oauth::find_swap_at_token_endpoint(*query);
  }
  const auto describe = [&] {
    const std::string_view own = allowed.substr(0, allowed.find(','));
    return oauth::refuse(ErrorCode::invalid_request, "This endpoint does not take " +
                                                         std::string(request.method_name.substr(0, 20)) + ": send " +
                                                         std::string(own) + ".")
        .error();
  };
  const oauth::OAuthError error = swap ? *std::move(swap) : describe();
  note_step(request, FlightOutcome::failed, error.description);
  return make_json_error(405, error);
}

net::Response refuse_method_to_person(const Context& context, FlightStage stage, const net::Request& request) {
  begin_step(request, stage);
  const pages::ErrorPage page{.status = 405,
                              .title = "Nothing to see here",
                              .what_happened = "This address is one step of a sign-in and shows nothing by itself.",
                              .what_to_do = "Go back to the assistant and begin the sign-in there."};
  auto response = pages::render_error(context.renderer, page);
  pages::finish_page(request, response);
  return response;
}

}  // namespace chatelaine::provider::endpoints
