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
  /// The client secret, sealed with associated data that names the plugin's id, the origin of its token endpoint and
  /// the client id; empty until credentials were given.
  std::string sealed_client_secret;
  /// What the manifest must carry under `auth.verification_tokens`; public once it is there.
  std::string verification_token;
  Instant installed_at;
  /// When the manifest that is stored here was found to carry the token; nothing: not usable.
  std::optional<Instant> verified_at;
};

struct Connection;

/// What a plugin's domain serves, as fetched.
struct FetchedDocuments {
  std::string manifest;
  std::string openapi;
  std::optional<Instant> verified_at;
};

/// What becomes of a plugin's client id and secret with new documents.
enum class CredentialsFate : std::uint8_t { kept, forgotten };

class Plugins {
 public:
  virtual ~Plugins() = default;
  virtual Task<std::optional<Plugin>> find_plugin(PluginId id) = 0;
  virtual Task<std::optional<Plugin>> find_plugin_by_domain(std::string domain) = 0;
  /// Oldest first.
  virtual Task<std::vector<Plugin>> list_plugins() = 0;
  /// False where the domain is installed already.
  virtual Task<bool> add_plugin(const Plugin& plugin) = 0;
  /// Replaces the documents and when they were verified, and nothing else but, where they are to be forgotten, the
  /// credentials. False where there is no such plugin.
  virtual Task<bool> set_plugin_documents(PluginId id, const FetchedDocuments& documents,
                                          CredentialsFate credentials) = 0;
  /// Replaces the credentials and nothing else. False where there is no such plugin.
  virtual Task<bool> set_plugin_credentials(PluginId id, oauth::ClientId client_id,
                                            std::string sealed_client_secret) = 0;
  /// Removes it with its connections, which it gives back: their tokens can still be revoked. Nothing where there is no
  /// such plugin.
  virtual Task<std::optional<std::vector<Connection>>> remove_plugin(PluginId id) = 0;
};

}  // namespace chatelaine::storage
