#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "net/request.hpp"

namespace chatelaine::gateway {

/// Why an Authorization header cannot be read; a sentence for the client's author.
struct MalformedAuthorization {
  std::string_view description;
};

/// The bearer token of a request (RFC 6750 §2.1). Nothing where there is none, or credentials of another scheme.
/// A token in the query or the body is not looked for (RFC 6750 §2.3, RFC 9700 §4.3.2).
[[nodiscard]] std::expected<std::optional<std::string_view>, MalformedAuthorization> find_bearer_token(
    const net::Request& request);

/// Of a request in which no bearer token was found: where its author may have put one instead, as a sentence. Empty
/// where it has none at all.
[[nodiscard]] std::string_view find_misplaced_token(const net::Request& request);

}  // namespace chatelaine::gateway
