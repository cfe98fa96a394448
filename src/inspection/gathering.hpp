#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inspection/endpoints.hpp"
#include "inspection/metadata.hpp"
#include "inspection/plugin.hpp"
#include "inspection/resource.hpp"

/// Asks the questions whose answers the judges want, each once.
namespace chatelaine::inspection {

[[nodiscard]] Task<Visit> visit_document(Outside& outside, std::string url);
/// As a browser asks.
[[nodiscard]] Task<Visit> visit_page(Outside& outside, std::string url);
/// As a browser asks, five redirects included: for what only people look at.
[[nodiscard]] Task<Visit> visit_link(Outside& outside, std::string url);

[[nodiscard]] Task<SharedVisit> gather_manifest(Outside& outside, Target target);
[[nodiscard]] Task<SharedVisit> gather_openapi(Outside& outside, std::string url);

/// The least that an MCP server takes by POST: a `ping`, which does nothing.
[[nodiscard]] Question ping(std::string url);
/// `first`: what the URL itself answered.
[[nodiscard]] Task<ResourceFacts> gather_resource(Outside& outside, Target target, Visit first);

/// The issuer that the resource names; else the URL itself, its origin where nothing is there, and where nothing is
/// there either the origin of the manifest's sign-in page.
[[nodiscard]] Task<MetadataFacts> gather_metadata(Outside& outside, Target target, std::optional<std::string> issuer,
                                                  std::optional<oauth::Manifest> manifest);
/// Whether something is served where metadata belongs that is none: a redirect, or another text than JSON.
[[nodiscard]] bool has_broken_metadata(const MetadataFacts& facts);

/// What the metadata names; without metadata, the manifest's two.
[[nodiscard]] EndpointUrls find_endpoints(const std::optional<json::object>& metadata,
                                          const std::optional<oauth::Manifest>& manifest);
/// Without an error at the first thing that was posted, nothing else is.
[[nodiscard]] Task<TokenFacts> gather_token_endpoint(Outside& outside, std::string url,
                                                     std::optional<oauth::Manifest> manifest);

}  // namespace chatelaine::inspection
