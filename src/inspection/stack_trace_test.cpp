#include "inspection/stack_trace.hpp"

#include <gtest/gtest.h>

namespace chatelaine::inspection {
namespace {

TEST(StackTraces, AreKnownByTheirFrames) {
  struct Row {
    std::string_view sentence;
    std::string_view body;
    std::string_view found;
  };
  const Row rows[] = {
      {"Node", "Error: oops\n    at handle (/srv/app/server.js:12:3)\n", "at handle (/srv/app/server.js:12:3)"},
      {"Node in a page", "<pre>Error<br> &nbsp; &nbsp;at handle (/srv/app/server.js:12:3)<br>",
       "&nbsp;at handle (/srv/app/server.js:12:3)<br>"},
      {"Java", "java.lang.Error\n\tat todo.Api.list(Api.java:7)\n", "at todo.Api.list(Api.java:7)"},
      {".NET", "System.Exception: oops\n   at Todo.List(String id) in /src/List.cs:line 12\n",
       "at Todo.List(String id) in /src/List.cs:line 12"},
      {"Go", "panic: oops\n\ngoroutine 17 [running]:\nmain.main()\n", "[running]:"},
      {"Python", "Traceback (most recent call last)\n  File", "Traceback (most recent call last)"},
      {"a sentence is none", "We are closed\n    at noon (and on Sundays)\n", ""},
      {"a frame after a sentence", "Closed\n    at noon (daily)\n    at run (app.js:1:2)\n", "at run (app.js:1:2)"},
      {"nothing", "", ""},
      {"a beginning alone", "\n    at ", ""},
  };
  for (const Row& row : rows) EXPECT_EQ(find_stack_trace(row.body), row.found) << row.sentence;
}

}  // namespace
}  // namespace chatelaine::inspection
