#pragma once

#include <string>

#include "oauth/clients/weaknesses.hpp"

namespace chatelaine::admin {

/// What an operator can do about a weakness.
struct Remedy {
  /// For people, one sentence or more.
  std::string advice;
  /// What to type, with a placeholder in capitals where something is theirs to choose. Empty where no command helps, or
  /// where the client's id is no word that a shell would leave alone: nothing that a stranger wrote is in it.
  std::string command;
};

[[nodiscard]] Remedy find_remedy(const oauth::Client& client, const oauth::Weakness& weakness);

}  // namespace chatelaine::admin
