#pragma once

#include <optional>

#include "inspection/finding.hpp"
#include "inspection/outside.hpp"

/// Whether assistants reach a server at all: names, connections, certificates, clocks.
namespace chatelaine::inspection {

/// What an answer (or none) at the URL itself says of `reachable`, and of `certificate` where that kept it away.
[[nodiscard]] Finding judge_reachability(const Visit& visit);
/// Whether it makes no sense to ask that server anything else.
[[nodiscard]] bool is_out_of_reach(const Visit& visit);

/// Of all answers the one whose server's certificate ends first; nothing where no server has one.
[[nodiscard]] Finding judge_certificate(const std::optional<Visit>& soonest);
/// Of an answer that no cache may keep: that of the token endpoint, whose server's JWTs count, where there is one.
[[nodiscard]] Finding judge_clock(const Visit& visit);

/// What http:// of the same host answers.
[[nodiscard]] Finding judge_plain_http(const Visit& visit);

}  // namespace chatelaine::inspection
