#include "app/config/edit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include <toml++/toml.h>

#include "app/config/render.hpp"

// toml++ is here a second time: its positions are what a text can be changed by.

namespace chatelaine::app {
namespace {

/// An element a line.
std::string write_list(const std::vector<std::string>& elements) {
  if (elements.empty()) return "[]";
  std::string text = "[\n";
  for (const std::string& element : elements) text += fmt::format("  {},\n", write_string(element));
  return text + "]";
}

/// Where a position stands in the text: lines end in a line feed, columns count characters of UTF-8, both from 1.
std::size_t find_offset(std::string_view text, toml::source_position position) {
  std::size_t offset = 0;
  for (toml::source_index line = 1; line < position.line; ++line) {
    const auto end = text.find('\n', offset);
    if (end == std::string_view::npos) return text.size();
    offset = end + 1;
  }
  for (toml::source_index column = 1; column < position.column && offset < text.size(); ++column) {
    ++offset;
    while (offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0U) == 0x80U) ++offset;
  }
  return offset;
}

std::string replace_node(std::string text, const toml::node& node, std::string_view written) {
  const std::size_t begin = find_offset(text, node.source().begin);
  const std::size_t end = find_offset(text, node.source().end);
  return text.replace(begin, end - begin, written);
}

/// `[offset, end)` of an element, the comma behind it and the rest of its line's comment; the line too, where nothing
/// else stands in it.
std::pair<std::size_t, std::size_t> find_element_span(std::string_view text, const toml::node& element) {
  std::size_t begin = find_offset(text, element.source().begin);
  std::size_t end = text.find_first_not_of(" \t", find_offset(text, element.source().end));
  if (end < text.size() && text[end] == ',') end = text.find_first_not_of(" \t", end + 1);
  if (end < text.size() && text[end] == '#') end = text.find('\n', end);
  const std::size_t before = text.find_last_not_of(" \t", begin - 1);
  if (text[before] == '\n' && text[end] == '\n') return {before + 1, end + 1};
  return {begin, end};
}

/// Whether a comma stands between the last element and the bracket, comments aside.
bool has_last_comma(std::string_view rest) {
  while (!rest.empty()) {
    const std::size_t mark = rest.find_first_of(",#");
    if (mark == std::string_view::npos) return false;
    if (rest[mark] == ',') return true;
    rest.remove_prefix(std::min(rest.find('\n', mark), rest.size()));
  }
  return false;
}

/// The elements at the end of an array that stands over several lines.
std::string append_elements(std::string text, const toml::array& array, const std::vector<std::string>& elements) {
  std::size_t bracket = find_offset(text, array.source().end) - 1;
  if (!array.empty()) {
    const std::size_t last = find_offset(text, array.back().source().end);
    if (!has_last_comma(std::string_view(text).substr(last, bracket - last))) {
      text.insert(last, ",");
      ++bracket;
    }
  }
  const std::size_t blank = text.find_last_not_of(" \t", bracket - 1);
  const bool stands_alone = text[blank] == '\n';
  std::string lines = stands_alone ? "" : "\n";
  for (const std::string& element : elements) lines += fmt::format("  {},\n", write_string(element));
  return text.insert(stands_alone ? blank + 1 : bracket, lines);
}

bool has_element(const toml::array& array, std::string_view element) {
  return std::ranges::any_of(array,
                             [&](const toml::node& node) { return node.value_or(std::string_view()) == element; });
}

/// An array that says `elements`, in whatever order those that it had stand. `find` finds it in a parsed text.
template <class Find>
std::string edit_array(std::string text, const toml::array& array, const std::vector<std::string>& elements,
                       Find find) {
  if (array.source().begin.line == array.source().end.line) return replace_node(text, array, write_list(elements));
  for (auto node = array.end(); node != array.begin();) {
    --node;
    if (std::ranges::find(elements, node->value_or(std::string())) != elements.end()) continue;
    const auto [begin, end] = find_element_span(text, *node);
    text.erase(begin, end - begin);
  }
  std::vector<std::string> added;
  std::ranges::copy_if(elements, std::back_inserter(added),
                       [&](const std::string& element) { return !has_element(array, element); });
  if (added.empty()) return text;
  const toml::table root = toml::parse(text);
  return append_elements(std::move(text), *find(root), added);
}

std::string insert_line_after(std::string text, toml::source_index line, std::string_view written) {
  const std::size_t offset = find_offset(text, {line + 1, 1});
  const bool ends_bare = offset == text.size() && !text.empty() && text.back() != '\n';
  return text.insert(offset, fmt::format("{}{}\n", ends_bare ? "\n" : "", written));
}

std::string append(std::string text, std::string_view written) {
  if (!text.empty() && text.back() != '\n') text += '\n';
  return text.append("\n").append(written);
}

/// The new text, if it says what was wanted; a file may be written in ways that leave no room for a line.
template <class SaysSo>
Edited check(std::string text, std::string_view wanted, SaysSo says_so) {
  try {
    if (says_so(toml::parse(text))) return text;
  } catch (const toml::parse_error&) {  // NOLINT(bugprone-empty-catch): answered below, as another reading is
  }
  return std::unexpected(fmt::format("has a form that cannot be added to; write this yourself:\n{}", wanted));
}

const toml::table* find_scope(const toml::table& root, std::string_view name) {
  const toml::array* scopes = root["scope"].as_array();
  if (scopes == nullptr) return nullptr;
  const auto found = std::ranges::find_if(*scopes, [&](const toml::node& node) {
    const toml::table* scope = node.as_table();
    return scope != nullptr && (*scope)["name"].value_or(std::string_view()) == name;
  });
  return found == scopes->end() ? nullptr : found->as_table();
}

const toml::array* find_operations(const toml::table& root, std::string_view scope) {
  const toml::table* table = find_scope(root, scope);
  return table == nullptr ? nullptr : (*table)["operations"].as_array();
}

bool says(const toml::array* list, const std::vector<std::string>& elements) {
  if (list == nullptr) return elements.empty();
  return list->size() == elements.size() &&
         std::ranges::all_of(elements, [&](const std::string& element) { return has_element(*list, element); });
}

}  // namespace

