#pragma once

#include <memory>

#include "accounts/accounts.hpp"
#include "host/context.hpp"
#include "net/router.hpp"
#include "pages/csrf.hpp"
#include "pages/page.hpp"

namespace chatelaine::host {

/// The host's web pages over its verbs. Everything given outlives it. Thread-safe.
class Host {
 public:
  Host(HostContext context, accounts::Accounts& accounts, const pages::Csrf& csrf, const pages::Renderer& renderer);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  /// `/`, `/plugins/install`, `/plugins/{plugin_id}` with `/credentials`, `/verify`, `/remove`, `/connect`, `/use`,
  /// `/disconnect`, and the callback `/aip/{plugin_id}/oauth/callback`. Sign-in and account pages are the accounts';
  /// assets, health and metrics the caller's.
  void add_routes(net::Router& router);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chatelaine::host
