#include "accounts/return_to.hpp"

#include <algorithm>

#include "oauth/shown_parameters.hpp"

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

void note_way_back(const net::Request& request, std::string_view return_to) {
  const std::size_t question = std::min(return_to.find('?'), return_to.size());
  const std::string link =
      oauth::authorization_link(read_query(return_to.substr(std::min(question + 1, return_to.size()))));
  if (link.empty()) return;
  request.note([&](FlightNotes& notes) { notes.link("sign-in", link); });
}

Form read_query(std::string_view query) {
  auto form = parse_form(query);
  return form ? std::move(*form) : Form();
}

}  // namespace chatelaine::accounts
