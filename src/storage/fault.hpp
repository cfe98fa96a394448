#pragma once

#include "base/unavailable.hpp"

namespace chatelaine::storage {

/// The backend could not do its work. Nothing that the failed verb would have changed is visible. Where the disk would
/// not sync, it may hold the change all the same: if the machine stops before the next write, the change may be there
/// after its restart, as with every answer that did not arrive.
class StorageFault : public Unavailable {
 public:
  using Unavailable::Unavailable;
};

}  // namespace chatelaine::storage
