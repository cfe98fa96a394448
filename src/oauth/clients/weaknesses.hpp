#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "oauth/clients/client.hpp"

/// What an operator should know of a client before something happens.
namespace chatelaine::oauth {

enum class WeaknessKind : std::uint8_t {
  /// Nothing but the client's proof of itself binds a code to it.
  optional_pkce,
  /// An exchange need not show where the code was sent.
  left_out_redirect_uri,
  /// A code travels readable to a redirect URI; those on loopback count too.
  plain_redirect_uri,
};

struct Weakness {
  WeaknessKind kind{};
  /// For people, without a full stop: `PKCE is optional: a stolen code needs no verifier`.
  std::string sentence;

  friend bool operator==(const Weakness&, const Weakness&) = default;
};

/// What makes the client easier to attack than it need be, in the order of the kinds; each redirect URI by itself. What
/// the client is allowed and cannot use as it stands is none.
[[nodiscard]] std::vector<Weakness> find_weaknesses(const Client& client);

}  // namespace chatelaine::oauth
