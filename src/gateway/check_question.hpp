#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

#include "net/request.hpp"

namespace chatelaine::gateway {

/// How a proxy says which call it asks about.
enum class Dialect : std::uint8_t {
  /// X-Original-Method and X-Original-URI: nginx, as examples/forward-auth has it say.
  original_headers,
  /// X-Forwarded-Method and X-Forwarded-Uri: Traefik and Caddy.
  forwarded_headers,
  /// The question's own method, and what follows the check's path: Envoy, with `path_prefix`.
  path_below,
};

/// The call that is asked about, in the question's own memory.
struct Question {
  Dialect dialect = Dialect::original_headers;
  std::string_view method;
  /// Still percent-encoded.
  std::string_view path;
  std::string_view query;
};

/// Reads a question that came to `check_path` or below it. The error is a sentence for whoever configures the proxy:
/// the two headers of a pair must be there once each, and nothing that names a call in another way, since one of the
/// two would be what the caller said himself. The URI may be absolute; its host does not count.
[[nodiscard]] std::expected<Question, std::string_view> read_question(const net::Request& request,
                                                                      std::string_view check_path);

}  // namespace chatelaine::gateway
