#include "openapi/description.hpp"

#include <set>
#include <string>

#include "openapi/exposure.hpp"
#include "openapi/tool.hpp"
#include "targets.hpp"

namespace chatelaine::fuzz {

/// What is proposed can be written down, and opens what is there; what is said of an operation fits a line.
static void check_exposure(openapi::Description description) {
  const auto openings = openapi::propose_scopes(description, {}, {});
  require(openapi::open_operations(description, openings).has_value());
  for (const openapi::Operation& operation : description.operations) {
    const std::string line = openapi::describe_operation(operation);
    require(line.size() <= 103 && line.find('\n') == std::string::npos);
  }
}

/// An OpenAPI description, whose last line is also a request's path: whatever is listed can be found, what is a tool
/// has a name of its own, and what its author is told is nothing less than what a stranger is.
void check_openapi(std::string_view bytes) {
  const auto description = openapi::read_description(bytes);
  const auto own = openapi::read_description(bytes, openapi::Care::whole);
  require(!own || description);
  require(own || !own.error().empty());
  if (!description) {
    require(!description.error().empty());
    return;
  }
  require(!description->operations.empty());
  const auto tools = openapi::make_tools(*openapi::read_document(bytes), *description);
  std::set<std::string> names;
  for (const openapi::Tool& tool : tools.tools) require(!tool.name.empty() && names.insert(tool.name).second);
  const std::string_view path = bytes.substr(bytes.find_last_of("\n") + 1);
  for (const openapi::Operation& operation : description->operations) {
    require(description->find_operation(operation.id) != nullptr);
    for (const auto spelling : {openapi::Spelling::exact, openapi::Spelling::lenient}) {
      for (const std::string_view asked : {path, std::string_view(operation.path)}) {
        const auto* found = openapi::match_operation(*description, operation.method, asked, spelling);
        require(found == nullptr || found->method == operation.method);
      }
    }
  }
  check_exposure(*description);
}

}  // namespace chatelaine::fuzz
