#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/random.hpp"
#include "inspection/outside.hpp"
#include "rehearsal/part.hpp"
#include "rehearsal/person.hpp"

namespace chatelaine::rehearsal {

/// What a rehearsal acts by; all of it outlives the await.
struct Stage {
  /// What the assistant sends goes through here.
  inspection::Outside& outside;
  /// Makes what the doctor's questions go through, whose patience begins then.
  std::function<std::unique_ptr<inspection::Outside>()> make_look;
  const Clock& clock;
  Randomness& randomness;
  /// Not called where `Given` has somebody who signs in.
  AskPerson ask_person;
  Listener listener;
};

/// Plays the assistant of `profile` from discovery to revocation, and takes away the client that it registered. Every
/// step is told of, those that could not be played as skipped. No secret stands in what is told: neither what was given
/// nor what the server gave.
[[nodiscard]] Task<void> rehearse(const Stage& stage, const oauth::AssistantProfile& profile, const Given& given);

}  // namespace chatelaine::rehearsal
