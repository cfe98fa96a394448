#include "host/documents.hpp"

#include <fmt/format.h>

#include "host/api_base.hpp"

namespace chatelaine::host {
namespace {

using Kind = HostError::Kind;

constexpr std::size_t kMostManifestBytes = 64 * 1024;
constexpr std::size_t kMostOpenApiBytes = 4 * 1024 * 1024;
constexpr milliseconds kManifestTimeout{5'000};
constexpr milliseconds kOpenApiTimeout{15'000};

net::AddressPolicy addresses_for(const HttpUrl& manifest_url, const HostSettings& settings) {
  return is_loopback_host(manifest_url.host) ? settings.addresses() : net::AddressPolicy::public_only;
}

Finding to_finding(const oauth::ManifestFinding& found) {
  return {found.path, found.code, found.message, found.expected};
}
Finding to_finding(const openapi::Fault& fault) {
  const std::string line = fault.line == 0 ? "" : fmt::format("line {}: ", fault.line);
  return {"openapi:" + fault.path, fault.code, line + fault.message, fault.expected};
}

template <class Source>
std::vector<Finding> to_findings(const std::vector<Source>& sources) {
  std::vector<Finding> out;
  out.reserve(sources.size());
  for (const Source& source : sources) out.push_back(to_finding(source));
  return out;
}

HostError describe_faults(std::string_view document, std::vector<Finding> faults, std::vector<Finding> warnings = {}) {
  std::string message = fmt::format("{} has {} fault{}", document, faults.size(), faults.size() == 1 ? "" : "s");
  if (!faults.empty()) {
    const Finding& first = faults.front();
    message += fmt::format(": {}: {}", first.path, first.message);
    if (!first.expected.empty()) message += fmt::format(" (expected: {})", first.expected);
  }
  return {Kind::plugin_fault, message + '.', std::move(faults), std::move(warnings)};
}

/// What a fetched document is, or the finding that says why there is none.
std::expected<std::string, Finding> take_body(const std::expected<net::FetchedDocument, net::FetchError>& answer,
                                              std::string path, std::string_view url) {
  const auto fault = [&](std::string code, std::string message, std::string expected) {
    return std::unexpected(Finding{std::move(path), std::move(code), std::move(message), std::move(expected)});
  };
  if (!answer) return fault("not_fetched", answer.error().message, fmt::format("a document at {}", url));
  if (answer->status >= 300 && answer->status < 400) {
    return fault("redirected", fmt::format("{} answers with a redirect (status {})", url, answer->status),
                 "the document itself: redirects are not followed");
  }
  if (answer->status != 200) {
    return fault("not_found", fmt::format("{} answers with status {}", url, answer->status),
                 "status 200 and the document");
  }
  return answer->body;
}

Task<std::expected<std::string, Finding>> fetch_document(net::Fetcher& fetcher, std::string path, std::string url,
                                                         net::FetchPolicy policy) {
  net::FetchRequest request;
  request.url = url;
  request.headers.push_back({"Accept", "application/json, application/yaml;q=0.9, */*;q=0.5"});
  request.policy = policy;
  const auto answer = co_await fetcher.fetch(std::move(request));
  co_return take_body(answer, std::move(path), url);
}

oauth::ManifestReport judge_manifest(std::string_view text, const HttpUrl& manifest_url, net::AddressPolicy addresses) {
  const oauth::ManifestContext context{manifest_url, addresses == net::AddressPolicy::public_and_loopback};
  return oauth::check_manifest(text, context);
}

/// Both texts, the manifest already found good.
Outcome<PluginDocuments> read_documents(oauth::ManifestReport report, std::string manifest_text,
                                        std::string openapi_text, const HttpUrl& manifest_url,
                                        net::AddressPolicy addresses) {
  auto description = openapi::read_description(openapi_text);
  if (!description) {
    return std::unexpected(
        describe_faults("The OpenAPI description", to_findings(description.error()), to_findings(report.warnings)));
  }
  ApiBase base = choose_api_base(*report.manifest, manifest_url, *description);
  PluginDocuments documents{std::move(manifest_text),    std::move(openapi_text), std::move(*report.manifest),
                            std::move(*description),     std::move(base.url),     addresses,
                            to_findings(report.warnings)};
  if (base.warning) documents.warnings.push_back(std::move(*base.warning));
  return documents;
}

}  // namespace

Task<Outcome<PluginDocuments>> fetch_documents(const HostContext& host, PluginDomain domain) {
  const net::AddressPolicy addresses = addresses_for(domain.manifest_url, host.settings);
  const net::FetchPolicy manifest_policy{addresses, kMostManifestBytes, kManifestTimeout};
  auto manifest = co_await fetch_document(host.fetcher, "ai-plugin.json", domain.manifest_url.text, manifest_policy);
  if (!manifest) {
    std::vector<Finding> faults{std::move(manifest.error())};
    co_return std::unexpected(describe_faults("The manifest", std::move(faults)));
  }
  oauth::ManifestReport report = judge_manifest(*manifest, domain.manifest_url, addresses);
  if (!report.manifest) {
    co_return std::unexpected(
        describe_faults("The manifest", to_findings(report.faults), to_findings(report.warnings)));
  }

  const net::FetchPolicy openapi_policy{addresses, kMostOpenApiBytes, kOpenApiTimeout};
  auto openapi = co_await fetch_document(host.fetcher, "api.url", report.manifest->api_url.text, openapi_policy);
  if (!openapi) {
    std::vector<Finding> faults{std::move(openapi.error())};
    co_return std::unexpected(
        describe_faults("The OpenAPI description", std::move(faults), to_findings(report.warnings)));
  }
  co_return read_documents(std::move(report), std::move(*manifest), std::move(*openapi), domain.manifest_url,
                           addresses);
}

Task<DomainReport> check_domain(const HostContext& host, std::string domain) {
  auto parsed = parse_plugin_domain(domain, host.settings);
  DomainReport report;
  if (!parsed) {
    report.faults.push_back(
        {"domain", "refused_domain", parsed.error().message, "the public domain where the plugin is hosted"});
    co_return report;
  }
  auto documents = co_await fetch_documents(host, std::move(*parsed));
  if (documents) {
    report.warnings = std::move(documents->warnings);
  } else {
    report.faults = std::move(documents.error().findings);
    report.warnings = std::move(documents.error().warnings);
  }
  co_return report;
}

Outcome<PluginDocuments> read_stored_documents(const HostContext& host, const storage::Plugin& plugin) {
  const auto domain = parse_plugin_domain(plugin.domain, host.settings);
  if (!domain) return std::unexpected(domain.error());
  const net::AddressPolicy addresses = addresses_for(domain->manifest_url, host.settings);
  oauth::ManifestReport report = judge_manifest(plugin.manifest, domain->manifest_url, addresses);
  if (!report.manifest) {
    return std::unexpected(describe_faults("The manifest that is kept here", to_findings(report.faults)));
  }
  return read_documents(std::move(report), plugin.manifest, plugin.openapi, domain->manifest_url, addresses);
}

bool have_same_endpoints(const PluginDocuments& a, const PluginDocuments& b) {
  return a.manifest.client_url.text == b.manifest.client_url.text &&
         a.manifest.authorization_url.text == b.manifest.authorization_url.text &&
         a.manifest.api_url.text == b.manifest.api_url.text && a.api_base.text == b.api_base.text;
}

}  // namespace chatelaine::host
