#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "openapi/budget.hpp"
#include "openapi/description.hpp"

namespace chatelaine::openapi {

/// Follows `$ref`s inside one document (RFC 6901 pointers after a `#`).
class References {
 public:
  References(const json::value& root, Budget& budget) : root_(root), budget_(budget) {}

  /// `value` itself, or the object that its `$ref` names, however many steps away. Null where that is no object, lies
  /// outside the file, or comes back to itself; then there is a fault at `path`.
  [[nodiscard]] const json::object* follow(const json::value& value, const std::string& path) const;
  /// The same without faults: for what we can do without, such as schemas.
  [[nodiscard]] const json::object* follow_if_possible(const json::value& value) const;
  /// What one `$ref` names, and the pointer to it; a null value for none.
  struct Target {
    const json::value* value = nullptr;
    std::string pointer;
  };
  [[nodiscard]] Target find_target(std::string_view reference) const;

 private:
  [[nodiscard]] std::expected<const json::object*, Fault> resolve(const json::value& value) const;

  const json::value& root_;
  Budget& budget_;
};

/// RFC 6901 §3: `~` and `/` of one name escaped.
[[nodiscard]] std::string escape_pointer(std::string_view name);

}  // namespace chatelaine::openapi
