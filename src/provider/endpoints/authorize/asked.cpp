#include "provider/endpoints/authorize/asked.hpp"

#include <charconv>

#include "base/base64url.hpp"
#include "base/secret.hpp"
#include "crypto/digest.hpp"

namespace chatelaine::provider::endpoints {
namespace {

constexpr std::string_view kParameter = "&asked_at=";
/// A person signs in meanwhile, and perhaps looks for the password.
constexpr milliseconds kLifetime{std::chrono::minutes{15}};

std::string mint(const Context& context, std::string_view query, std::string_view moment, std::string_view browser) {
  const auto purpose = "asked at " + std::string(moment) + " for " + base64url_encode(crypto::sha256(query).view());
  return context.csrf.mint_token(purpose, browser);
}

}  // namespace

CarriedQuery split_asked(std::string_view query) {
  const auto at = query.rfind(kParameter);
  if (at == std::string_view::npos || query.find('&', at + 1) != std::string_view::npos) return {query, {}};
  return {query.substr(0, at), query.substr(at + kParameter.size())};
}

std::string add_asked(const Context& context, std::string_view query, Instant asked_at, std::string_view browser) {
  const auto moment = std::to_string(asked_at.time_since_epoch().count());
  return std::string(query) + std::string(kParameter) + moment + "." + mint(context, query, moment, browser);
}

std::optional<Instant> read_asked(const Context& context, std::string_view query, std::string_view asked,
                                  std::string_view browser) {
  const auto dot = std::min(asked.find('.'), asked.size());
  const auto moment = asked.substr(0, dot);
  if (browser.empty() || dot == asked.size() ||
      !equal_in_constant_time(asked.substr(dot + 1), mint(context, query, moment, browser))) {
    return std::nullopt;
  }
  std::int64_t count = 0;
  std::from_chars(moment.data(), moment.data() + moment.size(), count);
  const Instant asked_at{milliseconds(count)};
  // One of the future comes of a clock that was set back: no sign-in would ever be as late.
  const auto now = context.clock.now();
  if (asked_at > now || now - asked_at > kLifetime) return std::nullopt;
  return asked_at;
}

}  // namespace chatelaine::provider::endpoints
