#pragma once

#include "base/unavailable.hpp"

namespace chatelaine::storage {

/// The backend could not do its work. Nothing that the failed verb would have changed is visible.
class StorageFault : public Unavailable {
 public:
  using Unavailable::Unavailable;
};

}  // namespace chatelaine::storage
