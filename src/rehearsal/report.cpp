#include "rehearsal/report.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chatelaine::rehearsal {
namespace {

const Remark* find_first_fault(const Report& report) {
  for (const StepReport& step : report.steps)
    for (const Remark& remark : step.remarks)
      if (remark.verdict == Verdict::fault) return &remark;
  return nullptr;
}

bool was_played(const Report& report, Step step) {
  const auto found = std::ranges::find(report.steps, step, &StepReport::step);
  return found != report.steps.end() && found->verdict() != Verdict::skipped;
}

/// Whether the API has done what was asked of it, and not only taken the token.
bool has_called(const Report& report) {
  const auto found = std::ranges::find(report.steps, Step::call, &StepReport::step);
  return found != report.steps.end() && std::ranges::any_of(found->remarks, [](const Remark& remark) {
           return remark.verdict == Verdict::ok && remark.code == describe(Point::api_call).code;
         });
}

/// Whether a call was tried that failed, or was refused.
bool has_failed_call(const Report& report) {
  const auto found = std::ranges::find(report.steps, Step::call, &StepReport::step);
  return found != report.steps.end() && std::ranges::any_of(found->remarks, [](const Remark& remark) {
           return remark.verdict == Verdict::warning && remark.code == describe(Point::call_answer).code;
         });
}

/// Ends as a sentence.
std::string close(std::string text) {
  const bool is_closed = text.ends_with('.') || text.ends_with('!') || text.ends_with(".\"");
  if (!text.empty() && !is_closed) text += '.';
  return text;
}

/// XML 1.0 §2.2: what no document may hold becomes a blank.
std::string escape_xml(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:  // a character, not one of a closed set
        escaped += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    }
  }
  return escaped;
}

std::string describe(const Remark& remark) {
  return fmt::format("{} {}: {}{}{}", to_string(remark.verdict), remark.code, close(remark.seen),
                     remark.change.empty() ? "" : " ", remark.change);
}

std::string write_case(const Report& report, const StepReport& step) {
  std::string failures;
  std::string skipped;
  std::string output;
  for (const Remark& remark : step.remarks) {
    const std::string text = escape_xml(describe(remark));
    switch (remark.verdict) {
      case Verdict::fault:
        failures += fmt::format("<failure type=\"{}\" message=\"{}\"/>", remark.code, text);
        break;
      case Verdict::skipped:
        if (step.verdict() == Verdict::skipped && skipped.empty())
          skipped = fmt::format("<skipped message=\"{}\"/>", escape_xml(remark.seen));
        break;
      case Verdict::ok:
      case Verdict::warning:
        output += text + "\n";
        break;
    }
  }
  const std::string said = output.empty() ? std::string() : fmt::format("<system-out>{}</system-out>", output);
  return fmt::format("    <testcase classname=\"rehearse.{}\" name=\"{}\" time=\"{:.3f}\">{}{}{}</testcase>\n",
                     report.name, to_string(step.step), std::chrono::duration<double>(step.took).count(), failures,
                     skipped, said);
}

std::size_t count_steps(const Report& report, Verdict verdict) {
  return static_cast<std::size_t>(
      std::ranges::count_if(report.steps, [&](const StepReport& step) { return step.verdict() == verdict; }));
}

}  // namespace

std::size_t Report::count(Verdict verdict) const {
  std::size_t number = 0;
  for (const StepReport& step : steps)
    number += static_cast<std::size_t>(std::ranges::count(step.remarks, verdict, &Remark::verdict));
  return number;
}

bool Report::is_good() const { return count(Verdict::fault) == 0; }

std::string make_verdict(const Report& report) {
  if (const Remark* const fault = find_first_fault(report))
    return fmt::format("{} {}: {} {}", report.title, fault->consequence, close(fault->seen), fault->change);
  const bool has_refreshed = was_played(report, Step::refresh);
  std::string_view how = has_refreshed ? "connects and stays connected; no call was tried" : "connects";
  if (has_called(report)) how = has_refreshed ? "connects, calls, and stays connected" : "connects and calls";
  if (!has_called(report) && has_failed_call(report))
    how = has_refreshed ? "connects and stays connected; no call succeeded" : "connects; no call succeeded";
  const std::size_t warnings = report.count(Verdict::warning);
  const std::string rest =
      warnings == 0 ? std::string() : fmt::format(" {} warning{}.", warnings, warnings == 1 ? "" : "s");
  return fmt::format("{} {}.{}", report.title, how, rest);
}

json::object to_json(const Report& report) {
  json::array steps;
  for (const StepReport& step : report.steps) {
    json::array remarks;
    for (const Remark& remark : step.remarks) {
      json::object row{{"code", remark.code}, {"verdict", to_string(remark.verdict)}, {"seen", remark.seen}};
      if (!remark.change.empty()) row["change"] = remark.change;
      remarks.push_back(std::move(row));
    }
    steps.push_back(json::object{{"step", to_string(step.step)},
                                 {"verdict", to_string(step.verdict())},
                                 {"milliseconds", step.took.count()},
                                 {"remarks", std::move(remarks)}});
  }
  return {{"profile", report.name},
          {"title", report.title},
          {"url", report.url},
          {"ok", report.is_good()},
          {"verdict", make_verdict(report)},
          {"faults", report.count(Verdict::fault)},
          {"warnings", report.count(Verdict::warning)},
          {"steps", std::move(steps)}};
}

std::string to_junit(const Report& report) {
  std::string cases;
  milliseconds took{0};
  for (const StepReport& step : report.steps) {
    cases += write_case(report, step);
    took += step.took;
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"rehearse {}\" tests=\"{}\" "
      "failures=\"{}\" skipped=\"{}\" time=\"{:.3f}\">\n    <properties><property name=\"url\" "
      "value=\"{}\"/><property name=\"verdict\" value=\"{}\"/></properties>\n{}  </testsuite>\n</testsuites>\n",
      report.name, report.steps.size(), count_steps(report, Verdict::fault), count_steps(report, Verdict::skipped),
      std::chrono::duration<double>(took).count(), escape_xml(report.url), escape_xml(make_verdict(report)), cases);
}

}  // namespace chatelaine::rehearsal
