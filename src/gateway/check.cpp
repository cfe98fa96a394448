#include "gateway/check.hpp"

#include <utility>

#include "gateway/check_question.hpp"
#include "gateway/notes.hpp"
#include "gateway/refusal.hpp"
#include "net/message_head.hpp"

namespace chatelaine::gateway {
namespace {

Task<net::Response> answer_closed(const net::Request&) { co_return refuse_switched_off(); }

/// The call with the headers that came along: all proxies pass on Authorization, and what makes a preflight.
net::Request make_call(const net::Request& request, const Question& question) {
  net::Request call = request;
  call.method = net::to_method(question.method);
  call.method_name = question.method;
  call.path = question.path;
  call.query = question.query;
  // As far as a decision goes; nothing is sent on.
  call.target = question.path;
  call.body = nullptr;
  return call;
}

net::Response let_through(const Caller* caller) {
  net::Response response;
  if (caller != nullptr) {
    for_each_header(*caller->identity, [&](std::string_view name, std::string_view value) {
      response.add_header(std::string(name), std::string(value));
    });
    if (caller->limit) add_rate_limit(response, *caller->limit);
  }
  net::forbid_storing(response);
  return response;
}

/// auth_request makes 500 of whatever is neither 2xx nor 401 nor 403.
net::Response translate_for_nginx(net::Response refusal) {
  refusal.add_header("Chatelaine-Status", std::to_string(refusal.status));
  if (refusal.status != 401) refusal.status = 403;
  return refusal;
}

}  // namespace

Check::Check(const Live<GatewaySettings>& settings, Guard& guard, std::string path, Log& log)
    : live_(settings), guard_(guard), path_(std::move(path)), log_(log) {}

void Check::add_routes(net::Router& router) {
  router.add_tree(path_, [this](const net::Request& request) { return answer(request); });
  router.open_only_while(path_, [this] { return live_.get().answers_checks; }, answer_closed);
}

/// A proxy shows no body: what its user approves is the rest of the call.
Task<Decision> Check::decide(const net::Request& call, const GatewaySettings& settings) {
  Decision decision = co_await guard_.decide(call, settings, storage::CallDoor::check);
  const auto* const caller = std::get_if<Caller>(&decision);
  if (caller == nullptr || !caller->awaits_approval) co_return decision;
  auto refusal = co_await guard_.confirm(call, "", *caller, settings);
  if (refusal) co_return *std::move(refusal);
  co_return decision;
}

Task<net::Response> Check::answer(const net::Request& request) {
  if (!request.is_from_trusted_proxy) {
    log_.info("a call was asked about from an address that is not in trusted_proxies",
              {{"address", std::string(request.peer_address)}});
    co_return note_refused(request, refuse_stranger(request.peer_address));
  }
  const auto question = read_question(request, path_);
  if (!question) {
    // The proxy keeps the answer to itself.
    log_.info("a proxy's question about a call was refused", {{"why", std::string(question.error())}});
    co_return note_refused(request, refuse_question(question.error()));
  }
  const GatewaySettings& settings = live_.get();
  const net::Request call = make_call(request, *question);
  Decision decision = co_await decide(call, settings);
  if (auto* const refusal = std::get_if<net::Response>(&decision)) {
    const bool is_for_nginx = question->dialect == Dialect::original_headers;
    co_return is_for_nginx ? translate_for_nginx(std::move(*refusal)) : std::move(*refusal);
  }
  const auto* const caller = std::get_if<Caller>(&decision);
  net::Response response = let_through(caller);
  if (caller != nullptr) guard_.note(*caller, settings, response.status);
  co_return response;
}

}  // namespace chatelaine::gateway
