#pragma once

#include "provider/documents/documents.hpp"
#include "provider/provider.hpp"

namespace chatelaine::provider {

/// Who has tried or done too much of what; ProviderLimits says how much that is.
struct Throttles {
  limits::Throttle client_authentication;
  limits::Throttle pushed_requests;
  limits::Throttle registrations;
  limits::Throttle device_codes;
  limits::Throttle user_codes;
};

/// What every endpoint works with. Immutable; what it refers to is thread-safe.
struct Context {
  const Live<ProviderSettings>& live_settings;
  storage::Storage& storage;
  accounts::Accounts& accounts;
  tokens::KeyRing& keys;
  tokens::Verifier& verifier;
  const pages::Renderer& renderer;
  const pages::Csrf& csrf;
  Documents& documents;
  const Clock& clock;
  Randomness& randomness;
  IdSequence& ids;
  Log& log;
  ProviderPaths paths;
  std::unique_ptr<Throttles> throttles = std::make_unique<Throttles>();

  [[nodiscard]] const ProviderSettings& settings() const { return live_settings.get(); }
};

}  // namespace chatelaine::provider
