#pragma once

#include <functional>
#include <memory>

#include "base/random.hpp"
#include "base/time.hpp"
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

}  // namespace chatelaine::rehearsal
