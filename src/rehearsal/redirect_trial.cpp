#include "rehearsal/redirect_trial.hpp"

#include <fmt/format.h>

#include "rehearsal/refusal.hpp"

namespace chatelaine::rehearsal {

Task<Remarks> try_other_redirects(inspection::Outside& outside, Randomness& randomness, const RedirectTrial& trial) {
  const oauth::AssistantProfile& profile = trial.speech.profile;
  Remarks remarks;
  for (const UsedRedirect& other : trial.all) {
    const bool is_of_another_client = other.of != nullptr && !other.of->metadata_document.empty();
    if (other.uri == trial.of_sign_in.uri || is_of_another_client) continue;
    const OneTime one_time = draw_one_time(profile, other, randomness);
    inspection::Question question;
    question.url = make_authorization_url(trial.speech, other, trial.scope, one_time);
    question.most_bytes = 1024 * 1024;
    question.headers = {{"Accept", "text/html"}};
    const inspection::Visit visit = co_await outside.visit(std::move(question));
    const bool is_taken = visit.answer && visit.answer->status < 400;
    Remark refused = judge_refused_page(visit, trial.speech, other);
    // A connector has others for other places at which it is used; a GPT uses both of its own.
    const bool is_rare = profile.generation == oauth::AssistantGeneration::connector;
    if (is_rare && refused.verdict == Verdict::fault) refused.verdict = Verdict::warning;
    remarks.push_back(is_taken ? notice(Point::redirect_uri, fmt::format("{} is registered", other.uri.value()))
                               : std::move(refused));
  }
  co_return remarks;
}

}  // namespace chatelaine::rehearsal
