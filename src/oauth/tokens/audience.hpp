#pragma once

#include <optional>
#include <vector>

#include "base/json.hpp"
#include "base/json_object_writer.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// `aud`: a string where it names one, an array where it names several (RFC 7519 §4.1.3, RFC 7662 §2.2).
void add_audience(JsonObjectWriter& body, const std::vector<Resource>& audience);
/// The same, read; nothing where it is neither, or empty.
[[nodiscard]] std::optional<std::vector<Resource>> find_audience(const json::object& claims);

}  // namespace chatelaine::oauth
