#include "rehearsal/rehearsal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/json_members.hpp"
#include "inspection/document.hpp"
#include "inspection/inspection.hpp"
#include "rehearsal/answers.hpp"
#include "rehearsal/api_caller.hpp"
#include "rehearsal/browser.hpp"
#include "rehearsal/client_removal.hpp"
#include "rehearsal/connection.hpp"
#include "rehearsal/discovery.hpp"
#include "rehearsal/redaction.hpp"
#include "rehearsal/redirect_trial.hpp"
#include "rehearsal/refusal.hpp"

namespace chatelaine::rehearsal {
namespace {

using inspection::Question;
using inspection::Visit;
using oauth::RegistrationWay;

class Rehearsal {
 public:
  Rehearsal(const Stage& stage, const oauth::AssistantProfile& profile, const Given& given)
      : stage_(stage),
        profile_(profile),
        given_(given),
        caller_(stage.outside, profile),
        connection_(stage, {profile, server_, client_}, authorization_, caller_, redaction_) {
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
    authorization_.redirect = choose_redirect(profile_, redirects_, server_);
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
    const bool has_own =
        authorization_.redirect.of != nullptr && !authorization_.redirect.of->metadata_document.empty();
    std::string url = has_own ? authorization_.redirect.of->metadata_document : profile_.metadata_document;
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
    const RedirectTrial trial{speech(), redirects_, authorization_.redirect, choose_scope(profile_, given_, server_)};
    Remarks remarks = co_await try_other_redirects(stage_.outside, stage_.randomness, trial);
    if (remarks.empty()) co_return leave_out(fmt::format("{} has one redirect URI", profile_.title));
    blame_given_scope(remarks, given_);
    co_return remarks;
  }

  Task<Remarks> authorize() {
    std::optional<Person> person;
    if (!given_.sign_in) {
      person.emplace(stage_.ask_person, authorization_.redirect);
      authorization_.redirect = person->redirect();
    }
    authorization_.one_time = draw_one_time(profile_, authorization_.redirect, stage_.randomness);
    if (authorization_.one_time.verifier) redaction_.keep_out(authorization_.one_time.verifier->reveal());
    std::string url = make_authorization_url(speech(), authorization_.redirect, choose_scope(profile_, given_, server_),
                                             authorization_.one_time);
    const auto endpoint = parse_http_url(url);
    if (!endpoint)
      co_return give_up({find_fault(Point::endpoints, fmt::format("the authorization endpoint {}", endpoint.error()))});
    std::expected<std::string, Remark> location;
    if (person) {
      location = person->sign_in(std::move(url));
    } else {
      const Speech words = speech();
      Browser browser(stage_.outside, *endpoint, authorization_.redirect.uri);
      location = co_await sign_in(browser, std::move(url), *given_.sign_in, words, authorization_.redirect);
    }
    if (!location) {
      Remarks refused{location.error()};
      blame_given_scope(refused, given_);
      co_return give_up(std::move(refused));
    }
    ReturnJudgement judged = judge_return(*location, speech(), authorization_.redirect, authorization_.one_time);
    blame_given_scope(judged.remarks, given_);
    if (!judged.code) co_return give_up(std::move(judged.remarks));
    authorization_.code = *std::move(judged.code);
    redaction_.keep_out(authorization_.code.reveal());
    co_return std::move(judged.remarks);
  }

  Task<Remarks> exchange() {
    Remarks remarks = co_await connection_.begin();
    co_return connection_.is_open() ? std::move(remarks) : give_up(std::move(remarks));
  }
  Task<Remarks> call() { return caller_.call_first(connection_.access_token()); }
  Task<Remarks> refresh() { return connection_.refresh(Point::refreshed); }
  Task<Remarks> outlive() { return connection_.outlive(given_.wait); }
  Task<Remarks> refresh_at_once() { return connection_.refresh_at_once(); }
  Task<Remarks> revoke() { return connection_.revoke(); }

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
  Authorization authorization_;
  Connection connection_;
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
