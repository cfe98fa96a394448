#include "rehearsal/code_exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "rehearsal/messages.hpp"

namespace chatelaine::rehearsal {
namespace {

using inspection::Outside;
using inspection::Visit;
using oauth::AuthenticationMethod;

bool is_secret(AuthenticationMethod method) {
  return method == AuthenticationMethod::client_secret_basic || method == AuthenticationMethod::client_secret_post;
}

Task<Visit> ask(Outside& outside, const Exchange& exchange, const Client& client, oauth::AssistantProfile profile) {
  const Speech words{profile, exchange.server, client, exchange.make_assertion()};
  inspection::Question question =
      make_code_question(words, exchange.redirect, exchange.one_time, exchange.code.reveal());
  question.timeout = patience_of(exchange.profile);
  co_return co_await outside.visit(std::move(question));
}

/// Without metadata that lists the methods it cannot know which one is taken: the next one that its profile has.
Task<void> try_other_method(Outside& outside, const Exchange& exchange, Client& client, Sent sent,
                            TokenJudgement& judged) {
  const auto& methods = exchange.profile.authentication_methods;
  const auto other = std::ranges::find_if(
      methods, [&](AuthenticationMethod method) { return method != client.method && is_secret(method); });
  if (!client.secret || exchange.server.metadata || other == methods.end()) co_return;
  const AuthenticationMethod first = std::exchange(client.method, *other);
  const Visit visit = co_await ask(outside, exchange, client, exchange.profile);
  TokenJudgement second = judge_tokens(visit, exchange.profile, Point::token_answer, sent);
  if (!second.tokens) {
    client.method = first;
    co_return;
  }
  judged = std::move(second);
  judged.remarks.push_back(
      find_warning(Point::token_client,
                   fmt::format("{} is refused, and {} taken", oauth::to_string(first), oauth::to_string(client.method)),
                   "Choose that method at the assistant, or take both at the server."));
}

/// Whether a server that does not read the body could have answered so: who says that the code is void, or `resource`
/// wrong, has read it.
bool may_be_unread(const TokenJudgement& judged) {
  return judged.error != "invalid_grant" && judged.error != "invalid_target";
}

/// RFC 6749 §4.1.3 has forms alone, and some servers read JSON alone.
Task<void> try_json(Outside& outside, const Exchange& exchange, const Client& client, Sent sent,
                    TokenJudgement& judged) {
  if (!may_be_unread(judged)) co_return;
  oauth::AssistantProfile other = exchange.profile;
  other.encodings = {oauth::TokenRequestEncoding::json};
  const Visit visit = co_await ask(outside, exchange, client, std::move(other));
  TokenJudgement second = judge_tokens(visit, exchange.profile, Point::token_answer, sent);
  if (!second.tokens) co_return;
  const std::string first = judged.remarks.front().seen;
  judged.tokens = std::move(second.tokens);
  judged.remarks.clear();
  judged.remarks.push_back(find_fault(
      Point::token_encoding, fmt::format("a form is refused, and JSON is taken: {}", first),
      fmt::format("Read application/x-www-form-urlencoded at the token endpoint (RFC 6749 §4.1.3): {} writes "
                  "nothing else.",
                  exchange.profile.title)));
}

/// The way in which most servers take it.
Task<void> try_usual_way(Outside& outside, const Exchange& exchange, const Client& client, Sent sent,
                         TokenJudgement& judged) {
  const bool was_json =
      choose_encoding({exchange.profile, exchange.server, client}) == oauth::TokenRequestEncoding::json;
  const auto& names = exchange.profile.token_parameters;
  const bool had_redirect_uri = std::ranges::find(names, "redirect_uri") != names.end();
  if (!was_json && had_redirect_uri) {
    co_await try_json(outside, exchange, client, sent, judged);
    co_return;
  }
  oauth::AssistantProfile usual = exchange.profile;
  usual.encodings = {oauth::TokenRequestEncoding::form};
  if (!had_redirect_uri) usual.token_parameters.emplace_back("redirect_uri");
  const Visit visit = co_await ask(outside, exchange, client, std::move(usual));
  TokenJudgement second = judge_tokens(visit, exchange.profile, Point::token_answer, sent);
  if (!second.tokens) co_return;
  const std::string first = judged.remarks.front().seen;
  judged.tokens = std::move(second.tokens);
  judged.remarks.clear();
  judged.remarks.push_back(
      was_json ? find_fault(Point::token_encoding, fmt::format("JSON is refused, and a form is taken: {}", first))
               : find_fault(Point::redirect_uri_at_exchange,
                            fmt::format("without redirect_uri it is refused, and with it taken: {}", first)));
}

}  // namespace

Task<TokenJudgement> exchange_code(Outside& outside, const Exchange& exchange, Client& client, Sent sent) {
  const Visit visit = co_await ask(outside, exchange, client, exchange.profile);
  TokenJudgement judged = judge_tokens(visit, exchange.profile, Point::token_answer, sent);
  if (judged.error == "invalid_client") co_await try_other_method(outside, exchange, client, sent, judged);
  if (!judged.tokens) co_await try_usual_way(outside, exchange, client, sent, judged);
  co_return std::move(judged);
}

}  // namespace chatelaine::rehearsal
