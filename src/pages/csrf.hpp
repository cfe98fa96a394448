#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "net/request.hpp"

namespace chatelaine::pages {

/// Binds a form to a browser (RFC 6749 §10.12): a token is HMAC(key, purpose ‖ binding), where the binding is the
/// secret of a cookie that only this browser has.
class Csrf {
 public:
  /// `own_origin`: as browsers send it in Origin, such as `https://example.com`.
  Csrf(SecretBytes key, std::string own_origin);

  [[nodiscard]] std::string mint_token(std::string_view purpose, std::string_view binding) const;
  /// The token must be right in constant time, and Origin (where sent) and Sec-Fetch-Site (where sent) must say that
  /// the form was ours.
  [[nodiscard]] bool is_own_form(const net::Request& request, std::string_view token, std::string_view purpose,
                                 std::string_view binding) const;

 private:
  SecretBytes key_;
  std::string own_origin_;
};

}  // namespace chatelaine::pages
