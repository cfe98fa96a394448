#pragma once

#include <optional>

#include "app/cli/session.hpp"
#include "crypto/signature_algorithm.hpp"

namespace chatelaine::app {

/// Makes the keys that the configuration asks for, where there are none.
void make_first_keys(Session& session);

/// What `--algorithm` says; nothing where it is absent. Throws WrongUsage where the configuration has no keys for it.
[[nodiscard]] std::optional<crypto::SignatureAlgorithm> find_algorithm(const Arguments& arguments,
                                                                       const Configuration& configuration);
/// Throws WrongUsage where the configuration has no keys for it.
void check_algorithm(crypto::SignatureAlgorithm algorithm, const Configuration& configuration);

}  // namespace chatelaine::app
