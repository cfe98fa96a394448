#include "inspection/cross_origin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "inspection/document.hpp"
#include "net/grammar.hpp"

namespace chatelaine::inspection {
namespace {

constexpr std::array<std::string_view, 2> kPluginOrigins{"https://chatgpt.com", "https://chat.openai.com"};
constexpr std::array<std::string_view, 2> kClientOrigins{"https://claude.ai", "https://chatgpt.com"};

/// The Fetch standard: several of that header are one list, which allows nobody.
std::ptrdiff_t count_allowed_origins(const Visit& visit) {
  return std::ranges::count_if(visit.answer->headers, [](const net::Header& header) {
    return to_lower(header.name) == "access-control-allow-origin";
  });
}

std::string_view allowed_origin(const Visit& visit) {
  return visit.answer ? visit.answer->header("Access-Control-Allow-Origin") : std::string_view();
}

bool may_read(const OriginAnswer& asked) {
  const std::string_view allowed = allowed_origin(asked.visit);
  return allowed == "*" || allowed == asked.origin;
}

/// Whether a list of header names, as Access-Control-Allow-Headers and Access-Control-Expose-Headers have it, has one.
/// Its `*` does not mean Authorization.
bool has_header(std::string_view list, std::string_view wanted) {
  while (!list.empty()) {
    const std::string name = to_lower(net::take_element(list));
    if (name == wanted || (name == "*" && wanted != "authorization")) return true;
  }
  return false;
}

/// Why a script may not read the answer; empty where it may.
std::string find_obstacle(const OriginAnswer& asked) {
  if (!asked.visit.answer) return asked.visit.answer.error().message;
  if (count_allowed_origins(asked.visit) > 1)
    return fmt::format("{} sends several headers Access-Control-Allow-Origin, which browsers refuse",
                       name_question(asked.visit));
  if (may_read(asked)) return {};
  return fmt::format("{} does not let scripts of {} read it: {}", name_question(asked.visit), asked.origin,
                     describe_header(*asked.visit.answer, "Access-Control-Allow-Origin"));
}

/// The same, where another answer shows what the server says to those who are no scripts.
std::string find_obstacle(const OriginAnswer& asked, const Visit& plain) {
  const bool is_other = asked.visit.answer && plain.answer && asked.visit.answer->status != plain.answer->status;
  if (!is_other) return find_obstacle(asked);
  return fmt::format("{} to scripts of {}, and with status {} to others", describe_answer(asked.visit), asked.origin,
                     plain.answer->status);
}

/// Why a browser would not go on to the POST; empty where it would.
std::string find_obstacle_to_post(const OriginAnswer& asked, std::initializer_list<std::string_view> wanted) {
  const Visit& visit = asked.visit;
  if (visit.answer && !is_success(visit)) return describe_answer(visit);
  if (std::string obstacle = find_obstacle(asked); !obstacle.empty()) return obstacle;
  const std::string_view headers = visit.answer->header("Access-Control-Allow-Headers");
  for (const std::string_view header : wanted)
    if (!has_header(headers, header))
      return fmt::format("{} does not allow the header {}", name_question(visit), header);
  return {};
}

}  // namespace

std::span<const std::string_view> plugin_origins() { return kPluginOrigins; }
std::span<const std::string_view> client_origins() { return kClientOrigins; }

Task<std::vector<OriginAnswer>> ask_from(Outside& outside, Question question,
                                         std::span<const std::string_view> origins) {
  std::vector<OriginAnswer> answers;
  for (const std::string_view origin : origins) {
    Question asked = question;
    asked.headers.push_back({"Origin", std::string(origin)});
    Visit visit = co_await outside.visit(std::move(asked));
    const bool is_enough = !visit.answer || allowed_origin(visit) == "*";
    answers.push_back({origin, std::move(visit)});
    if (is_enough) break;
  }
  co_return answers;
}

Task<SharedVisit> ask_shared(Outside& outside, Question question, std::span<const std::string_view> origins) {
  SharedVisit visit;
  Question plain = question;
  visit.plain = co_await outside.visit(std::move(plain));
  if (!visit.plain.answer) co_return visit;
  const bool is_post = question.method == "POST";
  // A document that is not there has no readers; and who acts upon what is no request is not made to do so again.
  if (is_post != is_success(visit.plain)) visit.shared = co_await ask_from(outside, std::move(question), origins);
  co_return visit;
}

Task<std::vector<OriginAnswer>> ask_before_post(Outside& outside, std::string url,
                                                std::span<const std::string_view> origins) {
  Question question;
  question.method = "OPTIONS";
  question.url = std::move(url);
  question.headers = {{"Access-Control-Request-Method", "POST"},
                      {"Access-Control-Request-Headers", "authorization,content-type"}};
  co_return co_await ask_from(outside, std::move(question), origins);
}

Finding judge_reading(Check check, const SharedVisit& answers, Verdict worst) {
  if (answers.shared.empty()) return skip(check, fmt::format("{} was not asked for scripts", answers.plain.url));
  for (const OriginAnswer& asked : answers.shared) {
    if (!was_asked(asked.visit)) return skip(check, describe_answer(asked.visit));
    if (std::string obstacle = find_obstacle(asked, answers.plain); !obstacle.empty())
      return blame(worst, check, std::move(obstacle));
  }
  return find_good(check, fmt::format("scripts of {} may read {}", answers.shared.front().origin, answers.plain.url));
}

Finding judge_calling(Check check, const SharedVisit& posted, const std::vector<OriginAnswer>& preflights,
                      std::initializer_list<std::string_view> wanted) {
  if (Finding read = judge_reading(check, posted, Verdict::warning); read.verdict != Verdict::ok) return read;
  for (const OriginAnswer& asked : preflights) {
    if (!was_asked(asked.visit)) return skip(check, describe_answer(asked.visit));
    if (std::string obstacle = find_obstacle_to_post(asked, wanted); !obstacle.empty())
      return find_warning(check, std::move(obstacle));
  }
  return find_good(check, fmt::format("scripts of {} may call {}", posted.shared.front().origin, posted.plain.url));
}

Finding judge_exposure(Check check, const SharedVisit& answers, std::string_view header) {
  for (const OriginAnswer& asked : answers.shared) {
    const std::string_view exposed = asked.visit.answer->header("Access-Control-Expose-Headers");
    if (!has_header(exposed, to_lower(header)))
      return find_warning(check, fmt::format("{} does not let scripts of {} read the header {}",
                                             name_question(asked.visit), asked.origin, header));
  }
  return find_good(check, fmt::format("scripts of {} may read the header {} of {}", answers.shared.front().origin,
                                      header, answers.plain.url));
}

}  // namespace chatelaine::inspection
