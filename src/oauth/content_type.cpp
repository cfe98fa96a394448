#include "oauth/content_type.hpp"

#include <algorithm>

#include "base/ascii.hpp"

namespace chatelaine::oauth {
namespace {

bool is_utf8(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::size_t end = std::min(parameters.find(';'), parameters.size());
    const std::string_view parameter = trim_blanks(parameters.substr(0, end));
    parameters.remove_prefix(std::min(end + 1, parameters.size()));
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    if (to_lower(trim_blanks(parameter.substr(0, equals))) != "charset") continue;
    std::string_view value = trim_blanks(parameter.substr(std::min(equals + 1, parameter.size())));
    if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) value = value.substr(1, value.size() - 2);
    if (const std::string charset = to_lower(value); charset != "utf-8" && charset != "us-ascii") return false;
  }
  return true;
}

}  // namespace

std::string_view trim_blanks(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t");
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(" \t") - start + 1);
}

ContentType parse_content_type(std::string_view header) {
  const std::size_t semicolon = std::min(header.find(';'), header.size());
  return {.media_type = to_lower(trim_blanks(header.substr(0, semicolon))),
          .is_utf8 = is_utf8(header.substr(semicolon))};
}

}  // namespace chatelaine::oauth
