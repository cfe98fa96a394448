#pragma once

#include <string>
#include <vector>

#include "openapi/reference.hpp"

namespace chatelaine::openapi {

/// The scopes that a token must carry for an operation, sorted, each once; empty unless the demand is `scopes`.
struct Security {
  Demand demand = Demand::unsaid;
  std::vector<std::string> scopes;
};

/// Reads security requirements (OpenAPI 3.1 §4.8.30) into what a token must carry.
class SecurityReader {
 public:
  SecurityReader(const json::object& root, const References& references, Budget& budget)
      : root_(root), references_(references), budget_(budget) {}

  /// The scopes of the first alternative that names an oauth2 or openIdConnect scheme; none where another alternative
  /// asks for nothing at all. The operation's own `security` replaces the document's, an empty list included; an empty
  /// list of the whole document's says nothing, since generators write it without being asked.
  [[nodiscard]] Security read_security(const json::object& operation, const std::string& pointer) const;

  /// What the file's oauth2 flows declare. What cannot be read is left out: it only describes.
  [[nodiscard]] std::vector<DeclaredScope> read_declared_scopes() const;

 private:
  [[nodiscard]] const json::object* find_schemes() const;
  [[nodiscard]] bool is_about_scopes(std::string_view scheme, const json::value& list) const;
  [[nodiscard]] bool declares_scopes(std::string_view scheme) const;

  const json::object& root_;
  const References& references_;
  Budget& budget_;
};

}  // namespace chatelaine::openapi
