#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace chatelaine::wire {

/// One request and the answer that is expected.
///
///     # What the transcript shows, by the clause that asks for it.
///     @wait 61
///     POST /oauth/token
///     Content-Type: application/json
///
///     {"grant_type":"refresh_token","refresh_token":"{{refresh_token}}"}
///     ---
///     200
///     Content-Type: application/json
///
///     {"access_token":…}
///
/// Lines that begin with `#` before the request are comments; `@wait N` lets N seconds pass before it. Pairs are parted
/// by a line `===`.
struct Exchange {
  std::string preamble;  ///< comments and directives, as they stand
  long wait_seconds = 0;
  std::string request;
  std::string expected;
};

[[nodiscard]] std::vector<Exchange> read_transcript(const std::filesystem::path& file);
void write_transcript(const std::filesystem::path& file, const std::vector<Exchange>& exchanges);

}  // namespace chatelaine::wire
