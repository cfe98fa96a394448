#pragma once

#include <expected>
#include <memory>
#include <string>

#include "app/config/configuration.hpp"
#include "base/log.hpp"
#include "host/settings.hpp"

namespace chatelaine::app {

[[nodiscard]] host::HostSettings make_host_settings(const HostConfiguration& configuration);

/// `chatelaine host`: the assistant's side, built and listening. Throws with a sentence for the operator where
/// something stands in the way of a start.
class HostServer {
 public:
  HostServer(const Configuration& configuration, Log& log);
  ~HostServer();

  void start();
  /// Nothing of the host's can change while it runs; the error says so where something did.
  [[nodiscard]] std::expected<void, std::string> reload(const Configuration& configuration);
  void stop();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace chatelaine::app
