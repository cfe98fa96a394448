#pragma once

#include <memory>

#include "base/id.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "crypto/sealing.hpp"
#include "host/document_cache.hpp"
#include "host/settings.hpp"
#include "net/fetch.hpp"
#include "storage/storage.hpp"

namespace chatelaine::host {

/// What the host's verbs work with: `chatelaine host` and the `plugin` commands each make one. Everything outlives it;
/// the verbs may be awaited on any executor, from any number of threads.
struct HostContext {
  HostSettings settings;
  storage::Storage& storage;
  net::Fetcher& fetcher;
  const crypto::Sealer& sealer;
  const Clock& clock;
  Randomness& randomness;
  IdSequence& ids;
  Log& log;
  std::shared_ptr<DocumentCache> documents = std::make_shared<DocumentCache>();
};

}  // namespace chatelaine::host
