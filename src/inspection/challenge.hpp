#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace chatelaine::inspection {

/// One challenge of a header WWW-Authenticate.
struct Challenge {
  std::string scheme;  ///< in lower case
  /// Names in lower case; of a repeated one the first. Empty for a scheme with a token68.
  std::map<std::string, std::string, std::less<>> parameters;
};

/// RFC 9110 §11.6.1: the challenges of one header, up to where it stops being readable.
[[nodiscard]] std::vector<Challenge> parse_challenges(std::string_view header);

}  // namespace chatelaine::inspection
