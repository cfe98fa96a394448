#include <algorithm>

#include "oauth/grants/device_authorization.hpp"
#include "targets.hpp"

namespace chatelaine::fuzz {

/// What a person types for a user code: what is taken is eight letters of the twenty, and reads back however it is
/// written.
void check_user_code(std::string_view bytes) {
  constexpr std::string_view kLetters = "BCDFGHJKLMNPQRSTVWXZ";
  const auto code = oauth::parse_user_code(bytes);
  if (!code) return;
  const std::string_view letters = code->reveal();
  require(letters.size() == 8);
  require(std::ranges::all_of(letters, [&](char letter) { return kLetters.find(letter) != std::string_view::npos; }));
  const auto again = oauth::parse_user_code(oauth::format_user_code(*code));
  require(again && again->reveal() == letters);
  require(oauth::hash_user_code(*again) == oauth::hash_user_code(*code));
}

}  // namespace chatelaine::fuzz
