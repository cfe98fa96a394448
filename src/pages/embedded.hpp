#pragma once

#include <span>

#include "base/embedded_file.hpp"

namespace chatelaine::pages {

/// The files of web/.
[[nodiscard]] std::span<const EmbeddedFile> embedded_files();

}  // namespace chatelaine::pages
