#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "provider/context.hpp"

/// How a browser carries with it, through our own pages, since when its person has been asked for what an authorization
/// request demands (OpenID Connect Core §3.1.2.3): as the last parameter of the request's query, authenticated by us
/// for this browser. Nothing is stored, and no other browser's moment counts.
namespace chatelaine::provider::endpoints {

/// A query, and what stood behind it.
struct CarriedQuery {
  std::string_view query;
  std::string_view asked;
};
/// Parts what add_asked put together; `asked` is empty where there is nothing of the kind.
[[nodiscard]] CarriedQuery split_asked(std::string_view query);

/// `query` (as CheckedRequest has it) with the moment behind it. `browser`: accounts::Browser::binding.
[[nodiscard]] std::string add_asked(const Context& context, std::string_view query, Instant asked_at,
                                    std::string_view browser);

/// The moment, if it is ours, for this query and this browser, and not more than a quarter of an hour ago.
[[nodiscard]] std::optional<Instant> read_asked(const Context& context, std::string_view query, std::string_view asked,
                                                std::string_view browser);

}  // namespace chatelaine::provider::endpoints
