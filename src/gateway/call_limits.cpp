#include "gateway/call_limits.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/refusal.hpp"

namespace chatelaine::gateway {
namespace {

/// Whole seconds, rounded up: who comes back then is let in.
std::string in_seconds(milliseconds duration) { return std::to_string(std::chrono::ceil<seconds>(duration).count()); }

/// The kind stands before the name, so that a client called as a user is not that user.
limits::RateClaim claim(std::string_view kind, std::string_view name, const limits::Rate& rate) {
  return {crypto::sha256(fmt::format("{} {}", kind, name)), rate};
}

}  // namespace

std::vector<limits::RateClaim> list_claims(const CallLimits& limits, const oauth::AccessToken& token,
                                           const std::string& operation) {
  std::vector<limits::RateClaim> claims;
  if (limits.per_client) claims.push_back(claim("client", token.client_id.value(), *limits.per_client));
  if (limits.per_user) claims.push_back(claim("user", token.subject.value(), *limits.per_user));
  if (limits.per_grant) {
    const std::string grant = token.grant_id ? std::to_string(token.grant_id->value) : token.client_id.value();
    claims.push_back(claim(token.grant_id ? "grant" : "client's own", grant, *limits.per_grant));
  }
  if (const auto found = limits.per_operation.find(operation); found != limits.per_operation.end())
    claims.push_back(claim("operation", operation, found->second));
  return claims;
}

void add_rate_limit(net::Response& response, const limits::BucketState& state) {
  const auto is_limit = [](const net::Header& header) {
    return net::equals_ignoring_case(header.name, "RateLimit-Limit");
  };
  if (std::ranges::any_of(response.headers, is_limit)) return;
  response.add_header("RateLimit-Limit", std::to_string(state.rate.count));
  response.add_header("RateLimit-Remaining", std::to_string(state.remaining));
  response.add_header("RateLimit-Reset", in_seconds(state.reset));
}

net::Response refuse_rate(const limits::Admission& refused) {
  net::Response response =
      refuse_too_often(fmt::format("At most {} calls in {} are allowed here; wait as long as Retry-After says.",
                                   refused.tightest.rate.count, format_duration(refused.tightest.rate.window)));
  response.add_header("Retry-After", in_seconds(refused.wait.value_or(milliseconds{})));
  add_rate_limit(response, refused.tightest);
  return response;
}

}  // namespace chatelaine::gateway
