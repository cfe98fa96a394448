// expect: use of deleted function
// layers: base
#include "base/secret.hpp"

bool compare(const chatelaine::SecretBytes& a, const chatelaine::SecretBytes& b) {
  return a == b;  // wrong
  return a.empty() && b.empty();
}
