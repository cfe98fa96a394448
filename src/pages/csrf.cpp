#include "pages/csrf.hpp"

#include "base/base64url.hpp"
#include "crypto/digest.hpp"

namespace chatelaine::pages {
namespace {

// Requests from our own page are same-origin; a browser that sends neither header is judged by the token alone.
bool comes_from(const net::Request& request, std::string_view own_origin) {
  const auto origin = request.header("Origin");
  if (origin && *origin != own_origin) return false;
  const auto site = request.header("Sec-Fetch-Site");
  return !site || *site == "same-origin";
}

}  // namespace

Csrf::Csrf(SecretBytes key, std::string own_origin) : key_(std::move(key)), own_origin_(std::move(own_origin)) {}

std::string Csrf::mint_token(std::string_view purpose, std::string_view binding) const {
  // The purpose is ours and holds no NUL, so that no two pairs make the same message.
  std::string message(purpose);
  message += '\0';
  message += binding;
  return base64url_encode(crypto::hmac_sha256(key_.reveal(), message).view());
}

bool Csrf::is_own_form(const net::Request& request, std::string_view token, std::string_view purpose,
                       std::string_view binding) const {
  if (binding.empty() || !comes_from(request, own_origin_)) return false;
  return equal_in_constant_time(token, mint_token(purpose, binding));
}

}  // namespace chatelaine::pages
