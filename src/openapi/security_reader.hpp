#pragma once

#include <string>
#include <vector>

#include "openapi/reference.hpp"

namespace chatelaine::openapi {

/// Reads security requirements (OpenAPI 3.1 §4.8.30) into the scopes that a token must carry.
class SecurityReader {
 public:
  SecurityReader(const json::object& root, const References& references, Budget& budget)
      : root_(root), references_(references), budget_(budget) {}

  /// The scopes of the first alternative that names an oauth2 or openIdConnect scheme; none where another alternative
  /// asks for nothing at all. The operation's own `security` replaces the document's, an empty list included.
  [[nodiscard]] std::vector<std::string> read_scopes(const json::object& operation, const std::string& pointer) const;

 private:
  [[nodiscard]] bool is_about_scopes(std::string_view scheme) const;

  const json::object& root_;
  const References& references_;
  Budget& budget_;
};

}  // namespace chatelaine::openapi
