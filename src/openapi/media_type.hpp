#pragma once

#include <string>
#include <string_view>

#include "base/ascii.hpp"

namespace chatelaine::openapi {

/// RFC 9110 §8.3.1: a media type without its parameters, in lower case.
[[nodiscard]] inline std::string essence_of(std::string_view media_type) {
  std::string essence = to_lower(media_type.substr(0, media_type.find(';')));
  while (essence.ends_with(' ')) essence.pop_back();
  return essence;
}

/// `text/json` was never registered, and .NET writes it.
[[nodiscard]] inline bool is_json(std::string_view essence) {
  return essence == "application/json" || essence == "text/json" || essence.ends_with("+json");
}

/// What can be read as it is; also what has no type.
[[nodiscard]] inline bool is_text(std::string_view essence) {
  return essence.empty() || essence.starts_with("text/") || is_json(essence) || essence.ends_with("/xml") ||
         essence.ends_with("+xml") || essence == "application/x-www-form-urlencoded" || essence.ends_with("/yaml");
}

}  // namespace chatelaine::openapi
