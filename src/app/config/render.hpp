#pragma once

#include <string>
#include <string_view>

namespace chatelaine::app {

/// What `chatelaine init` and `expose` set; everything else stands in its file as a comment.
struct StarterValues {
  std::string issuer;
  std::string listen;
  std::string upstream;  ///< empty: none
  std::string openapi;   ///< empty: none
  std::string name;      ///< what users call the API; empty: the default
};

/// A text without control characters as a TOML basic string.
[[nodiscard]] std::string write_string(std::string_view text);

/// The text of a new chatelaine.toml: every key with its sentence, default and example, in the schema's order.
[[nodiscard]] std::string render_starter_file(const StarterValues& values);

/// docs/operators/configuration.md.
[[nodiscard]] std::string render_configuration_reference();

}  // namespace chatelaine::app
