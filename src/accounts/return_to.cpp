#include "accounts/return_to.hpp"

#include <algorithm>

namespace chatelaine::accounts {
namespace {
constexpr std::size_t kMostBytes = 8 * 1024;
}

bool is_local_path(std::string_view text) {
  if (text.empty() || text.size() > kMostBytes) return false;
  if (text[0] != '/' || (text.size() > 1 && text[1] == '/')) return false;
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f' && c != '\\'; });
}

std::string choose_return_to(const Form& form, std::string_view otherwise) {
  const std::string_view asked = form.get_or_empty("return_to");
  return std::string(is_local_path(asked) ? asked : otherwise);
}

Form read_query(std::string_view query) {
  auto form = parse_form(query);
  return form ? std::move(*form) : Form();
}

}  // namespace chatelaine::accounts
