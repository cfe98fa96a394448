// expect: could not convert|cannot convert|no known conversion|invalid initialization
// layers: base crypto oauth
#include "crypto/password_hash.hpp"
#include "oauth/clients/authentication.hpp"

using namespace chatelaine;

void authenticate(const crypto::Password& password) {
  oauth::hash_client_secret(password);  // wrong
  static_cast<void>(password);
}
