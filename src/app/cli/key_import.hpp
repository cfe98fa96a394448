#pragma once

#include "app/cli/command.hpp"

namespace chatelaine::app {

/// `key import FILE`.
[[nodiscard]] ExitCode import_key(const Arguments& arguments, Console& console);

}  // namespace chatelaine::app
