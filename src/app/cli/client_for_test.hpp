#pragma once

#include <span>

#include "app/cli/run_for_test.hpp"

namespace chatelaine::app {

/// Options of `client add` that do not go, and what is said of them.
struct RefusedClient {
  std::string_view name;
  std::vector<std::string> options;
  std::string_view err;
};

/// Each is wrong usage with its sentence, and nothing is added.
inline void expect_refused(std::span<const RefusedClient> rows) {
  const Workplace place;
  place.write(kProviderFile);
  for (const RefusedClient& row : rows) {
    std::vector<std::string> words{"client", "add", "X"};
    words.insert(words.end(), row.options.begin(), row.options.end());
    const Ran ran = place.run(words);
    EXPECT_EQ(ran.code, ExitCode::wrong_usage) << row.name;
    EXPECT_NE(ran.err.find(row.err), std::string::npos) << row.name << ": " << ran.err;
  }
  EXPECT_EQ(place.run({"client", "list", "--json"}).out, "[]\n");
}

}  // namespace chatelaine::app
