#include "app/config/nearest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "app/config/schema.hpp"

namespace chatelaine::app {
namespace {

/// How many letters must be put in, left out or changed to get from one word to the other (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

std::string write_place(const Key& key) {
  return key.table.empty() ? fmt::format("\"{}\" above all tables", key.name)
                           : fmt::format("\"{}\" in [{}]", key.name, key.table);
}

/// The names that can stand in a table, or at the top.
std::string list_expected(std::string_view table) {
  std::vector<std::string> names;
  for (const Key& key : configuration_keys())
    if (key.table == table) names.emplace_back(key.name);
  if (table.empty())
    for (const Table& known : configuration_tables())
      names.push_back(known.shape == Table::Shape::repeated ? fmt::format("[[{}]]", known.name)
                                                            : fmt::format("[{}]", known.name));
  return fmt::format("; expected one of: {}", fmt::join(names, ", "));
}

/// How far a slip may be from what was meant.
std::size_t largest_slip(std::string_view written) { return written.size() < 5 ? 1 : 2; }

}  // namespace

bool is_slip(std::string_view written, std::string_view known) {
  return edit_distance(written, known) <= largest_slip(written);
}

std::string suggest_key(std::string_view table, std::string_view name) {
  const std::size_t most = largest_slip(name);
  const Key* nearest = nullptr;
  std::size_t nearest_distance = most + 1;
  for (const Key& key : configuration_keys()) {
    // Another table counts as half a slip: the same table wins where both fit.
    const std::size_t distance = edit_distance(name, key.name);
    const bool is_nearer =
        distance < nearest_distance || (distance == nearest_distance && nearest != nullptr && nearest->table != table &&
                                        key.table == table && distance <= most);
    if (!is_nearer || distance > most) continue;
    nearest = &key;
    nearest_distance = distance;
  }
  if (nearest != nullptr)
    return nearest->table == table ? fmt::format("; did you mean \"{}\"?", nearest->name)
                                   : fmt::format("; did you mean {}?", write_place(*nearest));
  if (!table.empty()) return list_expected(table);
  for (const Table& known : configuration_tables())
    if (is_slip(name, known.name))
      return fmt::format("; did you mean the table {}?", known.shape == Table::Shape::repeated
                                                             ? fmt::format("[[{}]]", known.name)
                                                             : fmt::format("[{}]", known.name));
  return list_expected(table);
}

}  // namespace chatelaine::app
