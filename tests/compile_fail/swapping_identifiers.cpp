// expect: could not convert|cannot convert|no known conversion
// layers: base crypto oauth
#include "oauth/vocabulary.hpp"

using namespace chatelaine::oauth;

void link(const ClientId&, const Subject&);

void swap(const ClientId& client, const Subject& subject) {
  link(subject, client);  // wrong
  link(client, subject);
}
