#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "oauth/plugin/manifest.hpp"

namespace chatelaine::oauth {

/// Collects what a reading finds, in the manifest's order.
class ManifestFindings {
 public:
  explicit ManifestFindings(ManifestReport& report) : report_(report) {}

  void fault(std::string_view path, std::string_view code, std::string message, std::string expected) {
    report_.faults.push_back({std::string(path), std::string(code), std::move(message), std::move(expected)});
  }
  void warning(std::string_view path, std::string_view code, std::string message, std::string expected) {
    report_.warnings.push_back({std::string(path), std::string(code), std::move(message), std::move(expected)});
  }

 private:
  ManifestReport& report_;
};

/// What a member must be for a host to go on without it.
enum class Presence : std::uint8_t { required, advised };

/// The string at `path`, whose last part is the member's name in `object`. Absent: a fault, or a warning where it is
/// only advised. Another type: a fault. Nothing in all these cases.
[[nodiscard]] const json::string* take_string(const json::object& object, std::string_view path, Presence presence,
                                              std::string_view expected, ManifestFindings& findings);
/// The same for an object that is required.
[[nodiscard]] const json::object* take_object(const json::object& object, std::string_view path,
                                              std::string_view expected, ManifestFindings& findings);

}  // namespace chatelaine::oauth
