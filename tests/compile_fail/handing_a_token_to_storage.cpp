// expect: could not convert|cannot convert|no known conversion|invalid initialization
// layers: base crypto oauth storage
#include "storage/access_tokens.hpp"

using namespace chatelaine;

void keep(oauth::OpaqueAccessToken& row, const oauth::AccessTokenSecret& token) {
  row.secret_hash = token;  // wrong
  static_cast<void>(row), static_cast<void>(token);
}
