#include "gateway/mcp/call.hpp"

#include <exception>

#include "gateway/notes.hpp"

namespace chatelaine::gateway::mcp {

Task<void> Call::start(Decision decision, OpenRequests::Place place) {
  decision_ = std::move(decision);
  place_.emplace(std::move(place));
  Executor& executor = co_await current_executor();
  start_task(executor, run(shared_from_this()));
}

Task<void> Call::run(std::shared_ptr<Call> call) {
  try {
    call->result_ = co_await call->ask();
  } catch (const std::exception& fault) {
    call->log_.error("a tool's call failed", {{"tool", call->tool_.name}, {"error", fault.what()}});
    call->result_ = make_error_result("The call failed within this server; trying again may help.");
  }
  // Whoever asked may be gone by now, or have been answered with the beginning of a stream.
  FlightNotes notes = call->take_notes();
  if (notes.outcome != FlightOutcome::untold)
    call->log_.record({std::string(call->request().id), call->status_, std::move(notes)});
  call->wake();
}

Task<json::object> Call::ask() {
  std::shared_ptr<const oauth::AccessToken> token;
  std::string operation;
  if (const auto* const caller = std::get_if<Caller>(&decision_)) {
    token = caller->access;
    operation = caller->operation;
  }
  net::Response response = co_await gateway_.forward(api_call_.request(), gateway_settings_, std::move(decision_));
  status_ = response.status;
  auto answer = co_await read_answer(std::move(response), settings_.largest_answer, progress_);
  if (!answer) {
    if (!progress_.is_cancelled) {
      note_call(request(), FlightOutcome::failed, answer.error());
      if (token != nullptr) note_caller(request(), *token, operation);
    }
    co_return make_error_result(std::move(answer.error()));
  }
  answer->url = url_;
  co_return make_tool_result(tool_, *answer);
}

void Call::cancel() {
  progress_.is_cancelled = true;
  api_call_.cancel();
  if (progress_.stream != nullptr) progress_.stream->cancel();
  wake();
}

void Call::tick(net::Loop& loop) {
  if (progress_.stream != nullptr) progress_.stream->tick(loop);
}

}  // namespace chatelaine::gateway::mcp
