#include "gateway/gateway.hpp"

#include "gateway/forward.hpp"
#include "gateway/notes.hpp"
#include "gateway/refusal.hpp"
#include "net/whole_body.hpp"

namespace chatelaine::gateway {

struct Gateway::State {
  const Live<GatewaySettings>& live;
  Guard& guard;
  SendUpstream send_upstream;
  Log& log;

  /// `headers` owns what the upstream's request refers to. `caller`: null where nobody is named to the API.
  Task<net::Response> send(const net::Request& request, const GatewaySettings& settings, ForwardedHeaders& headers,
                           const Caller* caller) {
    net::UpstreamRequest forwarded{.method = request.method_name,
                                   .target = std::string(request.target),
                                   .headers = headers.take(),
                                   .body = request.body,
                                   .cancellation = request.cancellation};
    auto answer = co_await send_upstream(std::move(forwarded));
    if (!answer) {
      net::Response report = report_upstream_error(answer.error());
      const bool is_cancelled = answer.error() == net::UpstreamError::cancelled;
      // Who goes away has not failed; the ledger has the call.
      if (!is_cancelled) {
        note_call(request, FlightOutcome::failed, report.trouble);
        if (caller != nullptr) note_caller(request, *caller->access, caller->operation);
      }
      log.write(is_cancelled ? Log::Level::debug : Log::Level::warning, "the upstream gave no answer",
                {{"status", std::to_string(report.status)}, {"path", std::string(request.path)}});
      co_return report;
    }
    remove_own_cookies(*answer, settings.own_cookie_names);
    co_return *std::move(answer);
  }

  Task<net::Response> forward_without_identity(const net::Request& request, const GatewaySettings& settings) {
    ForwardedHeaders headers(request, settings);
    co_return co_await send(request, settings, headers, nullptr);
  }

  /// The call is read whole before its user is asked, so that what they approve is what is sent.
  Task<net::Response> forward_approved(const net::Request& request, const GatewaySettings& settings,
                                       const Caller& caller) {
    const auto body = co_await net::read_whole_body(request, kLargestConfirmedBody);
    if (!body) {
      net::Response refusal = refuse_confirmed_body(body.error(), kLargestConfirmedBody);
      if (caller.limit) add_rate_limit(refusal, *caller.limit);
      guard.note(caller, settings, refusal.status);
      note_refused_call(request, *caller.access, caller.operation, FlightOutcome::failed, refusal);
      co_return refusal;
    }
    auto refusal = co_await guard.confirm(request, *body, caller, settings);
    if (refusal) co_return *std::move(refusal);
    // It goes out with the head of the upstream's request, so that nothing reads it later.
    net::WholeBody whole(*body);
    net::Request call = request;
    if (call.body != nullptr) call.body = &whole;
    co_return co_await forward_as(call, settings, caller);
  }

  Task<net::Response> forward_as(const net::Request& request, const GatewaySettings& settings, const Caller& caller) {
    ForwardedHeaders headers(request, settings);
    headers.add_identity(caller.identity);
    net::Response response = co_await send(request, settings, headers, &caller);
    forbid_shared_caching(response);
    if (caller.limit) add_rate_limit(response, *caller.limit);
    guard.note(caller, settings, response.status);
    if (response.stream != nullptr) response.stream = guard.guard(std::move(response.stream), caller);
    co_return response;
  }
};

Gateway::Gateway(const Live<GatewaySettings>& settings, Guard& guard, SendUpstream send, Log& log)
    : state_(new State{settings, guard, std::move(send), log}) {}
Gateway::~Gateway() = default;

Task<net::Response> Gateway::handle(const net::Request& request) {
  const GatewaySettings& settings = state_->live.get();
  if (!state_->send_upstream) co_return refuse_without_upstream();
  Decision decision = co_await state_->guard.decide(request, settings, storage::CallDoor::gateway);
  co_return co_await forward(request, settings, std::move(decision));
}

Task<net::Response> Gateway::forward(const net::Request& call, const GatewaySettings& settings, Decision decision) {
  if (auto* const refusal = std::get_if<net::Response>(&decision)) co_return std::move(*refusal);
  if (const auto* const caller = std::get_if<Caller>(&decision)) {
    if (caller->awaits_approval) co_return co_await state_->forward_approved(call, settings, *caller);
    co_return co_await state_->forward_as(call, settings, *caller);
  }
  co_return co_await state_->forward_without_identity(call, settings);
}

}  // namespace chatelaine::gateway
