#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace chatelaine::app {

/// Rows of text in aligned columns, for people; values are escaped, so that none can break a row.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> header);
  void add(std::vector<std::string> row);
  /// The header alone where there is no row.
  void print(std::ostream& out) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace chatelaine::app
