#pragma once

#include <cstdint>
#include <string_view>

#include "base/random.hpp"
#include "oauth/vocabulary.hpp"

/// What a client is given when it is registered, by whichever way.
namespace chatelaine::oauth {

/// A short, URL-safe id that one recognises in a log: `todo-helper-7k2vq9xmpd`.
[[nodiscard]] ClientId make_client_id(std::string_view name, Randomness& randomness);

/// A fresh secret, to be shown once; `id` is any fresh one.
[[nodiscard]] ClientSecret make_client_secret(std::int64_t id, Randomness& randomness);

}  // namespace chatelaine::oauth
