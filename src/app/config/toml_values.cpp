#include "app/config/toml_values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chatelaine::app {
namespace {

std::unexpected<std::string> wrong_type(std::string_view shape, const TomlNode& node) {
  return std::unexpected(fmt::format("must be {}, not {}", shape, describe(node)));
}

bool is_plain(std::string_view text) {
  return std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}
std::unexpected<std::string> not_plain() { return std::unexpected(std::string("must not hold control characters")); }

template <class T>
Read<T> read_as(const TomlNode& node, std::string_view shape) {
  if (const auto* value = std::get_if<T>(&node.value)) return *value;
  return wrong_type(shape, node);
}

}  // namespace

Read<std::string> read_text(const TomlNode& node, std::string_view shape) {
  const auto* text = std::get_if<std::string>(&node.value);
  if (text == nullptr) return wrong_type(fmt::format("{} in quotes", shape), node);
  if (!is_plain(*text)) return not_plain();
  return *text;
}

Read<bool> read_boolean(const TomlNode& node, std::string_view shape) { return read_as<bool>(node, shape); }
Read<std::int64_t> read_integer(const TomlNode& node, std::string_view shape) {
  return read_as<std::int64_t>(node, shape);
}

Read<std::vector<std::string>> read_texts(const TomlNode& node, std::string_view shape) {
  const auto* elements = std::get_if<TomlArray>(&node.value);
  if (elements == nullptr) return wrong_type(shape, node);
  std::vector<std::string> list;
  for (const TomlNode& element : *elements) {
    const auto* text = std::get_if<std::string>(&element.value);
    if (text == nullptr)
      return std::unexpected(fmt::format("must hold texts in quotes alone, not {}", describe(element)));
    if (!is_plain(*text)) return not_plain();
    list.push_back(*text);
  }
  return list;
}

Read<std::map<std::string, std::string>> read_text_table(const TomlNode& node, std::string_view shape) {
  const auto* members = std::get_if<TomlTable>(&node.value);
  if (members == nullptr) return wrong_type(shape, node);
  std::map<std::string, std::string> map;
  for (const auto& [name, element] : *members) {
    const auto* text = std::get_if<std::string>(&element.value);
    if (text == nullptr)
      return std::unexpected(fmt::format("must hold texts in quotes alone, but \"{}\" is {}", name, describe(element)));
    if (!is_plain(*text) || !is_plain(name)) return not_plain();
    map.emplace(name, *text);
  }
  return map;
}

Read<std::chrono::year_month_day> read_date(const TomlNode& node, std::string_view shape) {
  return read_as<std::chrono::year_month_day>(node, shape);
}

}  // namespace chatelaine::app
