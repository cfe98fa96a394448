#include "inspection/inspection.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "inspection/document.hpp"
#include "inspection/gathering.hpp"
#include "inspection/metadata_members.hpp"
#include "inspection/reachability.hpp"
#include "inspection/stack_trace.hpp"

namespace chatelaine::inspection {
namespace {

/// Passes questions on, and looks at every answer for what no answer may show.
class Watched final : public Outside {
 public:
  explicit Watched(Outside& outside) : outside_(outside) {}

  Task<Visit> visit(Question question) override {
    Visit visit = co_await outside_.visit(std::move(question));
    if (visit.answer && visit.answer->status >= 400) note_trace(visit);
    if (visit.answer) note_certificate(visit);
    if (!was_asked(visit)) has_run_out_ = true;
    co_return visit;
  }

  [[nodiscard]] Findings findings() const {
    if (!traces_.empty()) return traces_;
    return {find_good(Check::stack_traces, "no answer showed a stack trace")};
  }

  /// The answer, without its text, whose server's certificate ends first.
  [[nodiscard]] const std::optional<Visit>& soonest_certificate() const { return soonest_; }
  /// Whether there was no time for a question.
  [[nodiscard]] bool has_run_out() const { return has_run_out_; }

 private:
  void note_trace(const Visit& visit) {
    const std::string trace = find_stack_trace(visit.answer->body);
    if (trace.empty()) return;
    const std::string seen = fmt::format("{} shows a stack trace: {}", visit.url, quote(trace));
    const bool is_known = std::ranges::find(traces_, seen, &Finding::seen) != traces_.end();
    if (!is_known) traces_.push_back(find_warning(Check::stack_traces, seen));
  }

  void note_certificate(const Visit& visit) {
    const auto ends_at = visit.answer->certificate_ends_at;
    if (!ends_at || (soonest_ && soonest_->answer->certificate_ends_at <= ends_at)) return;
    soonest_ = Visit{visit.method, visit.url, net::FetchedDocument{.certificate_ends_at = ends_at}, visit.answered_at};
  }

  Outside& outside_;
  Findings traces_;
  std::optional<Visit> soonest_;
  bool has_run_out_ = false;
};

/// Whether the URL is an issuer's, a slash at its end aside.
bool is_issuer_of(const MetadataFacts& facts, const HttpUrl& url) {
  const FormedVisit* const found = find_metadata(facts.visits);
  if (found == nullptr) return false;
  const auto document = read_object(Check::metadata_served, found->visit);
  if (!document) return false;
  const std::string issuer(text_of(*document, "issuer"));
  return issuer == url.text || issuer + '/' == url.text || url.text + '/' == issuer;
}

/// What has been found out so far, room after room.
class Inspection {
 public:
  Inspection(Watched& outside, Target target, Listener listener)
      : outside_(outside), target_(std::move(target)), listener_(std::move(listener)) {}

  Task<void> run() {
    tell({judge_scheme(target_.url)});
    target_ = make_secure(std::move(target_));
    const Visit first = co_await call();
    tell({judge_reachability(first)});
    if (is_out_of_reach(first)) co_return;
    co_await look_at_plain_http();
    co_await look_at_plugin();
    co_await look_at_servers(first);
    co_await look_at_endpoints();
    tell({judge_certificate(outside_.soonest_certificate()), judge_clock(dated_.value_or(first))});
    tell_of_role();
  }

 private:
  void tell(const Findings& findings) const {
    for (const Finding& finding : findings) listener_(finding);
  }

  /// The URL itself. Where GET brings no end, as of a stream of events, a POST may.
  Task<Visit> call() {
    Question question;
    question.url = target_.url.text;
    question.most_bytes = 1024 * 1024;
    question.headers = {{"Accept", "application/json, text/event-stream, text/html;q=0.9, */*;q=0.5"}};
    Visit first = co_await outside_.visit(std::move(question));
    const bool is_endless = !first.answer && first.answer.error().kind == net::FetchError::Kind::timed_out;
    if (!is_endless) co_return first;
    Question by_post = ping(target_.url.text);
    Visit posted = co_await outside_.visit(std::move(by_post));
    const bool takes_post = is_success(posted) || asks_for_token(posted);
    co_return takes_post ? posted : first;
  }

  void tell_of_role() const {
    if (has_role_) return;
    if (outside_.has_run_out())
      return tell({skip(Check::role, fmt::format("there was no answer to say what {} is", target_.url.text))});
    tell({find_fault(Check::role, fmt::format("{} is neither a plugin's, nor an issuer, nor a protected resource",
                                              target_.url.text))});
  }

  Task<void> look_at_plain_http() {
    // Loopback needs no TLS, and another port says nothing of port 80.
    if (target_.url.scheme != "https" || target_.url.has_port || is_loopback_host(target_.url.host)) co_return;
    Question question;
    question.url = fmt::format("http://{}/", target_.url.authority());
    question.plain_http = net::PlainHttp::anywhere;
    const Visit visit = co_await outside_.visit(std::move(question));
    tell({judge_plain_http(visit)});
  }

