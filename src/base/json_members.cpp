#include "base/json_members.hpp"

#include <algorithm>

namespace chatelaine {

std::string_view text_of(const json::object& object, std::string_view name) {
  const json::string* const text = find_string(object, name);
  return text == nullptr ? std::string_view{} : std::string_view(*text);
}

bool is_true(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

bool lists(const json::object& object, std::string_view name, std::string_view wanted) {
  const json::value* const value = object.if_contains(name);
  const json::array* const array = value == nullptr ? nullptr : value->if_array();
  return array != nullptr && std::ranges::any_of(*array, [&](const json::value& element) {
           const json::string* const text = element.if_string();
           return text != nullptr && std::string_view(*text) == wanted;
         });
}

}  // namespace chatelaine
