#include "oauth/tokens/audience.hpp"

#include <algorithm>
#include <iterator>

namespace chatelaine::oauth {

void add_audience(JsonObjectWriter& body, const std::vector<Resource>& audience) {
  if (audience.size() == 1) {
    body.add("aud", audience.front().value());
    return;
  }
  std::vector<std::string_view> texts;
  texts.reserve(audience.size());
  std::ranges::transform(audience, std::back_inserter(texts),
                         [](const Resource& one) -> std::string_view { return one.value(); });
  body.add("aud", texts);
}

std::optional<std::vector<Resource>> find_audience(const json::object& claims) {
  const json::value* member = claims.if_contains("aud");
  if (member == nullptr) return std::nullopt;
  if (const json::string* text = member->if_string()) return std::vector{Resource(std::string(*text))};
  const json::array* list = member->if_array();
  if (list == nullptr || list->empty()) return std::nullopt;
  std::vector<Resource> audience;
  for (const json::value& element : *list) {
    const json::string* text = element.if_string();
    if (text == nullptr) return std::nullopt;
    audience.emplace_back(std::string(*text));
  }
  return audience;
}

}  // namespace chatelaine::oauth
