#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "oauth/scope.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// An API that tokens can be for, as the operator declares it (`[[resource]]`).
struct ProtectedResource {
  /// What tokens for it are marked with: their `aud`.
  Resource identifier;
  /// Other spellings of it that clients may ask by.
  std::vector<Resource> aliases;
  /// What the consent page calls it; empty: its identifier.
  std::string name;
  /// The scopes that mean something there; nothing: all of them.
  std::optional<Scope> scopes;
  /// Nothing: the server's own choice (`[tokens] access_format`, `access_lifetime`).
  std::optional<AccessTokenFormat> access_token_format;
  std::optional<milliseconds> access_token_lifetime;

  /// Whether that is its identifier or an alias. A slash at the end does not count: URLs come with it and without.
  [[nodiscard]] bool is_called(std::string_view spelling) const;
  /// Every spelling that a token's `aud` may name it by: these and their other forms, with or without the slash.
  [[nodiscard]] std::vector<Resource> spellings() const;
  /// The part of a scope that means something there; the identity scopes of OpenID Connect do everywhere.
  [[nodiscard]] Scope understood(const Scope& scope) const;
};

/// Every resource that tokens can be for: at least the default, which is the API behind the gateway.
class ProtectedResources {
 public:
  ProtectedResources() = default;
  explicit ProtectedResources(ProtectedResource own, std::vector<ProtectedResource> others = {});

  /// The one that a request means which names none.
  [[nodiscard]] const ProtectedResource& own() const { return all_.front(); }
  /// The default first.
  [[nodiscard]] const std::vector<ProtectedResource>& all() const { return all_; }
  /// By its identifier or an alias; null where there is none.
  [[nodiscard]] const ProtectedResource* find(std::string_view spelling) const;

 private:
  std::vector<ProtectedResource> all_{1};
};

}  // namespace chatelaine::oauth
