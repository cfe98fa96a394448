#pragma once

#include "admin/context.hpp"
#include "admin/names.hpp"

namespace chatelaine::admin {

/// A step as the pages show it: `step`, `outcome_word`, `outcome_class` (a style), `when`, `when_date`, `request_id`,
/// `flow_url`, `status`, and where they are known `sentence` (text) and `client` (`client_name`, `client_id`,
/// `its_flows_url`).
[[nodiscard]] pages::Data describe_step(const Context& context, const storage::FlightStep& step, const Names& clients);

}  // namespace chatelaine::admin
