#pragma once

#include <string_view>

#include "net/response.hpp"

namespace chatelaine::provider::endpoints {

/// 404 with `{"error":"not_found","error_description":sentence}`, for documents that the operator did not configure.
[[nodiscard]] net::Response answer_not_configured(std::string_view sentence);

}  // namespace chatelaine::provider::endpoints
