#include "rehearsal/rehearsal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/json_members.hpp"
#include "inspection/document.hpp"
#include "inspection/inspection.hpp"
#include "net/sleep.hpp"
#include "rehearsal/answers.hpp"
#include "rehearsal/api_caller.hpp"
#include "rehearsal/at_once.hpp"
#include "rehearsal/browser.hpp"
#include "rehearsal/client_assertion.hpp"
#include "rehearsal/client_removal.hpp"
#include "rehearsal/code_exchange.hpp"
#include "rehearsal/discovery.hpp"
#include "rehearsal/redaction.hpp"
#include "rehearsal/redirect_trial.hpp"
#include "rehearsal/refusal.hpp"

namespace chatelaine::rehearsal {
namespace {

using inspection::Question;
using inspection::Visit;
using oauth::RegistrationWay;

/// The words of a step that the assistant does not play, or of which it is not known whether it does.
Remarks leave_out(std::string why) { return {skip(Point::not_played, std::move(why))}; }

/// What no source says that the assistant does is no fault to it, and worth a warning where it would be one.
void doubt(Remarks& remarks, const oauth::AssistantProfile& profile) {
  for (Remark& remark : remarks) {
    if (remark.verdict != Verdict::fault) continue;
    remark.verdict = Verdict::warning;
    remark.seen = fmt::format("it is not known whether {} refreshes several times at once; if it does, {}",
                              profile.title, remark.seen);
  }
}

class Rehearsal {
 public:
  Rehearsal(const Stage& stage, const oauth::AssistantProfile& profile, const Given& given)
      : stage_(stage), profile_(profile), given_(given), caller_(stage.outside, profile) {
    if (given.client_secret) redaction_.keep_out(given.client_secret->reveal());
    if (given.sign_in) redaction_.keep_out(given.sign_in->password.reveal());
  }

  Task<void> run() {
    static constexpr std::pair<Step, Play> kPlays[]{
        {Step::discovery, &Rehearsal::discover_server},
        {Step::registration, &Rehearsal::become_client},
        {Step::redirects, &Rehearsal::try_redirects},
        {Step::authorization, &Rehearsal::authorize},
        {Step::exchange, &Rehearsal::exchange},
        {Step::call, &Rehearsal::call},
        {Step::refresh, &Rehearsal::refresh},
        {Step::expiry, &Rehearsal::outlive},
        {Step::refresh_at_once, &Rehearsal::refresh_at_once},
        {Step::revocation, &Rehearsal::revoke},
    };
    for (const auto& [step, play] : kPlays) {
      if (!stuck_at_.empty()) {
        tell({step, leave_out(fmt::format("the {} has not brought what this needs", stuck_at_)), {}});
        continue;
      }
      co_await play_step(step, play);
      if (is_stuck_) stuck_at_ = to_string(step);
    }
    // Wherever it got stuck: a client that was registered is not left behind.
    co_await play_step(Step::removal, &Rehearsal::remove);
    co_await look_from_outside();
  }

 private:
  using Play = Task<Remarks> (Rehearsal::*)();

  Task<void> play_step(Step step, Play play) {
    const Instant start = stage_.clock.now();
    Remarks remarks = co_await (this->*play)();
    tell({step, std::move(remarks), stage_.clock.now() - start});
  }

  void tell(StepReport report) {
    for (const Remark& remark : report.remarks) told_.insert(remark.code);
    stage_.listener(redaction_.apply(std::move(report)));
  }

  [[nodiscard]] Speech speech() const { return {profile_, server_, client_}; }

  /// For one request of a client that proves itself by a key; empty for others.
  std::string make_assertion() {
    std::string assertion = make_client_assertion(client_, server_, stage_.clock.now(), stage_.randomness);
    if (!assertion.empty()) redaction_.keep_out(assertion);
    return assertion;
  }
  /// To the token endpoint, and beside it.
  [[nodiscard]] Speech proven_speech() { return {profile_, server_, client_, make_assertion()}; }

  /// The step has not brought what the next ones need.
  Remarks give_up(Remarks remarks) {
    is_stuck_ = true;
    return remarks;
  }

  Task<Remarks> discover_server() {
    Discovered discovered = co_await discover(stage_.outside, profile_, given_);
    if (!discovered.server) co_return give_up(std::move(discovered.remarks));
    server_ = *std::move(discovered.server);
    caller_.prepare(given_, server_, discovered.description);
    if (!has_fault(discovered.remarks))
      discovered.remarks.push_back(
          notice(Point::endpoints,
                 fmt::format("sign-in at {}, tokens at {}", inspection::quote(server_.authorization_endpoint),
                             inspection::quote(server_.token_endpoint))));
    co_return std::move(discovered.remarks);
  }

