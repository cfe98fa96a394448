#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "limits/token_buckets.hpp"
#include "net/response.hpp"
#include "oauth/tokens/access_token.hpp"

namespace chatelaine::gateway {

/// How often the API may be called (`[limits] calls_per_…`); nothing: as often as somebody likes.
struct CallLimits {
  std::optional<limits::Rate> per_client;
  std::optional<limits::Rate> per_user;
  /// A client that acts for itself has one grant, so to say.
  std::optional<limits::Rate> per_grant;
  /// By the operation's id.
  std::map<std::string, limits::Rate> per_operation;
};

/// The buckets that a call takes from. `operation`: an id, or what else the call is recorded by.
[[nodiscard]] std::vector<limits::RateClaim> list_claims(const CallLimits& limits, const oauth::AccessToken& token,
                                                         const std::string& operation);

/// How the tightest bucket stands, in RateLimit-Limit, -Remaining and -Reset (draft-ietf-httpapi-ratelimit-headers-06
/// §5), unless the API says so of its own.
void add_rate_limit(net::Response& response, const limits::BucketState& state);

/// 429 with Retry-After (RFC 6585 §4), in whole seconds.
[[nodiscard]] net::Response refuse_rate(const limits::Admission& refused);

}  // namespace chatelaine::gateway
