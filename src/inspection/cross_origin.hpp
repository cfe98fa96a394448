#pragma once

#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "inspection/finding.hpp"
#include "inspection/outside.hpp"

/// Whether scripts of an assistant's pages may read an answer, or call an endpoint (the Fetch standard's CORS).
namespace chatelaine::inspection {

/// Where the set-up pages of plugins and actions run.
[[nodiscard]] std::span<const std::string_view> plugin_origins();
/// Where clients of authorization servers run.
[[nodiscard]] std::span<const std::string_view> client_origins();

/// What a server said to a script's origin.
struct OriginAnswer {
  std::string_view origin;
  Visit visit;
};

/// The same question, once as a server's program puts it and then as scripts do: who refuses scripts alone has nothing
/// else wrong with it.
struct SharedVisit {
  /// Without an origin.
  Visit plain;
  /// Only where `plain` shows that there is something to share: a document, or an endpoint that refuses a POST.
  std::vector<OriginAnswer> shared;
};
[[nodiscard]] Task<SharedVisit> ask_shared(Outside& outside, Question question,
                                           std::span<const std::string_view> origins);

/// Puts `question` for each of the origins; once, where every origin may read the answer.
[[nodiscard]] Task<std::vector<OriginAnswer>> ask_from(Outside& outside, Question question,
                                                       std::span<const std::string_view> origins);
/// The request that a browser sends before a POST of JSON with a token.
[[nodiscard]] Task<std::vector<OriginAnswer>> ask_before_post(Outside& outside, std::string url,
                                                              std::span<const std::string_view> origins);

/// `worst` is what it counts for where one of the origins may not.
[[nodiscard]] Finding judge_reading(Check check, const SharedVisit& answers, Verdict worst);
/// `posted`: what a POST was answered; `preflights` must allow the request headers `wanted` (lower case).
[[nodiscard]] Finding judge_calling(Check check, const SharedVisit& posted, const std::vector<OriginAnswer>& preflights,
                                    std::initializer_list<std::string_view> wanted);
/// Whether scripts that may read an answer see a header of it. There is an answer for each of the origins.
[[nodiscard]] Finding judge_exposure(Check check, const SharedVisit& answers, std::string_view header);

}  // namespace chatelaine::inspection
