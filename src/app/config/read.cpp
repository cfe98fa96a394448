#include "app/config/read.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <stdexcept>

#include <toml++/toml.h>

#include "app/config/check.hpp"
#include "app/config/nearest.hpp"
#include "app/config/schema.hpp"

namespace chatelaine::app {
namespace {

std::string_view describe(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::string:
      return "a text";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a decimal number";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::table:
      return "a table";
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time:
      return "a date or time";
    case toml::node_type::none:
      return "nothing";
  }
  return "nothing";
}

/// Walks a parsed file along the schema and collects what is wrong.
class Reader {
 public:
  Reader(std::filesystem::path file, ConfigurationDraft& draft) : file_(std::move(file)), draft_(draft) {}

  void read_top(const toml::table& top) {
    for (const auto& [name, node] : top) {
      const Table* table = find_table(name.str());
      if (table == nullptr)
        read_key("", name.str(), node);
      else
        read_table(*table, node);
    }
  }

  void take_defaults() {
    for (const Key& key : configuration_keys()) {
      if (key.default_value.empty()) continue;
      if (const auto* take = std::get_if<TakeText>(&key.take)) static_cast<void>((*take)(draft_, key.default_value));
      if (const auto* take = std::get_if<TakeBoolean>(&key.take))
        static_cast<void>((*take)(draft_, key.default_value == "true"));
      if (const auto* take = std::get_if<TakeNumber>(&key.take))
        static_cast<void>((*take)(draft_, std::stoll(std::string(key.default_value))));
      if (const auto* take = std::get_if<TakeList>(&key.take))
        static_cast<void>((*take)(draft_, split_list(key.default_value)));
    }
  }

  [[nodiscard]] GivenKeys& given() { return given_; }
  [[nodiscard]] std::vector<ConfigurationFault>& faults() { return faults_; }

 private:
  static const Table* find_table(std::string_view name) {
    const auto tables = configuration_tables();
    const auto found = std::ranges::find(tables, name, &Table::name);
    return found == tables.end() ? nullptr : &*found;
  }

  void report(const toml::node& node, std::string key, std::string message) {
    faults_.push_back({file_, node.source().begin.line, std::move(key), std::move(message)});
  }

  void read_table(const Table& table, const toml::node& node) {
    const auto line = node.source().begin.line;
    given_.tables.emplace(table.name, line);
    switch (table.shape) {
      case Table::Shape::once:
        if (!node.is_table())
          return report(node, std::string(table.name),
                        fmt::format("must be a table, [{}], not {}", table.name, describe(node)));
        return read_keys(table, *node.as_table());
      case Table::Shape::repeated:
        // An empty list is no list of tables for toml++, yet means the same: none.
        if (const auto* list = node.as_array(); list != nullptr && list->empty()) return;
        if (!node.is_array_of_tables())
          return report(node, std::string(table.name),
                        fmt::format("must be a list of tables, [[{}]], not {}", table.name, describe(node)));
        for (const auto& element : *node.as_array()) read_element(table, *element.as_table());
    }
  }

  void read_element(const Table& table, const toml::table& element) {
    if (table.name == "resource") return read_resource(table, element);
    if (table.name == "scope") return read_scope(table, element);
    throw std::logic_error(fmt::format("the schema has a table [[{}]] that nothing reads", table.name));
  }

  void read_resource(const Table& table, const toml::table& element) {
    draft_.provider.resources.emplace_back();
    Lines& lines = given_.resources.emplace_back();
    for (const auto& [name, node] : element)
      lines.emplace(fmt::format("{}.{}", table.name, name.str()), node.source().begin.line);
    read_keys(table, element);
    if (!element.contains("identifier"))
      report(element, "resource.identifier", "is missing: each [[resource]] needs an identifier");
  }

  void read_scope(const Table& table, const toml::table& element) {
    draft_.provider.scopes.emplace_back();
    read_keys(table, element);
    ScopeConfiguration& scope = draft_.provider.scopes.back();
    if (!element.contains("name")) report(element, "scope.name", "is missing: each [[scope]] needs a name");
    if (scope.description.empty()) scope.description = scope.name;
  }

  void read_keys(const Table& table, const toml::table& keys) {
    for (const auto& [name, node] : keys) read_key(table.name, name.str(), node);
  }

  void read_key(std::string_view table, std::string_view name, const toml::node& node) {
    const auto keys = configuration_keys();
    const auto key = std::ranges::find_if(keys, [&](const Key& k) { return k.table == table && k.name == name; });
    if (key == keys.end()) {
      const std::string path = table.empty() ? std::string(name) : fmt::format("{}.{}", table, name);
      return report(node, path, fmt::format("is not a key that this file can have{}", suggest_key(table, name)));
    }
    given_.keys.emplace(key->path(), node.source().begin.line);
    const Taken taken = std::visit([&](auto take) { return take_value(*key, take, node); }, key->take);
    if (!taken) report(node, key->path(), taken.error());
  }

