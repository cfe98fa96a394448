#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inspection/metadata.hpp"
#include "inspection/outside.hpp"
#include "inspection/resource.hpp"
#include "rehearsal/part.hpp"

/// How the assistant finds out where to sign in: it asks where its profile says, in that order, and no more.
namespace chatelaine::rehearsal {

struct Discovered {
  Remarks remarks;
  /// Nothing where it is not known where to sign in or where to get tokens.
  std::optional<Server> server;
  /// A plugin's OpenAPI description, as it was answered.
  std::optional<inspection::Visit> description;
};

/// `given` and `profile` outlive the await.
[[nodiscard]] Task<Discovered> discover(inspection::Outside& outside, const oauth::AssistantProfile& profile,
                                        const Given& given);

/// What a connector is given: the URL itself, or where that is a bare origin `/mcp` on it.
[[nodiscard]] HttpUrl find_mcp_url(const HttpUrl& typed);
/// Where it looks for an issuer's metadata, in its order, each once.
[[nodiscard]] std::vector<inspection::FormedUrl> list_server_places(const oauth::AssistantProfile& profile,
                                                                    const HttpUrl& issuer);
/// The same for the resource's.
[[nodiscard]] std::vector<std::string> list_resource_places(const oauth::AssistantProfile& profile,
                                                            const HttpUrl& resource, const inspection::Visit& call);

}  // namespace chatelaine::rehearsal
