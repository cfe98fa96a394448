#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "rehearsal/step.hpp"

namespace chatelaine::rehearsal {

/// A rehearsal that is over.
struct Report {
  /// Of the profile: `claude`, "Claude".
  std::string name;
  std::string title;
  std::string url;
  std::vector<StepReport> steps;

  [[nodiscard]] std::size_t count(Verdict verdict) const;
  /// Whether there is no fault.
  [[nodiscard]] bool is_good() const;
};

/// What a person can act upon: "Claude connects and stays connected.", or what becomes of it, why, and what to change.
[[nodiscard]] std::string make_verdict(const Report& report);

/// `{"profile","title","url","ok","verdict","faults","warnings","steps":[{"step","verdict","milliseconds",
/// "remarks":[{"code","verdict","seen","change"}]}]}`; `change` for warnings and faults.
[[nodiscard]] json::object to_json(const Report& report);

/// JUnit's XML: one test case a step; a step with a fault has failed, one that was not played is skipped, and warnings
/// are its output.
[[nodiscard]] std::string to_junit(const Report& report);

}  // namespace chatelaine::rehearsal