  Task<void> look_at_plugin() {
    const SharedVisit answers = co_await gather_manifest(outside_, target_);
    ManifestJudgement judged = judge_manifest(answers, target_);
    tell(judged.findings);
    has_role_ = has_role_ || judged.is_there;
    manifest_ = std::move(judged.manifest);
    if (!manifest_) co_return;
    if (!manifest_->logo_url.empty()) {
      const Visit logo = co_await visit_link(outside_, manifest_->logo_url);
      tell({judge_logo(logo)});
    }
    if (!manifest_->legal_info_url.empty()) {
      const Visit legal = co_await visit_link(outside_, manifest_->legal_info_url);
      tell({judge_legal_page(legal)});
    }
    const SharedVisit description = co_await gather_openapi(outside_, manifest_->api_url.text);
    tell(judge_openapi(description, *manifest_, target_.addresses));
  }

  /// The resource leads to its authorization server; how bad it is that it does not, depends on what else is there.
  Task<void> look_at_servers(Visit first) {
    const ResourceFacts resource = co_await gather_resource(outside_, target_, first);
    const auto named = judge_resource(resource, Importance::alone).issuer;
    const MetadataFacts metadata = co_await gather_metadata(outside_, target_, named, manifest_);
    const bool has_other_role = has_role_ || is_issuer_of(metadata, target_.url);
    const Importance importance = has_other_role ? Importance::one_role_of_several : Importance::alone;
    const ResourceJudgement judged = judge_resource(resource, importance);
    tell(judged.findings);
    // Of a plugin or an issuer it is only a home page, at which no assistant calls.
    const bool is_redirected = first.answer && is_redirect(first.answer->status);
    if (is_redirected && (judged.is_there || !has_other_role))
      tell({find_warning(Check::redirect, describe_answer(first))});
    const bool has_metadata = find_metadata(metadata.visits) != nullptr || has_broken_metadata(metadata);
    has_role_ = has_role_ || judged.is_there || has_metadata;
    if (!has_role_) {
      tell({skip(Check::metadata_served, fmt::format("there is no metadata for {}", quote(metadata.issuer)))});
      co_return;
    }
    MetadataJudgement found = judge_metadata(metadata, manifest_ && !named ? Verdict::warning : Verdict::fault);
    tell(found.findings);
    document_ = std::move(found.document);
    if (!document_) co_return;
    tell(judge_members(*document_, found.issuer, importance, target_.addresses));
    if (manifest_) tell({judge_agreement(*manifest_, *document_)});
  }

  Task<void> look_at_endpoints() {
    const EndpointUrls urls = find_endpoints(document_, manifest_);
    if (!urls.keys.empty()) {
      const Visit keys = co_await visit_document(outside_, urls.keys);
      tell({judge_keys(keys)});
    }
    if (!urls.authorization.empty()) {
      Question question = Refusals::unknown_client(urls.authorization);
      const Visit page = co_await outside_.visit(std::move(question));
      tell(judge_authorization_endpoint(page));
    }
    if (!urls.token.empty()) {
      const TokenFacts facts = co_await gather_token_endpoint(outside_, urls.token, manifest_);
      tell(judge_token_endpoint(facts));
      if (const Visit& refused = find_refused(facts); refused.answer) dated_ = refused;
    }
    co_await look_at_further_endpoints(urls);
  }

  Task<void> look_at_further_endpoints(EndpointUrls urls) {
    if (!urls.registration.empty()) {
      Question question = Refusals::empty_registration(urls.registration);
      const SharedVisit empty = co_await ask_shared(outside_, std::move(question), client_origins().first(1));
      std::vector<OriginAnswer> preflights;
      if (!empty.shared.empty()) preflights = co_await ask_before_post(outside_, urls.registration, client_origins());
      tell(judge_registration_endpoint(empty, preflights));
    }
    if (!urls.revocation.empty()) {
      Question question = Refusals::empty_revocation(urls.revocation);
      const Visit empty = co_await outside_.visit(std::move(question));
      tell({judge_revocation_endpoint(empty)});
    } else if (document_) {
      tell({find_warning(Check::revocation_endpoint, "the metadata has no revocation_endpoint")});
    }
    if (!urls.introspection.empty()) {
      Question question = Refusals::anonymous_introspection(urls.introspection);
      const Visit anonymous = co_await outside_.visit(std::move(question));
      tell({judge_introspection_endpoint(anonymous)});
    }
  }

  Watched& outside_;
  Target target_;
  Listener listener_;
  std::optional<oauth::Manifest> manifest_;
  std::optional<json::object> document_;
  /// The answer whose Date counts.
  std::optional<Visit> dated_;
  bool has_role_ = false;
};

}  // namespace

Task<Completeness> inspect(Outside& outside, Target target, Listener listener) {
  Watched watched(outside);
  Inspection inspection(watched, std::move(target), listener);
  co_await inspection.run();
  for (const Finding& finding : watched.findings()) listener(finding);
  co_return watched.has_run_out() ? Completeness::cut_short : Completeness::whole;
}

}  // namespace chatelaine::inspection
