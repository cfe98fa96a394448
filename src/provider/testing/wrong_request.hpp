#pragma once

#include <iosfwd>
#include <string>

#include "provider/testing/http_text.hpp"

namespace chatelaine::provider::testing {

/// What an answer tells of a fault, whichever way it tells it: as JSON, by redirect to the client, or on a page.
struct Told {
  int status = 0;
  /// The `error` code; empty on a page.
  std::string error;
  /// `error_description`, or every word of the page.
  std::string description;

  friend bool operator==(const Told&, const Told&) = default;
};
[[nodiscard]] Told tell(const TestResponse& answer);
/// As a test's failure shows it.
void PrintTo(const Told& told, std::ostream* out);

/// A row of an endpoint's table of wrong requests: what comes, and exactly what it gets.
struct WrongRequest {
  const char* sentence;
  TestRequest request;
  Told told;
};

}  // namespace chatelaine::provider::testing
