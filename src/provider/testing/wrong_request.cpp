#include "provider/testing/wrong_request.hpp"

#include <ostream>

namespace chatelaine::provider::testing {

Told tell(const TestResponse& answer) {
  if (answer.header("Location")) {
    return {answer.status, answer.location_parameter("error"), answer.location_parameter("error_description")};
  }
  if (answer.header("Content-Type").value_or("").starts_with("text/html")) {
    return {answer.status, "", visible_text(answer.body)};
  }
  return {answer.status, answer.member("error"), answer.member("error_description")};
}

void PrintTo(const Told& told, std::ostream* out) {
  *out << told.status << " " << told.error << " \"" << told.description << "\"";
}

}  // namespace chatelaine::provider::testing
