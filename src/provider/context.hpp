#pragma once

#include "provider/provider.hpp"

namespace chatelaine::provider {

/// What every endpoint works with. Immutable; what it refers to is thread-safe.
struct Context {
  const Live<ProviderSettings>& live_settings;
  storage::Storage& storage;
  accounts::Accounts& accounts;
  tokens::KeyRing& keys;
  tokens::Verifier& verifier;
  const pages::Renderer& renderer;
  const pages::Csrf& csrf;
  const Clock& clock;
  Randomness& randomness;
  IdSequence& ids;
  Log& log;
  ProviderPaths paths;

  [[nodiscard]] const ProviderSettings& settings() const { return live_settings.get(); }
};

}  // namespace chatelaine::provider
