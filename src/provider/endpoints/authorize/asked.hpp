#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "provider/context.hpp"

/// How a browser carries with it, through our own pages, since when a person has been asked for what an authorization
/// request demands (OpenID Connect Core §3.1.2.3): as the last parameter of the request's query, authenticated by us.
/// Nothing is stored, and nobody but us can say that a sign-in was asked for earlier than it was.
namespace chatelaine::provider::endpoints {

/// A query, and what stood behind it.
struct CarriedQuery {
  std::string_view query;
  std::string_view asked;
};
/// Parts what add_asked put together; `asked` is empty where there is nothing of the kind.
[[nodiscard]] CarriedQuery split_asked(std::string_view query);

/// `query` (as CheckedRequest has it) with the moment behind it.
[[nodiscard]] std::string add_asked(const Context& context, std::string_view query, Instant asked_at);

/// The moment, if it is ours, for this query, and not more than an hour ago.
[[nodiscard]] std::optional<Instant> read_asked(const Context& context, std::string_view query, std::string_view asked);

}  // namespace chatelaine::provider::endpoints
