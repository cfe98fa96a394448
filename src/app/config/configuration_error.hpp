#pragma once

#include <stdexcept>

namespace chatelaine::app {

/// What the configuration names cannot be used: a file that is not there, a key that is none. Ends a command with the
/// sentence and exit code 2, as a fault in the file itself does.
class ConfigurationError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace chatelaine::app
