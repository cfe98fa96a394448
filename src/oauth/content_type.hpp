#pragma once

#include <string>
#include <string_view>

namespace chatelaine::oauth {

/// What a Content-Type header says (RFC 9110 §8.3.1).
struct ContentType {
  /// In lower case, without its parameters.
  std::string media_type;
  /// Whether no parameter names another charset than UTF-8.
  bool is_utf8 = true;
};
[[nodiscard]] ContentType parse_content_type(std::string_view header);

/// Without the blanks and tabs around it.
[[nodiscard]] std::string_view trim_blanks(std::string_view text);

}  // namespace chatelaine::oauth
