// expect: could not convert|no matching function|cannot convert
// layers: base
#include "base/log.hpp"
#include "base/secret.hpp"

void write(chatelaine::Log& log, const chatelaine::Secret<struct TokenTag>& token) {
  log.info("A token was seen", {{"token", token}});  // wrong
  static_cast<void>(log), static_cast<void>(token);
}
