#include "inspection/challenge.hpp"

#include <algorithm>

#include "targets.hpp"

namespace chatelaine::fuzz {

/// A server's header WWW-Authenticate: every scheme and name is there, in lower case, and nothing is longer than what
/// was read.
void check_challenge(std::string_view bytes) {
  const auto is_lower = [](std::string_view word) {
    return !word.empty() && std::ranges::none_of(word, [](char c) { return c >= 'A' && c <= 'Z'; });
  };
  std::size_t length = 0;
  for (const inspection::Challenge& challenge : inspection::parse_challenges(bytes)) {
    require(is_lower(challenge.scheme));
    length += challenge.scheme.size();
    for (const auto& [name, value] : challenge.parameters) {
      require(is_lower(name));
      length += name.size() + value.size();
    }
  }
  require(length <= bytes.size());
}

}  // namespace chatelaine::fuzz
