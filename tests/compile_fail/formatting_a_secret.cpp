// expect: Cannot format an argument|formattable
// layers: base
#include <fmt/format.h>

#include <string>

#include "base/secret.hpp"

std::string show(const chatelaine::Secret<struct PasswordTag>& secret) {
  return fmt::format("{}", secret);  // wrong
  static_cast<void>(secret);
  return {};
}
