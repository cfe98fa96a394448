#pragma once

#include <memory>
#include <string>

#include "gateway/assertion.hpp"

namespace chatelaine::gateway {

/// How long what was made for one call is used again for calls with the same token.
inline constexpr seconds kIdentityReuse{30};

/// What an API is told of the caller: the values of Chatelaine-Subject, -Client, -Scope, -Grant (empty: there is none)
/// and -Assertion. In the first four, bytes outside %x21-7E (in the scope: and the blanks between) and `%` are
/// percent-encoded; the assertion has them as they are.
struct Identity {
  std::string subject;
  std::string client;
  std::string scope;
  std::string grant;
  std::string assertion;
};
[[nodiscard]] Identity make_identity(const oauth::AccessToken& token, std::string assertion);

/// Calls `add(name, value)` for each header that tells an API who is calling.
template <class Add>
void for_each_header(const Identity& identity, Add add) {
  add("Chatelaine-Subject", identity.subject);
  add("Chatelaine-Client", identity.client);
  add("Chatelaine-Scope", identity.scope);
  if (!identity.grant.empty()) add("Chatelaine-Grant", identity.grant);
  add("Chatelaine-Assertion", identity.assertion);
}

/// Keeps identities by token, and by what of its scope counts here, for kIdentityReuse, so that not every call costs a
/// signature. Bounded; thread-safe.
class IdentityCache {
 public:
  explicit IdentityCache(std::size_t capacity = 10'000);
  ~IdentityCache();

  /// Null where there is none that is fresh enough.
  [[nodiscard]] std::shared_ptr<const Identity> find(const oauth::AccessToken& token, Instant now) const;
  void keep(const oauth::AccessToken& token, std::shared_ptr<const Identity> identity, Instant now);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chatelaine::gateway
