#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/configuration.hpp"

/// Changes to the text of a configuration that leave everything else as its owner wrote it, comments included. Each
/// takes a text that is TOML, and gives one that is; the error says what to write by hand where the file's form (dotted
/// or inline tables) leaves no place for it.
namespace chatelaine::app {

using Edited = std::expected<std::string, std::string>;

/// `[api] name = "value"`: replaced where it stands, else written below `[api]`, else in a new table at the end.
[[nodiscard]] Edited set_api_key(const std::string& text, std::string_view name, std::string_view value);

/// `[api] name = [elements]`, as above. Of a list that stands over several lines only the elements that go are taken
/// out, with what stands behind them in their line, and new ones are added at its end.
[[nodiscard]] Edited set_api_list(const std::string& text, std::string_view name,
                                  const std::vector<std::string>& elements);

/// The `operations` of the `[[scope]]` of that name, which is there; changed as `set_api_list` changes.
[[nodiscard]] Edited set_scope_operations(const std::string& text, std::string_view scope,
                                          const std::vector<std::string>& operations);

/// A new `[[scope]]` at the end.
[[nodiscard]] Edited add_scope(const std::string& text, const ScopeConfiguration& scope);

}  // namespace chatelaine::app