  Task<Remarks> become_client() {
    WayChoice choice = choose_way(profile_, given_, server_);
    auto redirects = list_redirects(profile_, given_.redirect_value);
    if (!redirects) {
      choice.remarks.push_back(find_fault(Point::redirect_uri, redirects.error(), "Give another --redirect-id."));
      co_return give_up(std::move(choice.remarks));
    }
    redirects_ = *std::move(redirects);
    redirect_ = choose_redirect(profile_, redirects_, server_);
    if (!choice.way) co_return give_up(std::move(choice.remarks));
    switch (*choice.way) {
      case RegistrationWay::by_hand:
        take_given_client();
        choice.remarks.push_back(notice(Point::client, fmt::format("{} was added by hand", given_.client_id.value())));
        break;
      case RegistrationWay::metadata_document:
        take_document();
        choice.remarks.push_back(notice(Point::client, fmt::format("known by its document {}", client_.id.value())));
        break;
      case RegistrationWay::dynamic: {
        Remarks registered = co_await register_itself();
        append(choice.remarks, std::move(registered));
        break;
      }
    }
    co_return std::move(choice.remarks);
  }

  void take_given_client() {
    client_.way = RegistrationWay::by_hand;
    client_.id = given_.client_id;
    if (given_.client_secret) client_.secret.emplace(given_.client_secret->reveal());
    client_.method = choose_method(profile_, client_.secret.has_value(), server_);
  }

  void take_document() {
    client_.way = RegistrationWay::metadata_document;
    const bool has_own = redirect_.of != nullptr && !redirect_.of->metadata_document.empty();
    std::string url = has_own ? redirect_.of->metadata_document : profile_.metadata_document;
    if (!given_.client_id_document.empty()) url = given_.client_id_document;
    client_.id = oauth::ClientId(std::move(url));
    client_.method = oauth::AuthenticationMethod::none;
  }

  /// Empty where the server has none.
  [[nodiscard]] std::string_view registration_endpoint() const {
    return server_.metadata ? text_of(*server_.metadata, "registration_endpoint") : std::string_view();
  }

  Task<Remarks> register_itself() {
    const auto method = choose_registered_method(profile_, server_);
    std::optional<crypto::SigningKey> key;
    if (method == oauth::AuthenticationMethod::private_key_jwt)
      key = crypto::SigningKey::generate(profile_.signing_algorithm.value_or(crypto::SignatureAlgorithm::ES256));
    Question question =
        make_registration_question(profile_, std::string(registration_endpoint()), method, key ? &*key : nullptr);
    const Visit visit = co_await stage_.outside.visit(std::move(question));
    RegistrationJudgement judged = judge_registration(visit, profile_, server_, method);
    if (!judged.client) co_return give_up(std::move(judged.remarks));
    client_ = *std::move(judged.client);
    client_.key = std::move(key);
    if (client_.secret) redaction_.keep_out(client_.secret->reveal());
    if (client_.management) redaction_.keep_out(client_.management->token.reveal());
    co_return std::move(judged.remarks);
  }

  Task<Remarks> try_redirects() {
    const RedirectTrial trial{speech(), redirects_, redirect_, choose_scope(profile_, given_, server_)};
    Remarks remarks = co_await try_other_redirects(stage_.outside, stage_.randomness, trial);
    if (remarks.empty()) co_return leave_out(fmt::format("{} has one redirect URI", profile_.title));
    blame_given_scope(remarks, given_);
    co_return remarks;
  }

  Task<Remarks> authorize() {
    std::optional<Person> person;
    if (!given_.sign_in) {
      person.emplace(stage_.ask_person, redirect_);
      redirect_ = person->redirect();
    }
    one_time_ = draw_one_time(profile_, redirect_, stage_.randomness);
    if (one_time_.verifier) redaction_.keep_out(one_time_.verifier->reveal());
    std::string url = make_authorization_url(speech(), redirect_, choose_scope(profile_, given_, server_), one_time_);
    const auto endpoint = parse_http_url(url);
    if (!endpoint)
      co_return give_up({find_fault(Point::endpoints, fmt::format("the authorization endpoint {}", endpoint.error()))});
    std::expected<std::string, Remark> location;
    if (person) {
      location = person->sign_in(std::move(url));
    } else {
      const Speech words = speech();
      Browser browser(stage_.outside, *endpoint, redirect_.uri);
      location = co_await sign_in(browser, std::move(url), *given_.sign_in, words, redirect_);
    }
    if (!location) {
      Remarks refused{location.error()};
      blame_given_scope(refused, given_);
      co_return give_up(std::move(refused));
    }
    ReturnJudgement judged = judge_return(*location, speech(), redirect_, one_time_);
    blame_given_scope(judged.remarks, given_);
    if (!judged.code) co_return give_up(std::move(judged.remarks));
    code_ = *std::move(judged.code);
    redaction_.keep_out(code_.reveal());
    co_return std::move(judged.remarks);
  }

  Task<Remarks> exchange() {
    const Exchange exchange{profile_, server_, redirect_, one_time_, code_, [this] { return make_assertion(); }};
    const std::vector<std::string_view> secrets = sent();
    TokenJudgement judged = co_await exchange_code(stage_.outside, exchange, client_, secrets);
    if (!judged.tokens) co_return give_up(std::move(judged.remarks));
    append(judged.remarks, judge_first_tokens(*judged.tokens, profile_));
    take_tokens(*std::move(judged.tokens));
    co_return std::move(judged.remarks);
  }

