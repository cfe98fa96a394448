// toml++ is here and in edit.cpp alone: it is slow to compile.
#include "app/config/toml.hpp"

#include <algorithm>

#include <toml++/toml.h>

namespace chatelaine::app {
namespace {

TomlNode convert(const toml::node& node);

TomlArray convert_array(const toml::array& array) {
  TomlArray elements;
  elements.reserve(array.size());
  for (const auto& element : array) elements.push_back(convert(element));
  return elements;
}

TomlTable convert_table(const toml::table& table) {
  TomlTable members;
  members.reserve(table.size());
  for (const auto& [name, node] : table) members.push_back({std::string(name.str()), convert(node)});
  return members;
}

std::chrono::year_month_day convert_date(const toml::date& date) {
  return {std::chrono::year(date.year), std::chrono::month(date.month), std::chrono::day(date.day)};
}

decltype(TomlNode::value) convert_value(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::string:
      return node.as_string()->get();
    case toml::node_type::integer:
      return node.as_integer()->get();
    case toml::node_type::floating_point:
      return node.as_floating_point()->get();
    case toml::node_type::boolean:
      return node.as_boolean()->get();
    case toml::node_type::date:
      return convert_date(node.as_date()->get());
    case toml::node_type::array:
      return convert_array(*node.as_array());
    case toml::node_type::table:
      return convert_table(*node.as_table());
    case toml::node_type::time:
    case toml::node_type::date_time:
    case toml::node_type::none:
      return TomlTime{};
  }
  return TomlTime{};
}

TomlNode convert(const toml::node& node) { return {convert_value(node), node.source().begin.line}; }

/// How each alternative is called.
struct Describe {
  std::string_view operator()(const std::string&) const { return "a text"; }
  std::string_view operator()(std::int64_t) const { return "an integer"; }
  std::string_view operator()(double) const { return "a decimal number"; }
  std::string_view operator()(bool) const { return "true or false"; }
  std::string_view operator()(std::chrono::year_month_day) const { return "a date or time"; }
  std::string_view operator()(TomlTime) const { return "a date or time"; }
  std::string_view operator()(const TomlArray&) const { return "a list"; }
  std::string_view operator()(const TomlTable&) const { return "a table"; }
};

}  // namespace

bool TomlNode::is_list_of_tables() const {
  const auto* list = std::get_if<TomlArray>(&value);
  return list != nullptr && !list->empty() && std::ranges::all_of(*list, &TomlNode::is_table);
}

std::string_view describe(const TomlNode& node) { return std::visit(Describe{}, node.value); }

std::expected<TomlNode, TomlError> parse_toml(std::string_view text) {
  try {
    return convert(toml::parse(text));
  } catch (const toml::parse_error& error) {
    return std::unexpected(TomlError{error.source().begin.line, std::string(error.description())});
  }
}

}  // namespace chatelaine::app
