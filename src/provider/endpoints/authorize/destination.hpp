#pragma once

#include <string>

#include "oauth/vocabulary.hpp"
#include "pages/page.hpp"

namespace chatelaine::provider::endpoints {

/// Where a redirect URI leads: as a Content-Security-Policy source and as a person reads it. `https://host` and `host`,
/// or for an app's own scheme `scheme:` in both.
struct Destination {
  std::string source;
  std::string name;
};
[[nodiscard]] Destination describe_destination(const oauth::RedirectUri& redirect_uri);

/// What a page needs whose form ends there. Chromium applies form-action to every redirect that follows the form, not
/// the first alone, and an assistant's callback may send the browser on to an origin of its own that nobody has
/// registered: any https one may follow.
[[nodiscard]] pages::PagePolicy policy_for(const Destination& destination, pages::Scripts scripts);

}  // namespace chatelaine::provider::endpoints
