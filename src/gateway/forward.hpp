#pragma once

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/identity.hpp"
#include "gateway/settings.hpp"
#include "net/request.hpp"
#include "net/response.hpp"

namespace chatelaine::gateway {

/// The headers of one forwarded request: views of the request, of the settings, and of what it owns.
class ForwardedHeaders {
 public:
  /// What may pass of the request's own headers: no Authorization, cookies of ours, hop-by-hop or framing headers, no
  /// spelling of Chatelaine-* or of what proxies say of the client, nothing that makes an API read another method or
  /// path than the one that was judged.
  ForwardedHeaders(const net::Request& request, const GatewaySettings& settings);
  ForwardedHeaders(const ForwardedHeaders&) = delete;
  ForwardedHeaders& operator=(const ForwardedHeaders&) = delete;

  /// Chatelaine-Subject, -Client, -Scope, -Grant (where there is one) and -Assertion.
  void add_identity(std::shared_ptr<const Identity> identity);

  [[nodiscard]] std::vector<net::HeaderView> take() { return std::move(headers_); }

 private:
  void add_passed(const net::Request& request, const GatewaySettings& settings);

  /// Each stays where it is.
  std::list<std::string> cookies_;
  std::shared_ptr<const Identity> identity_;
  std::vector<net::HeaderView> headers_;
};

/// Drops upstream `Set-Cookie`s of our names: an API must not end or forge a session of ours.
void remove_own_cookies(net::Response& response, const std::vector<std::string>& own_names);

/// THREATS N11: no shared cache may give one user's answer to another.
void forbid_shared_caching(net::Response& response);

}  // namespace chatelaine::gateway
