// expect: net/router.hpp: No such file or directory
// layers: base crypto oauth
#include "net/router.hpp"  // wrong
#include "oauth/scope.hpp"
