#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// A TOML file as values of our own, so that who reads one does not include toml++, which is slow to compile.
namespace chatelaine::app {

struct TomlMember;
/// In the order of their names.
using TomlTable = std::vector<TomlMember>;
struct TomlNode;
using TomlArray = std::vector<TomlNode>;
/// A time, or a date with one: nothing here has such a value.
struct TomlTime {};

struct TomlNode {
  std::variant<std::string, std::int64_t, double, bool, std::chrono::year_month_day, TomlTime, TomlArray, TomlTable>
      value;
  /// From 1.
  std::uint32_t line = 0;

  [[nodiscard]] bool is_table() const { return std::holds_alternative<TomlTable>(value); }
  /// A list with elements, all of them tables: `[[name]]`, or the same in one line.
  [[nodiscard]] bool is_list_of_tables() const;
};
struct TomlMember {
  std::string name;
  TomlNode node;
};

/// "a text", "an integer", …: what stands in the file, as messages call it.
[[nodiscard]] std::string_view describe(const TomlNode& node);

struct TomlError {
  std::uint32_t line = 0;
  std::string message;
};
/// The top table.
[[nodiscard]] std::expected<TomlNode, TomlError> parse_toml(std::string_view text);

}  // namespace chatelaine::app
