#include "inspection/stack_trace.hpp"

#include <algorithm>
#include <array>

namespace chatelaine::inspection {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// `handle (/srv/app/server.js:10:3)`, `todo.Api.list(Api.java:12)`, `Todo.List() in /src/List.cs:line 12`: people
/// write lines that begin with "at", too.
bool is_frame(std::string_view line) {
  const std::size_t open = line.find('(');
  if (open == std::string_view::npos) return false;
  const std::string_view place = line.substr(open);
  if (place.find(".java") != std::string_view::npos || place.find(":line ") != std::string_view::npos) return true;
  for (std::size_t colon = place.find(':'); colon != std::string_view::npos; colon = place.find(':', colon + 1))
    if (colon + 1 < place.size() && is_digit(place[colon + 1])) return true;
  return false;
}

std::string_view line_from(std::string_view body, std::size_t start) {
  const std::string_view rest = body.substr(std::min(body.find_first_not_of("\n\t ", start), body.size()));
  return rest.substr(0, std::min<std::size_t>(rest.find('\n'), 200));
}

std::string cut(std::string_view line) { return std::string(line.substr(0, 80)); }

std::string find_frame(std::string_view body) {
  static constexpr std::array<std::string_view, 5> kBeginnings{"\n\tat ", "\n    at ", "\n   at ", "&nbsp; at ",
                                                               "&nbsp;at "};
  for (const std::string_view beginning : kBeginnings)
    for (std::size_t at = body.find(beginning); at != std::string_view::npos; at = body.find(beginning, at + 1))
      if (const std::string_view line = line_from(body, at); is_frame(line)) return cut(line);
  return {};
}

/// Go: `goroutine 17 [running]:`.
constexpr std::array<std::string_view, 8> kMarks{"Traceback (most recent call last)",
                                                 "Exception in thread ",
                                                 "[running]:",
                                                 "PHP Fatal error",
                                                 "Stack trace:",
                                                 "' panicked at",
                                                 "SQLSTATE[",
                                                 "System.NullReferenceException"};

}  // namespace

std::string find_stack_trace(std::string_view body) {
  for (const std::string_view mark : kMarks)
    if (const std::size_t start = body.find(mark); start != std::string_view::npos) return cut(line_from(body, start));
  return find_frame(body);
}

}  // namespace chatelaine::inspection
