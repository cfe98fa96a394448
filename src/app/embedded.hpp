#pragma once

#include <span>

#include "base/embedded_file.hpp"

namespace chatelaine::app {

/// The files of profiles/.
[[nodiscard]] std::span<const EmbeddedFile> embedded_files();

}  // namespace chatelaine::app