Edited set_api_key(const std::string& text, std::string_view name, std::string_view value) {
  const std::string line = fmt::format("{} = {}", name, write_string(value));
  const std::string whole = fmt::format("[api]\n{}\n", line);
  const toml::table root = toml::parse(text);
  const toml::table* api = root["api"].as_table();
  std::string edited;
  if (api == nullptr) {
    edited = append(text, whole);
  } else if (const toml::node* node = api->get(name)) {
    edited = replace_node(text, *node, write_string(value));
  } else {
    edited = insert_line_after(text, api->source().begin.line, line);
  }
  return check(std::move(edited), whole,
               [&](const toml::table& read) { return read["api"][name].value_or(std::string_view()) == value; });
}

Edited set_api_list(const std::string& text, std::string_view name, const std::vector<std::string>& elements) {
  const std::string line = fmt::format("{} = {}", name, write_list(elements));
  const std::string whole = fmt::format("[api]\n{}\n", line);
  const auto find = [&](const toml::table& root) { return root["api"][name].as_array(); };
  const toml::table root = toml::parse(text);
  const toml::table* api = root["api"].as_table();
  std::string edited;
  if (api == nullptr) {
    edited = append(text, whole);
  } else if (const toml::array* array = find(root)) {
    edited = edit_array(text, *array, elements, find);
  } else {
    edited = insert_line_after(text, api->source().begin.line, line);
  }
  return check(std::move(edited), whole, [&](const toml::table& read) { return says(find(read), elements); });
}

Edited set_scope_operations(const std::string& text, std::string_view scope,
                            const std::vector<std::string>& operations) {
  const std::string line = fmt::format("operations = {}", write_list(operations));
  const std::string whole = fmt::format("[[scope]]\nname = {}\n{}\n", write_string(scope), line);
  const toml::table root = toml::parse(text);
  const toml::table* table = find_scope(root, scope);
  if (table == nullptr) return std::unexpected(fmt::format("has no [[scope]] named {}", write_string(scope)));
  const auto find = [&](const toml::table& read) { return find_operations(read, scope); };
  const toml::array* before = find(root);
  std::string edited = before != nullptr ? edit_array(text, *before, operations, find)
                                         : insert_line_after(text, table->get("name")->source().end.line, line);
  return check(std::move(edited), whole, [&](const toml::table& read) { return says(find(read), operations); });
}

Edited add_scope(const std::string& text, const ScopeConfiguration& scope) {
  std::string written = fmt::format("[[scope]]\nname = {}\n", write_string(scope.name));
  if (!scope.description.empty()) written += fmt::format("description = {}\n", write_string(scope.description));
  if (scope.operations) written += fmt::format("operations = {}\n", write_list(*scope.operations));
  return check(append(text, written), written, [&](const toml::table& read) {
    return says(find_operations(read, scope.name), scope.operations.value_or(std::vector<std::string>()));
  });
}

}  // namespace chatelaine::app
