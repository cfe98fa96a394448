#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "rehearsal/step.hpp"

namespace chatelaine::rehearsal {

/// Takes every secret of a rehearsal out of what is said of it: a server may have put one into its answer (THREATS
/// N47).
class Redaction {
 public:
  /// What must not be shown, nor percent-encoded, from now on.
  void keep_out(std::string_view secret);
  [[nodiscard]] std::string apply(std::string text) const;
  [[nodiscard]] StepReport apply(StepReport report) const;

 private:
  std::vector<SecretBytes> secrets_;
};

}  // namespace chatelaine::rehearsal
