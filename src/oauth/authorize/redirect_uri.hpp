#pragma once

#include <cstdint>
#include <string_view>

#include "oauth/oauth_error.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// Whether a client may register this redirect URI (RFC 6749 §3.1.2, RFC 8252 §8.4): absolute and without fragment;
/// https, or http on loopback, or a private-use scheme with a dot in it (`com.example.app:/callback`); without
/// userinfo, white space, control characters or a `*` host. The error is invalid_request with a sentence for the
/// operator.
[[nodiscard]] Result<RedirectUri> check_redirect_uri_registration(std::string_view text);

/// Which hosts a native app listens on, on a port that it is given when it starts.
enum class LoopbackHosts : std::uint8_t {
  /// `127.0.0.1` and `[::1]`.
  addresses,
  /// `localhost` too.
  addresses_and_localhost
};

/// Whether a request's redirect URI is the registered one: equal byte for byte (RFC 9700 §2.1), or both on http and the
/// same loopback host and equal but for the port (RFC 8252 §7.3).
[[nodiscard]] bool is_registered_redirect_uri(std::string_view received, const RedirectUri& registered,
                                              LoopbackHosts hosts = LoopbackHosts::addresses);

}  // namespace chatelaine::oauth
