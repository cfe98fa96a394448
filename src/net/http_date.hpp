#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace chatelaine::net {

/// `Sun, 06 Nov 1994 08:49:37 GMT`: the one form that a server may write (RFC 9110 §5.6.7, IMF-fixdate).
[[nodiscard]] std::string write_http_date(Instant instant);

/// Reads that form. Nothing for any other text, the two obsolete forms among them.
[[nodiscard]] std::optional<Instant> parse_http_date(std::string_view text);

}  // namespace chatelaine::net
