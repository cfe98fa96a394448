#include "app/cli/key_options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/config/values.hpp"
#include "base/block_on.hpp"
#include "tokens/key_ring.hpp"

namespace chatelaine::app {

void make_first_keys(Session& session) {
  tokens::KeyRing ring(*session->storage, session->sealer, session->clock, session->randomness, session->ids,
                       session.configuration().provider->keys.algorithms);
  static_cast<void>(block_on(ring.current()));
}

void check_algorithm(crypto::SignatureAlgorithm algorithm, const Configuration& configuration) {
  const auto& algorithms = configuration.provider->keys.algorithms;
  if (std::ranges::find(algorithms, algorithm) == algorithms.end())
    throw WrongUsage(fmt::format("there are no keys for {0}: put \"{0}\" into [keys] algorithms of {1} first",
                                 to_string(algorithm), configuration.file.string()));
}

std::optional<crypto::SignatureAlgorithm> find_algorithm(const Arguments& arguments,
                                                         const Configuration& configuration) {
  const auto text = arguments.find("--algorithm");
  if (!text) return std::nullopt;
  const auto algorithm = read_signature_algorithm(*text);
  if (!algorithm) throw WrongUsage("--algorithm " + algorithm.error());
  check_algorithm(*algorithm, configuration);
  return *algorithm;
}

}  // namespace chatelaine::app
