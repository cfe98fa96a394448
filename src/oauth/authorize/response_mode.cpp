#include "oauth/authorize/response_mode.hpp"

#include <algorithm>
#include <utility>

namespace chatelaine::oauth {

std::string_view to_string(ResponseMode mode) {
  switch (mode) {
    case ResponseMode::query:
      return "query";
    case ResponseMode::fragment:
      return "fragment";
    case ResponseMode::form_post:
      return "form_post";
  }
  std::unreachable();
}

std::optional<ResponseMode> parse_response_mode(std::string_view text) {
  const auto found = std::ranges::find(kResponseModes, text, [](ResponseMode mode) { return to_string(mode); });
  if (found == kResponseModes.end()) return std::nullopt;
  return *found;
}

}  // namespace chatelaine::oauth
