#include "accounts/known_browser.hpp"

#include "base/ascii.hpp"
#include "base/base64url.hpp"

namespace chatelaine::accounts {
namespace {

constexpr std::size_t kNonceBytes = 16;
// How long a browser keeps the cookie; browsers shorten more than 400 days.
constexpr seconds kLifetime{std::chrono::days{180}};

// No part but the last holds a NUL, so that no two triples make the same message.
std::string make_tag(const Context& context, const storage::User& user, std::string_view nonce) {
  std::string message = format_id(user.id.value);
  message += '\0';
  message += user.password_hash ? user.password_hash->value() : std::string();
  message += '\0';
  message += nonce;
  return base64url_encode(crypto::hmac_sha256(context.settings.known_browser_key.reveal(), message).view());
}

// The nonce of the request's cookie, where the rest of it is right for the user.
std::optional<std::string> find_known_browser(const Context& context, const net::Request& request,
                                              const storage::User& user) {
  const auto cookie = request.cookie(context.known_browser_cookie);
  if (!cookie || context.settings.known_browser_key.empty()) return std::nullopt;
  const auto dot = std::min(cookie->find('.'), cookie->size());
  auto nonce = base64url_decode(cookie->substr(0, dot));
  if (!nonce || nonce->size() != kNonceBytes) return std::nullopt;
  const std::string_view tag = cookie->substr(std::min(dot + 1, cookie->size()));
  if (!equal_in_constant_time(tag, make_tag(context, user, *nonce))) return std::nullopt;
  return nonce;
}

}  // namespace

void add_known_browser(const Context& context, const storage::User& user, net::Response& response) {
  if (context.settings.known_browser_key.empty()) return;
  const std::string nonce = context.randomness.bytes(kNonceBytes);
  const std::string value = base64url_encode(nonce) + "." + make_tag(context, user, nonce);
  response.add_header("Set-Cookie", net::make_set_cookie(context.settings.cookie_security, context.known_browser_cookie,
                                                         value, kLifetime));
}

limits::Throttle::Attempt make_attempt(const Context& context, const net::Request& request, std::string_view email,
                                       const storage::User* user) {
  // Somebody who does not exist has the same amount of work done for them (THREATS §1).
  const storage::User nobody;
  const auto browser = find_known_browser(context, request, user != nullptr ? *user : nobody);
  if (browser && user != nullptr) return {crypto::sha256("browser " + *browser), std::nullopt};
  return {crypto::sha256("account " + to_lower(email)), limits::find_subscriber(request.remote_address)};
}

}  // namespace chatelaine::accounts
