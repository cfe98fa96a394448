#pragma once

#include <optional>
#include <vector>

#include "base/json.hpp"
#include "inspection/cross_origin.hpp"
#include "inspection/finding.hpp"
#include "inspection/target.hpp"
#include "oauth/plugin/manifest.hpp"

/// A plugin's two documents: ai-plugin.json, and the OpenAPI description that it names.
namespace chatelaine::inspection {

struct ManifestJudgement {
  Findings findings;
  /// Where it can be used.
  std::optional<oauth::Manifest> manifest;
  /// Whether there is something that means to be a manifest, however bad.
  bool is_there = false;
};
/// `answers`: what is at the manifest's place. Where there is none, that is `skipped`, since not every server is a
/// plugin; and a warning at most where something else is.
[[nodiscard]] ManifestJudgement judge_manifest(const SharedVisit& answers, const Target& target);

/// The page or picture that a manifest links to, as `visit_link` found it.
[[nodiscard]] Finding judge_logo(const Visit& visit);
[[nodiscard]] Finding judge_legal_page(const Visit& visit);

/// `answers`: the description. `addresses`: those that the target leads to.
[[nodiscard]] Findings judge_openapi(const SharedVisit& answers, const oauth::Manifest& manifest,
                                     net::AddressPolicy addresses);

/// Whether manifest and metadata name the same endpoints, as `chatelaine host` sees it: the query of the authorization
/// endpoint aside.
[[nodiscard]] Finding judge_agreement(const oauth::Manifest& manifest, const json::object& metadata);

}  // namespace chatelaine::inspection
