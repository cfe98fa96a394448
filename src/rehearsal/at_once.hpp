#pragma once

#include <vector>

#include "inspection/outside.hpp"

namespace chatelaine::rehearsal {

/// Asks all of the questions before any is answered; the visits in the questions' order.
[[nodiscard]] Task<std::vector<inspection::Visit>> visit_at_once(inspection::Outside& outside,
                                                                 std::vector<inspection::Question> questions);

}  // namespace chatelaine::rehearsal
