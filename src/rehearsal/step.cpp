#include "rehearsal/step.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace chatelaine::rehearsal {
namespace {

constexpr std::array kSteps{Step::discovery,       Step::registration, Step::redirects, Step::authorization,
                            Step::exchange,        Step::call,         Step::refresh,   Step::expiry,
                            Step::refresh_at_once, Step::revocation,   Step::removal,   Step::outside};

constexpr std::string_view kDoesNotConnect = "does not connect";

/// The doctor's sentences are bounded and of one line; so are ours.
Remark make(Point point, Verdict verdict, std::string seen, std::string change) {
  const PointDescription& description = describe(point);
  if (change.empty()) change = description.change;
  const inspection::Finding bounded =
      inspection::blame(verdict, inspection::Check::role, std::move(seen), std::move(change));
  return {description.code, verdict, bounded.seen, bounded.change, description.consequence};
}

int badness_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::skipped:
      return 0;
    case Verdict::ok:
      return 1;
    case Verdict::warning:
      return 2;
    case Verdict::fault:
      return 3;
  }
  return 0;
}

}  // namespace

std::string_view to_string(Step step) {
  switch (step) {
    case Step::discovery:
      return "discovery";
    case Step::registration:
      return "registration";
    case Step::redirects:
      return "redirects";
    case Step::authorization:
      return "authorization";
    case Step::exchange:
      return "exchange";
    case Step::call:
      return "call";
    case Step::refresh:
      return "refresh";
    case Step::expiry:
      return "expiry";
    case Step::refresh_at_once:
      return "refresh_at_once";
    case Step::revocation:
      return "revocation";
    case Step::removal:
      return "removal";
    case Step::outside:
      return "outside";
  }
  return "";
}

std::span<const Step> all_steps() { return kSteps; }

Remark notice(Point point, std::string seen) {
  Remark remark = make(point, Verdict::ok, std::move(seen), {});
  remark.change.clear();
  remark.consequence = {};
  return remark;
}

Remark skip(Point point, std::string why) {
  Remark remark = notice(point, std::move(why));
  remark.verdict = Verdict::skipped;
  return remark;
}

Remarks leave_out(std::string why) { return {skip(Point::not_played, std::move(why))}; }

Remark find_fault(Point point, std::string seen, std::string change) {
  return make(point, Verdict::fault, std::move(seen), std::move(change));
}

Remark find_warning(Point point, std::string seen, std::string change) {
  return make(point, Verdict::warning, std::move(seen), std::move(change));
}

Remark adopt(const inspection::Finding& finding) {
  const bool is_trouble = finding.verdict == Verdict::fault || finding.verdict == Verdict::warning;
  return {inspection::describe(finding.check).code, finding.verdict, finding.seen, finding.change,
          is_trouble ? kDoesNotConnect : std::string_view()};
}

Remarks adopt_troubles(const inspection::Findings& findings) {
  Remarks remarks;
  for (const inspection::Finding& finding : findings)
    if (finding.verdict == Verdict::fault || finding.verdict == Verdict::warning) remarks.push_back(adopt(finding));
  return remarks;
}

void append(Remarks& remarks, Remarks more) {
  remarks.insert(remarks.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

bool has_fault(const Remarks& remarks) {
  return std::ranges::find(remarks, Verdict::fault, &Remark::verdict) != remarks.end();
}

Verdict StepReport::verdict() const {
  if (remarks.empty()) return Verdict::ok;
  const auto by_badness = [](const Remark& remark) { return badness_of(remark.verdict); };
  return std::ranges::max_element(remarks, {}, by_badness)->verdict;
}

}  // namespace chatelaine::rehearsal
