// expect: could not convert|cannot convert|no known conversion
// layers: base crypto oauth
#include "oauth/vocabulary.hpp"

using namespace chatelaine::oauth;

void revoke(GrantId);

void wrong_row(UserId user, GrantId grant) {
  revoke(user);  // wrong
  revoke(grant);
  static_cast<void>(user);
}
