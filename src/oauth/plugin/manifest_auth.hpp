#pragma once

#include "oauth/plugin/manifest_findings.hpp"

namespace chatelaine::oauth {

/// Reads the manifest's `auth` block into `manifest` as far as it is good.
void check_auth(const json::object& auth, const ManifestContext& context, Manifest& manifest,
                ManifestFindings& findings);

}  // namespace chatelaine::oauth
