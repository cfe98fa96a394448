#pragma once

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "app/config/configuration.hpp"
#include "base/log.hpp"

namespace chatelaine::app {

/// `chatelaine serve`: provider and gateway, built and listening. Throws with a sentence for the operator where
/// something stands in the way of a start.
class ProviderServer {
 public:
  ProviderServer(const Configuration& configuration, Log& log);
  ~ProviderServer();

  /// Answers from now on.
  void start();
  /// Takes what can change while it runs: scopes, resources other than the gateway's own, lifetimes, the manifest with
  /// its verification tokens, the pages' name and logo, OpenAPI, the gateway's lists, the certificate. The error is a
  /// sentence; everything stays as it was then.
  [[nodiscard]] std::expected<void, std::string> reload(const Configuration& configuration);
  /// Lets requests under way finish.
  void stop();

 private:
  friend std::vector<std::string> list_own_paths(const Configuration& configuration);
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// The paths that a server of this configuration answers itself (net::Router::paths). Nothing is opened, made or kept.
[[nodiscard]] std::vector<std::string> list_own_paths(const Configuration& configuration);

}  // namespace chatelaine::app
