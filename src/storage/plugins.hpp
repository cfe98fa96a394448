#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/strong.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::storage {

/// `plugin-` and 32 hexadecimal digits, as it stands in the callback's path.
using PluginId = Strong<struct PluginIdTag>;

/// An API that somebody described by a manifest, installed on this host.
struct Plugin {
  PluginId id;
  /// `host[:port]` as it was typed, lower case; unique.
  std::string domain;
  /// The manifest and the OpenAPI description as last fetched, byte for byte.
  std::string manifest;
  std::string openapi;
  oauth::ClientId client_id;
  /// The client secret, sealed with associated data "plugins/client_secret/<id>"; empty until credentials were given.
  std::string sealed_client_secret;
  /// What the manifest must carry under `auth.verification_tokens`; public once it is there.
  std::string verification_token;
  Instant installed_at;
  /// When the manifest that is stored here was found to carry the token; nothing: not usable.
  std::optional<Instant> verified_at;
};

class Plugins {
 public:
  virtual ~Plugins() = default;
  virtual Task<std::optional<Plugin>> find_plugin(PluginId id) = 0;
  virtual Task<std::optional<Plugin>> find_plugin_by_domain(std::string domain) = 0;
  /// Oldest first.
  virtual Task<std::vector<Plugin>> list_plugins() = 0;
  /// False where the domain is installed already.
  virtual Task<bool> add_plugin(const Plugin& plugin) = 0;
  /// Replaces everything but `id`, `domain` and `installed_at`. False where there is none.
  virtual Task<bool> update_plugin(const Plugin& plugin) = 0;
  /// Removes it with its connections.
  virtual Task<bool> remove_plugin(PluginId id) = 0;
};

}  // namespace chatelaine::storage
