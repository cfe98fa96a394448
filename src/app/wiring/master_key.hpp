#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "crypto/sealing.hpp"

namespace chatelaine::app {

/// The value of an environment variable; the process's own, or a test's.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;
[[nodiscard]] std::optional<std::string> read_process_environment(std::string_view name);

/// The key that seals everything: `CHATELAINE_MASTER_KEY`, the file of `CHATELAINE_MASTER_KEY_FILE`,
/// `$CREDENTIALS_DIRECTORY/chatelaine-master-key` (systemd), or `chatelaine.key` beside the configuration, the first of
/// them that is there. Where none is, `chatelaine.key` is made (mode 0600); of two processes that start at once one
/// makes it and both use it. Throws std::runtime_error with a sentence for the operator.
[[nodiscard]] crypto::MasterKey find_or_make_master_key(const std::filesystem::path& configuration_directory,
                                                        const Environment& environment, Randomness& randomness);

}  // namespace chatelaine::app
