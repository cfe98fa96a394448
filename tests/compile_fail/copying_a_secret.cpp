// expect: use of deleted function
// layers: base
#include "base/secret.hpp"

void copy(const chatelaine::Secret<struct PasswordTag>& secret) {
  chatelaine::Secret<struct PasswordTag> other = secret;  // wrong
  static_cast<void>(secret);
}
