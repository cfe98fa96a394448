// expect: no match for .operator<<.
// layers: base
#include <iostream>

#include "base/secret.hpp"

void show(const chatelaine::Secret<struct PasswordTag>& secret) {
  std::cout << secret;  // wrong
  static_cast<void>(secret);
}