  /// What a server may repeat in an error.
  [[nodiscard]] std::vector<std::string_view> sent() const {
    std::vector<std::string_view> secrets{code_.reveal()};
    if (client_.secret) secrets.push_back(client_.secret->reveal());
    if (one_time_.verifier) secrets.push_back(one_time_.verifier->reveal());
    if (refresh_token_) secrets.push_back(refresh_token_->reveal());
    return secrets;
  }

  /// Without a new refresh token the old one stays (RFC 6749 §6).
  void take_tokens(relying_party::TokenAnswer tokens) {
    redaction_.keep_out(tokens.access_token.reveal());
    access_token_ = std::move(tokens.access_token);
    expires_in_ = tokens.expires_in;
    if (!tokens.refresh_token) return;
    redaction_.keep_out(tokens.refresh_token->reveal());
    refresh_token_ = std::move(tokens.refresh_token);
  }

  Task<Remarks> call() { co_return co_await caller_.call_first(access_token_.reveal()); }

  /// Whether a token works that came of a refresh.
  Task<Remarks> try_token(Point about) {
    const auto visit = co_await caller_.call_again(access_token_.reveal());
    if (!visit) co_return Remarks{};
    co_return Remarks{judge_call(*visit, about)};
  }

  Question make_refresh() {
    Question question = make_refresh_question(proven_speech(), refresh_token_->reveal());
    question.timeout = refresh_patience_of(profile_);
    return question;
  }

  Task<Remarks> refresh_about(Point about) {
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

  Task<Remarks> refresh() { co_return co_await refresh_about(Point::refreshed); }

  Task<Remarks> refresh_at_once() {
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
    Remarks next = co_await refresh_about(Point::refreshed_at_once);
    is_grant_lost_ = has_fault(next);
    append(remarks, std::move(next));
    if (!profile_.refreshes_concurrently) doubt(remarks, profile_);
    co_return remarks;
  }

  Task<Remarks> outlive() {
    if (!expires_in_) co_return leave_out("it is not known when the access token ends");
    if (*expires_in_ > given_.wait)
      co_return leave_out(fmt::format("the access token lasts for {} s: give --wait as long to wait for its end",
                                      expires_in_->count()));
    co_await net::sleep_for(*expires_in_ + seconds{1});
    Remarks remarks;
    const auto visit = co_await caller_.call_again(access_token_.reveal());
    if (visit) remarks.push_back(judge_refused_call(*visit, Point::expired, Verdict::warning));
    Remarks refreshed = co_await refresh_about(Point::expired);
    append(remarks, std::move(refreshed));
    co_return remarks;
  }

  Task<Remarks> revoke() {
    if (!profile_.revokes)
      co_return leave_out(fmt::format("it is not known whether {} revokes its tokens", profile_.title));
    if (!*profile_.revokes) co_return leave_out(fmt::format("{} does not revoke its tokens", profile_.title));
    if (!refresh_token_) co_return leave_out("there is no refresh token");
    if (is_grant_lost_)
      co_return leave_out("the refreshes at once have ended the grant: nothing is left to be revoked");
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

  Task<Remarks> remove() { co_return co_await remove_client(stage_.outside, client_, registration_endpoint()); }

  /// What the doctor finds besides. It speaks for all assistants, so that nothing of it is this one's fault.
  Task<void> look_from_outside() {
    const Instant start = stage_.clock.now();
    inspection::Findings findings;
    const std::unique_ptr<inspection::Outside> look = stage_.make_look();
    const auto completeness = co_await inspection::inspect(
        *look, given_.target, [&](const inspection::Finding& finding) { findings.push_back(finding); });
    Remarks remarks;
    for (Remark& remark : adopt_troubles(findings)) {
      if (told_.contains(remark.code)) continue;
      remark.verdict = Verdict::warning;
      remarks.push_back(std::move(remark));
    }
    if (completeness == inspection::Completeness::cut_short)
      append(remarks, leave_out("time ran out before everything was looked at"));
    tell({Step::outside, std::move(remarks), stage_.clock.now() - start});
  }

  const Stage& stage_;
  const oauth::AssistantProfile& profile_;
  const Given& given_;
  Redaction redaction_;
  ApiCaller caller_;
  Server server_;
  Client client_;
  std::vector<UsedRedirect> redirects_;
  UsedRedirect redirect_;
  OneTime one_time_;
  oauth::AuthorizationCodeSecret code_;
  oauth::AccessTokenSecret access_token_;
  std::optional<oauth::RefreshTokenSecret> refresh_token_;
  std::optional<seconds> expires_in_;
  /// Since the refreshes at once.
  bool is_grant_lost_ = false;
  bool is_stuck_ = false;
  std::string stuck_at_;
  /// The codes of what was said already.
  std::set<std::string_view> told_;
};

}  // namespace

Task<void> rehearse(const Stage& stage, const oauth::AssistantProfile& profile, const Given& given) {
  Rehearsal rehearsal(stage, profile, given);
  co_await rehearsal.run();
}

}  // namespace chatelaine::rehearsal
