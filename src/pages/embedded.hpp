#pragma once

#include <span>
#include <string_view>

namespace chatelaine::pages {

/// A file of web/ that is compiled in; `name` is its path below web/.
struct EmbeddedFile {
  std::string_view name;
  std::string_view bytes;
};
[[nodiscard]] std::span<const EmbeddedFile> embedded_files();

}  // namespace chatelaine::pages
