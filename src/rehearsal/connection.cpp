#include "rehearsal/connection.hpp"

#include <fmt/format.h>

#include "base/json_members.hpp"
#include "net/sleep.hpp"
#include "rehearsal/at_once.hpp"
#include "rehearsal/client_assertion.hpp"
#include "rehearsal/code_exchange.hpp"
#include "rehearsal/refusal.hpp"

namespace chatelaine::rehearsal {
namespace {

using inspection::Question;
using inspection::Visit;

/// What no source says that the assistant does is no fault to it, and worth a warning where it would be one.
void doubt(Remarks& remarks, const oauth::AssistantProfile& profile) {
  for (Remark& remark : remarks) {
    if (remark.verdict != Verdict::fault) continue;
    remark.verdict = Verdict::warning;
    remark.seen = fmt::format("it is not known whether {} refreshes several times at once; if it does, {}",
                              profile.title, remark.seen);
  }
}

}  // namespace

Connection::Connection(const Stage& stage, const Parties& parties, const Authorization& authorization,
                       ApiCaller& caller, Redaction& redaction)
    : stage_(stage),
      profile_(parties.profile),
      server_(parties.server),
      client_(parties.client),
      authorization_(authorization),
      caller_(caller),
      redaction_(redaction) {}

/// For one request of a client that proves itself by a key; empty for others.
std::string Connection::make_assertion() {
  std::string assertion = make_client_assertion(client_, server_, stage_.clock.now(), stage_.randomness);
  if (!assertion.empty()) redaction_.keep_out(assertion);
  return assertion;
}
/// To the token endpoint, and beside it.
Speech Connection::proven_speech() { return {profile_, server_, client_, make_assertion()}; }

Task<Remarks> Connection::begin() {
  const Exchange exchange{
      profile_, server_, authorization_.redirect, authorization_.one_time, authorization_.code, [this] {
        return make_assertion();
      }};
  const std::vector<std::string_view> secrets = sent();
  TokenJudgement judged = co_await exchange_code(stage_.outside, exchange, client_, secrets);
  if (!judged.tokens) co_return std::move(judged.remarks);
  append(judged.remarks, judge_first_tokens(*judged.tokens, profile_));
  take_tokens(*std::move(judged.tokens));
  is_open_ = true;
  co_return std::move(judged.remarks);
}

/// What a server may repeat in an error.
std::vector<std::string_view> Connection::sent() const {
  std::vector<std::string_view> secrets{authorization_.code.reveal()};
  if (client_.secret) secrets.push_back(client_.secret->reveal());
  if (authorization_.one_time.verifier) secrets.push_back(authorization_.one_time.verifier->reveal());
  if (refresh_token_) secrets.push_back(refresh_token_->reveal());
  return secrets;
}

/// Without a new refresh token the old one stays (RFC 6749 §6).
void Connection::take_tokens(relying_party::TokenAnswer tokens) {
  redaction_.keep_out(tokens.access_token.reveal());
  access_token_ = std::move(tokens.access_token);
  expires_in_ = tokens.expires_in;
  if (!tokens.refresh_token) return;
  redaction_.keep_out(tokens.refresh_token->reveal());
  refresh_token_ = std::move(tokens.refresh_token);
}

/// Whether a token works that came of a refresh.
Task<Remarks> Connection::try_token(Point about) {
  const auto visit = co_await caller_.call_again(access_token_.reveal());
  if (!visit) co_return Remarks{};
  co_return Remarks{judge_call(*visit, about)};
}

Question Connection::make_refresh() {
  Question question = make_refresh_question(proven_speech(), refresh_token_->reveal());
  question.timeout = refresh_patience_of(profile_);
  return question;
}

Task<Remarks> Connection::refresh(Point about) {
  if (!refresh_token_) co_return leave_out("there is no refresh token");
  Question question = make_refresh();
  const Visit visit = co_await stage_.outside.visit(std::move(question));
  TokenJudgement judged = judge_tokens(visit, profile_, about, sent());
  if (!judged.tokens) co_return std::move(judged.remarks);
  take_tokens(*std::move(judged.tokens));
  Remarks tried = co_await try_token(about);
  append(judged.remarks, std::move(tried));
  co_return std::move(judged.remarks);
}

Task<Remarks> Connection::refresh_at_once() {
  if (profile_.refreshes_concurrently == false)
    co_return leave_out(fmt::format("{} refreshes once at a time", profile_.title));
  if (!refresh_token_) co_return leave_out("there is no refresh token");
  std::vector<Question> questions{make_refresh(), make_refresh()};
  const std::vector<Visit> visits = co_await visit_at_once(stage_.outside, std::move(questions));
  Remarks remarks;
  for (const Visit& visit : visits) {
    TokenJudgement judged = judge_tokens(visit, profile_, Point::refreshed_at_once, sent());
    append(remarks, std::move(judged.remarks));
    if (!judged.tokens) continue;
    take_tokens(*std::move(judged.tokens));
    Remarks tried = co_await try_token(Point::refreshed_at_once);
    append(remarks, std::move(tried));
  }
  // Whether the race has cost the connection shows at the next refresh.
  Remarks next = co_await refresh(Point::refreshed_at_once);
  is_grant_lost_ = has_fault(next);
  append(remarks, std::move(next));
  if (!profile_.refreshes_concurrently) doubt(remarks, profile_);
  co_return remarks;
}

Task<Remarks> Connection::outlive(seconds wait) {
  if (!expires_in_) co_return leave_out("it is not known when the access token ends");
  if (*expires_in_ > wait)
    co_return leave_out(
        fmt::format("the access token lasts for {} s: give --wait as long to wait for its end", expires_in_->count()));
  co_await net::sleep_for(*expires_in_ + seconds{1});
  Remarks remarks;
  const auto visit = co_await caller_.call_again(access_token_.reveal());
  if (visit) remarks.push_back(judge_refused_call(*visit, Point::expired, Verdict::warning));
  Remarks refreshed = co_await refresh(Point::expired);
  append(remarks, std::move(refreshed));
  co_return remarks;
}

Task<Remarks> Connection::revoke() {
  if (!profile_.revokes)
    co_return leave_out(fmt::format("it is not known whether {} revokes its tokens", profile_.title));
  if (!*profile_.revokes) co_return leave_out(fmt::format("{} does not revoke its tokens", profile_.title));
  if (!refresh_token_) co_return leave_out("there is no refresh token");
  if (is_grant_lost_) co_return leave_out("the refreshes at once have ended the grant: nothing is left to be revoked");
  std::string url = server_.metadata ? std::string(text_of(*server_.metadata, "revocation_endpoint")) : std::string();
  if (url.empty())
    co_return Remarks{adopt(inspection::find_warning(
        inspection::Check::revocation_endpoint,
        fmt::format("the metadata has no revocation_endpoint, and {} cannot give its tokens back", profile_.title)))};
  Question question = make_revocation_question(proven_speech(), std::move(url), refresh_token_->reveal());
  const Visit visit = co_await stage_.outside.visit(std::move(question));
  Remarks remarks{judge_revocation(visit)};
  if (has_fault(remarks)) co_return remarks;
  Question again = make_refresh();
  const Visit refreshed = co_await stage_.outside.visit(std::move(again));
  append(remarks, judge_void_refresh(refreshed, profile_, sent()));
  const auto called = co_await caller_.call_again(access_token_.reveal());
  // RFC 7009 §2.1: access tokens that came of it SHOULD end, too.
  if (called) remarks.push_back(judge_refused_call(*called, Point::revoked, Verdict::warning));
  co_return remarks;
}

}  // namespace chatelaine::rehearsal
