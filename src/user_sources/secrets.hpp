#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "crypto/digest.hpp"
#include "relying_party/token_exchange.hpp"

namespace chatelaine::user_sources {

/// What one sign-in sends and must find again, made of its `state` and a key of ours: storage keeps nothing but the
/// state's hash, and who has seen the state (the source has) can make neither.
[[nodiscard]] std::string derive_nonce(const SecretBytes& key, std::string_view state);
[[nodiscard]] relying_party::CodeVerifier derive_code_verifier(const SecretBytes& key, std::string_view state);

/// Where somebody is (limits::find_subscriber), as storage may keep it: who has the database alone learns no address.
[[nodiscard]] crypto::Sha256 hide_subscriber(const SecretBytes& key, const crypto::Sha256& subscriber);

}  // namespace chatelaine::user_sources
