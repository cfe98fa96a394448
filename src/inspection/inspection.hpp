#pragma once

#include <cstdint>
#include <functional>

#include "base/task.hpp"
#include "inspection/finding.hpp"
#include "inspection/outside.hpp"
#include "inspection/target.hpp"

/// A server, seen from outside by somebody who does not sign in. Facts are gathered through `Outside`; each room's
/// `judge_…` makes findings of them, and does nothing else.
namespace chatelaine::inspection {

/// Hears of each finding as soon as there is one.
using Listener = std::function<void(const Finding&)>;

enum class Completeness : std::uint8_t {
  whole,
  /// The time for all questions was over before all were answered.
  cut_short,
};

/// Looks at everything that the URL may be: a plugin's domain, an issuer, a protected resource such as an MCP endpoint.
/// At most 60 questions; no finding comes twice for the same code but for `manifest_content`, `openapi_content` and
/// `stack_traces`, which come once for each place.
[[nodiscard]] Task<Completeness> inspect(Outside& outside, Target target, Listener listener);

}  // namespace chatelaine::inspection
