#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/settings.hpp"
#include "net/request.hpp"
#include "net/response.hpp"
#include "oauth/tokens/access_token.hpp"

namespace chatelaine::gateway {

/// The headers of one forwarded request, with the values that it owns. The rest are views of the request.
class ForwardedHeaders {
 public:
  /// What may pass of the request's own headers: no Authorization, cookies of ours, hop-by-hop or framing headers, no
  /// spelling of Chatelaine-* or of what proxies say of the client, nothing that makes an API read another method or
  /// path than the one that was judged.
  ForwardedHeaders(const net::Request& request, const GatewaySettings& settings);
  ForwardedHeaders(const ForwardedHeaders&) = delete;
  ForwardedHeaders& operator=(const ForwardedHeaders&) = delete;

  /// Chatelaine-Subject, -Client, -Scope, -Grant (where there is one) and -Assertion. In the first four, bytes outside
  /// %x21-7E (in the scope: and the blanks between) and `%` are percent-encoded; the assertion has them as they are.
  void add_identity(const oauth::AccessToken& token, std::string assertion);

  [[nodiscard]] std::vector<net::HeaderView> take() { return std::move(headers_); }

 private:
  void add(std::string_view name, std::string value);
  void add_passed(const net::Request& request, const GatewaySettings& settings);

  std::deque<std::string> owned_;
  std::vector<net::HeaderView> headers_;
};

/// Drops upstream `Set-Cookie`s of our names: an API must not end or forge a session of ours.
void remove_own_cookies(net::Response& response, const std::vector<std::string>& own_names);

/// THREATS N11: no shared cache may give one user's answer to another.
void forbid_shared_caching(net::Response& response);

}  // namespace chatelaine::gateway
