#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "openapi/description.hpp"

namespace chatelaine::app {

/// The API's OpenAPI file as it is served and as it is understood.
struct ApiDescription {
  std::string text;
  /// `application/json` or `application/yaml` (RFC 9512).
  std::string content_type;
  openapi::Description description;
};

/// The error names the file and every fault.
[[nodiscard]] std::expected<ApiDescription, std::string> read_api_description(const std::string& file);

/// The operations whose path one of our routes claims (`/{name}` segments of a route match any segment), as sentences:
/// such a path could never be reached. A description's path counts below the path of its first server.
[[nodiscard]] std::vector<std::string> find_path_conflicts(const openapi::Description& description,
                                                           const std::vector<std::string>& routes);

}  // namespace chatelaine::app