  static std::unexpected<std::string> wrong_type(const Key& key, const toml::node& node) {
    const std::string_view quotes = std::holds_alternative<TakeText>(key.take) ? " in quotes" : "";
    return std::unexpected(fmt::format("must be {}{}, not {}", key.shape, quotes, describe(node)));
  }

  /// A line break or an escape in a value could only serve to forge a line of a log or a page.
  static bool is_plain(std::string_view text) {
    return std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  }
  static std::unexpected<std::string> not_plain() {
    return std::unexpected(std::string("must not hold control characters"));
  }

  Taken take_value(const Key& key, TakeText take, const toml::node& node) {
    const auto text = node.value_exact<std::string_view>();
    if (!text) return wrong_type(key, node);
    if (!is_plain(*text)) return not_plain();
    return take(draft_, *text);
  }
  Taken take_value(const Key& key, TakeBoolean take, const toml::node& node) {
    const auto value = node.value_exact<bool>();
    if (!value) return wrong_type(key, node);
    return take(draft_, *value);
  }
  Taken take_value(const Key& key, TakeNumber take, const toml::node& node) {
    const auto value = node.value_exact<std::int64_t>();
    if (!value) return wrong_type(key, node);
    return take(draft_, *value);
  }
  Taken take_value(const Key& key, TakeList take, const toml::node& node) {
    if (!node.is_array()) return wrong_type(key, node);
    std::vector<std::string> list;
    for (const auto& element : *node.as_array()) {
      const auto text = element.value_exact<std::string_view>();
      if (!text) return std::unexpected(fmt::format("must hold texts in quotes alone, not {}", describe(element)));
      if (!is_plain(*text)) return not_plain();
      list.emplace_back(*text);
    }
    return take(draft_, list);
  }
  Taken take_value(const Key& key, TakeMap take, const toml::node& node) {
    if (!node.is_table()) return wrong_type(key, node);
    std::map<std::string, std::string> map;
    for (const auto& [name, element] : *node.as_table()) {
      const auto text = element.value_exact<std::string_view>();
      if (!text)
        return std::unexpected(
            fmt::format("must hold texts in quotes alone, but \"{}\" is {}", name.str(), describe(element)));
      if (!is_plain(*text) || !is_plain(name.str())) return not_plain();
      map.emplace(name.str(), *text);
    }
    return take(draft_, map);
  }

  std::filesystem::path file_;
  ConfigurationDraft& draft_;
  GivenKeys given_;
  std::vector<ConfigurationFault> faults_;
};

}  // namespace

std::string ConfigurationFault::to_string() const {
  std::string text = file.string();
  if (line != 0) text += fmt::format(":{}", line);
  text += ": ";
  if (!key.empty()) text += key + ": ";
  return text + message;
}

ConfigurationResult parse_configuration(std::string_view text, const std::filesystem::path& file) {
  ConfigurationDraft draft;
  draft.directory = std::filesystem::absolute(file).parent_path();
  Reader reader(file, draft);
  reader.take_defaults();
  try {
    reader.read_top(toml::parse(text));
  } catch (const toml::parse_error& error) {
    return std::unexpected(std::vector<ConfigurationFault>{
        {file, error.source().begin.line, "", fmt::format("is not TOML: {}", error.description())}});
  }
  auto faults = std::move(reader.faults());
  for (auto& fault : check_whole(draft, reader.given())) {
    fault.file = file;
    faults.push_back(std::move(fault));
  }
  if (!faults.empty()) {
    std::ranges::stable_sort(faults, {}, &ConfigurationFault::line);
    return std::unexpected(std::move(faults));
  }
  return finish_draft(std::move(draft), reader.given(), file);
}

ConfigurationResult read_configuration(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  // A directory opens and then yields nothing.
  if (!stream || std::filesystem::is_directory(file))
    return std::unexpected(std::vector<ConfigurationFault>{{file, 0, "", "cannot be read"}});
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  return parse_configuration(text, file);
}

std::optional<std::filesystem::path> find_configuration_file(const std::optional<std::string>& named) {
  if (named) return *named;
  std::error_code ignored;
  for (const char* candidate : {"chatelaine.toml", "/etc/chatelaine/chatelaine.toml"})
    if (std::filesystem::exists(candidate, ignored)) return candidate;
  return std::nullopt;
}

}  // namespace chatelaine::app
