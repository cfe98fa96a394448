#pragma once

#include <string_view>

namespace chatelaine {

/// A file of the source tree that is compiled into the program (cmake/Embed.cmake); `name` is its path below the
/// directory that was embedded.
struct EmbeddedFile {
  std::string_view name;
  std::string_view bytes;
};

}  // namespace chatelaine
