#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "host/context.hpp"
#include "host/domain.hpp"
#include "host/host_error.hpp"
#include "oauth/plugin/manifest.hpp"
#include "openapi/description.hpp"

namespace chatelaine::host {

/// A plugin's two documents, read and found good.
struct PluginDocuments {
  std::string manifest_text;
  std::string openapi_text;
  oauth::Manifest manifest;
  openapi::Description description;
  /// Where calls go: an operation's path is put behind it (host/api_base.hpp says how it is chosen).
  HttpUrl api_base;
  /// Which addresses may be reached for this plugin: loopback only where it lives there itself.
  net::AddressPolicy addresses = net::AddressPolicy::public_only;
  /// What is legal but probably not meant.
  std::vector<Finding> warnings;
};

/// Fetches the manifest (at most 64 KiB) and the OpenAPI description that it names (at most 4 MiB), and reads both. The
/// error carries every fault of them.
[[nodiscard]] Task<Outcome<PluginDocuments>> fetch_documents(const HostContext& host, PluginDomain domain);

/// What is wrong with the plugin of a domain; no faults: nothing.
struct DomainReport {
  std::vector<Finding> faults;
  std::vector<Finding> warnings;
};
/// `plugin check DOMAIN`: the same reading without installing. What could not be fetched is a fault too, and so is a
/// domain that is refused (path "domain").
[[nodiscard]] Task<DomainReport> check_domain(const HostContext& host, std::string domain);

/// The documents of an installed plugin, as stored. The error says to verify it again.
[[nodiscard]] Outcome<PluginDocuments> read_stored_documents(const HostContext& host, const storage::Plugin& plugin);

/// Whether two readings send people, tokens and calls to the same places.
[[nodiscard]] bool have_same_endpoints(const PluginDocuments& a, const PluginDocuments& b);

}  // namespace chatelaine::host
