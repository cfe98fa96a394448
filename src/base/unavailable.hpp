#pragma once

#include <stdexcept>

namespace chatelaine {

/// A fault that says "not now": a full queue, a full disk. Answered 503 with Retry-After instead of 500.
class Unavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace chatelaine
