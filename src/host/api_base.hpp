#pragma once

#include <optional>

#include "base/uri.hpp"
#include "host/host_error.hpp"
#include "oauth/plugin/manifest.hpp"
#include "openapi/description.hpp"

namespace chatelaine::host {

struct ApiBase {
  /// Origin and path, without a slash at the end, query or fragment.
  HttpUrl url;
  /// Why `servers` was not followed, where it was not.
  std::optional<Finding> warning;
};

/// Where a plugin's calls, and with them its users' tokens, go. `servers[0].url` (seen from the description's own URL)
/// counts only on an origin that the developer has shown to be theirs: the one that serves the verified manifest, or
/// the one of the manifest's `api.url`. Whoever can alter the description alone can therefore not send tokens
/// elsewhere. Any other server, and none at all, means the origin of `api.url`.
[[nodiscard]] ApiBase choose_api_base(const oauth::Manifest& manifest, const HttpUrl& manifest_url,
                                      const openapi::Description& description);

}  // namespace chatelaine::host
