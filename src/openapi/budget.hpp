#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "openapi/description.hpp"

namespace chatelaine::openapi {

/// What the reading of one description may cost. References let a small file ask for a lot: each use of a shared part
/// reads and copies it again, and a stranger's file is read on the loop that serves everybody.
class Budget {
 public:
  static constexpr std::size_t kMostOperations = 2'000;
  /// Of one operation's parameters, and of one body's properties.
  static constexpr std::size_t kMostMembers = 200;
  static constexpr std::size_t kMostFaults = 100;
  /// Text that is looked at or copied, shared parts each time.
  static constexpr std::size_t kMostText = std::size_t{8} * 1024 * 1024;

  /// Leaves the reading where a bound is passed; `read_description` makes a fault `too_large` of it.
  struct Exceeded {
    Fault fault;
  };

  explicit Budget(Care care = Care::callable) : care_(care) {}

  void take_operation();
  /// `count` parameters or properties so far, of the operation at `place`.
  static void check_members(std::size_t count, std::string_view place);
  /// Each element costs one more than its text, so that empty ones are not free.
  void take_text(std::size_t size);
  /// What was told already is not told again: many operations share a part.
  void add_fault(Fault fault);
  /// The same of what the reading can do without; nothing of a stranger's file.
  void add_defect(Fault fault);

  [[nodiscard]] std::vector<Fault> release_faults() { return std::move(faults_); }

 private:
  Care care_;
  std::vector<Fault> faults_;
  std::size_t operations_ = 0;
  std::size_t text_ = 0;
};

/// The beginning of a stranger's text, fit to stand in a fault.
[[nodiscard]] std::string shorten(std::string_view text);

}  // namespace chatelaine::openapi
