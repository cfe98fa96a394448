#include "storage/users.hpp"

#include <utility>

namespace chatelaine::storage {

std::string_view to_string(Role role) {
  switch (role) {
    case Role::user:
      return "user";
    case Role::developer:
      return "developer";
    case Role::administrator:
      return "administrator";
  }
  std::unreachable();
}

std::optional<Role> parse_role(std::string_view text) {
  for (const Role role : {Role::user, Role::developer, Role::administrator}) {
    if (text == to_string(role)) return role;
  }
  return std::nullopt;
}

}  // namespace chatelaine::storage
