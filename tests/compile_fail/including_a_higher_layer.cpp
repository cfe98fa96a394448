// expect: net/router.hpp: No such file or directory
// layers: base crypto oauth
#include "oauth/scope.hpp"
#include "net/router.hpp"  // wrong
