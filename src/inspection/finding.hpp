#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "inspection/check.hpp"

namespace chatelaine::inspection {

enum class Verdict : std::uint8_t {
  ok,
  /// Some assistants stumble, or something leaks.
  warning,
  /// Assistants cannot connect.
  fault,
  /// It could not be looked at, or there is nothing to look at.
  skipped,
};
/// The enumerator's own name.
[[nodiscard]] std::string_view to_string(Verdict verdict);

/// How much it matters that one role of a server is whole.
enum class Importance : std::uint8_t {
  /// The URL is nothing else.
  alone,
  /// It is a plugin or an issuer as well, which assistants find and use in another way.
  one_role_of_several,
};
/// What a lack counts for.
[[nodiscard]] Verdict worst_of(Importance importance);

/// One line of a report. Whatever a server wrote, it stays one line of bounded length.
struct Finding {
  Check check;
  Verdict verdict;
  /// A sentence of what was seen, or why it was not looked at.
  std::string seen;
  /// What to change, and where; empty for `ok` and `skipped`.
  std::string change;
};
using Findings = std::vector<Finding>;

[[nodiscard]] Finding find_good(Check check, std::string seen);
[[nodiscard]] Finding skip(Check check, std::string why);
/// Where `change` is empty, what the check's description says is to be changed.
[[nodiscard]] Finding find_fault(Check check, std::string seen, std::string change = {});
[[nodiscard]] Finding find_warning(Check check, std::string seen, std::string change = {});
/// A fault or a warning, as `verdict` says.
[[nodiscard]] Finding blame(Verdict verdict, Check check, std::string seen, std::string change = {});
/// The first of the worst: a fault before a warning, either before what is good; what was skipped last.
[[nodiscard]] Finding keep_worst(Finding one, Finding other);

/// Adds `more` at the end.
void append(Findings& findings, Findings more);

/// What a server wrote, fit to stand between the quotes of a sentence.
[[nodiscard]] std::string quote(std::string_view text);

}  // namespace chatelaine::inspection
