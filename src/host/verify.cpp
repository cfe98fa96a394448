#include "host/verify.hpp"

#include <fmt/format.h>

#include "base/secret.hpp"
#include "host/documents.hpp"
#include "host/install.hpp"

namespace chatelaine::host {
namespace {

using Kind = HostError::Kind;

Outcome<void> check_verification_token(const HostContext& host, const storage::Plugin& plugin,
                                       const oauth::Manifest& manifest) {
  const auto found = manifest.verification_tokens.find(host.settings.name);
  const std::string path = "auth.verification_tokens." + host.settings.name;
  const std::string expected = fmt::format("\"{}\": \"{}\"", host.settings.name, plugin.verification_token);
  if (found == manifest.verification_tokens.end()) {
    std::vector<Finding> findings{{path, "missing_verification_token", "the manifest does not carry it", expected}};
    return std::unexpected(HostError{Kind::plugin_fault,
                                     fmt::format("The manifest does not carry our verification token yet: put {} into "
                                                 "auth.verification_tokens of {}'s ai-plugin.json and verify again.",
                                                 expected, plugin.domain),
                                     std::move(findings)});
  }
  if (!equal_in_constant_time(found->second, plugin.verification_token)) {
    std::vector<Finding> findings{{path, "wrong_verification_token", "it is another token", expected}};
    return std::unexpected(
        HostError{Kind::plugin_fault,
                  fmt::format("The manifest carries another verification token: {} must be {}.", path, expected),
                  std::move(findings)});
  }
  return {};
}

}  // namespace

Task<Outcome<VerifiedPlugin>> verify_plugin(const HostContext& host, storage::PluginId plugin_id) {
  storage::Plugins& plugins = host.storage.plugins();
  auto plugin = co_await plugins.find_plugin(plugin_id);
  if (!plugin) co_return refuse(Kind::not_found, "There is no such plugin.");
  auto domain = parse_plugin_domain(plugin->domain, host.settings);
  if (!domain) co_return std::unexpected(std::move(domain.error()));
  auto documents = co_await fetch_documents(host, std::move(*domain));
  if (!documents) co_return std::unexpected(std::move(documents.error()));
  if (auto checked = check_verification_token(host, *plugin, documents->manifest); !checked) {
    co_return std::unexpected(std::move(checked.error()));
  }
  // Read again: somebody may have installed it anew while we fetched.
  plugin = co_await plugins.find_plugin(plugin_id);
  if (!plugin) co_return refuse(Kind::not_found, "The plugin was removed while it was verified.");
  warn_of_forgotten_credentials(host, *plugin, *documents, documents->warnings);
  const Instant now = host.clock.now();
  const storage::FetchedDocuments fetched{documents->manifest_text, documents->openapi_text, now};
  const bool is_updated =
      co_await plugins.set_plugin_documents(plugin_id, fetched, judge_credentials(host, *plugin, *documents));
  if (!is_updated) co_return refuse(Kind::not_found, "The plugin was removed while it was verified.");
  host.log.info("plugin verified", {{"plugin", plugin->id.value()}, {"domain", plugin->domain}});
  co_return VerifiedPlugin{plugin->id, documents->manifest.name_for_human, now, std::move(documents->warnings)};
}

}  // namespace chatelaine::host
