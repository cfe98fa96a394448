#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/configuration.hpp"
#include "openapi/description.hpp"
#include "openapi/exposure.hpp"
#include "openapi/tool.hpp"
#include "storage/openings.hpp"

namespace chatelaine::app {

/// The API's OpenAPI file as it is served and as it is understood.
struct ApiDescription {
  std::string text;
  /// `application/json` or `application/yaml` (RFC 9512).
  std::string content_type;
  openapi::Description description;
  /// Of operations that came since openings are kept, by their ids: since when tokens of their scope may call them.
  std::map<std::string, Instant> opened_since = {};
};

/// The file alone; the error names it and every fault.
[[nodiscard]] std::expected<ApiDescription, std::string> read_api_description(const std::string& file);

/// `[api] openapi` as this server stands in front of the API: the description's paths count from `[api] base_path`,
/// without it from what `[api] upstream` leaves of its first server's path; the text names our origin as the API's
/// server, and no other place; the scopes of `[[scope]] operations` are added, and `[api] closed` is closed. The error
/// is a sentence about the configuration.
[[nodiscard]] std::expected<ApiDescription, std::string> read_exposed_api(const ProviderConfiguration& configuration);

/// Whether there is a description whose calls lead nowhere: no upstream is set, and no proxy asks about them.
[[nodiscard]] bool has_no_api(const ApiConfiguration& api);

/// What stands before the paths of `[api] openapi`, here and at the upstream; the error is a sentence about the
/// configuration.
[[nodiscard]] std::expected<std::string, std::string> find_base_path(const openapi::Description& description,
                                                                     const ApiConfiguration& api);

/// What was opened since the last time, a line each.
struct NewlyOpened {
  /// Method and path and scope of those that users are asked about again.
  std::vector<std::string> by_scope;
  /// Method and path of those that any token may call: nobody can be asked.
  std::vector<std::string> to_all;
};

/// Notes what each operation asks for, and finds out what was opened since the last time (`opened_since`, for those
/// that ask for a scope). What is closed counts as not there.
[[nodiscard]] NewlyOpened note_openings(ApiDescription& api, storage::Openings& openings, Instant now);

/// What the `[[scope]]`s open.
[[nodiscard]] std::vector<openapi::ScopeOpening> list_openings(const ProviderConfiguration& configuration);

/// The operations whose path one of our routes claims (`/{name}` segments of a route match any segment, `/*` at
/// its end whatever is below), as sentences: such a path could never be reached. A description's path counts below its
/// base path.
[[nodiscard]] std::vector<std::string> find_path_conflicts(const openapi::Description& description,
                                                           const std::vector<std::string>& routes);

/// Its operations as tools.
[[nodiscard]] openapi::Tools make_api_tools(const ApiDescription& api);

}  // namespace chatelaine::app
