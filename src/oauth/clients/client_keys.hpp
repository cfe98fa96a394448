#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "oauth/oauth_error.hpp"

namespace chatelaine::oauth {

/// The public keys that a client registers (`jwks`, RFC 7591 §2), as text that storage keeps: of the set's members only
/// `keys`. Refuses a private or symmetric key, and a set without a key that we can verify with, in a sentence for the
/// client's author.
[[nodiscard]] Result<std::string> check_client_jwks(const boost::json::object& set);
/// The same of a file: at most 64 KiB.
[[nodiscard]] Result<std::string> check_client_jwks(std::string_view text);

/// Whether the keys may be looked for there (`jwks_uri`): https, or http on loopback for development, without user name
/// and fragment, at most 512 characters. Whether it is fetched, the fetch decides.
[[nodiscard]] Result<void> check_client_jwks_uri(std::string_view text);

}  // namespace chatelaine::oauth
