#pragma once

#include <string>

#include "base/live.hpp"
#include "base/log.hpp"
#include "gateway/guard.hpp"
#include "gateway/settings.hpp"
#include "net/router.hpp"

namespace chatelaine::gateway {

/// Forward-auth: tells a proxy that stands in front of the API, call by call, what the Gateway would do with it. 200
/// lets the call through, with the headers that the proxy sets on it (Chatelaine-Subject and so on; none for a public
/// path or a preflight); anything else is the Gateway's own refusal. nginx takes no other refusals than 401 and 403: to
/// its dialect, others are 403 too, and `Chatelaine-Status` says which. Answers are never stored. There while `[api]
/// check` is on, and for trusted proxies alone: 403 to everybody else. Thread-safe.
class Check {
 public:
  /// `path`: `/oauth/check`, where the issuer has it. All references outlive the check.
  Check(const Live<GatewaySettings>& settings, Guard& guard, std::string path, Log& log);

  void add_routes(net::Router& router);

 private:
  [[nodiscard]] Task<net::Response> answer(const net::Request& request);
  [[nodiscard]] Task<Decision> decide(const net::Request& call, const GatewaySettings& settings);

  const Live<GatewaySettings>& live_;
  Guard& guard_;
  std::string path_;
  Log& log_;
};

}  // namespace chatelaine::gateway
