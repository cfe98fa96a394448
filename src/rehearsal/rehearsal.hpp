#pragma once

#include "base/task.hpp"
#include "rehearsal/part.hpp"
#include "rehearsal/stage.hpp"

namespace chatelaine::rehearsal {

/// Plays the assistant of `profile` from discovery to revocation, and takes away the client that it registered. Every
/// step is told of, those that could not be played as skipped. No secret stands in what is told: neither what was given
/// nor what the server gave.
[[nodiscard]] Task<void> rehearse(const Stage& stage, const oauth::AssistantProfile& profile, const Given& given);

}  // namespace chatelaine::rehearsal
