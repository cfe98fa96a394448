#include "openapi/path_template.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "openapi/description.hpp"

namespace chatelaine::openapi {
namespace {

Description make_description() {
  Description description;
  const auto add = [&](std::string method, std::string path) {
    std::string id = method + " " + path;
    description.operations.push_back({.id = std::move(id), .method = std::move(method), .path = std::move(path)});
  };
  add("GET", "/");
  add("GET", "/todos");
  add("POST", "/todos");
  add("GET", "/todos/{id}");
  add("GET", "/todos/mine");
  add("GET", "/{list}/mine");
  add("GET", "/todos/{id}/items/{item}");
  add("GET", "/files/{name}.json");
  add("GET", "/range/{from}-{to}");
  add("POST", "/todos/{id}");
  add("POST", "/todos/{id}:purge");
  add("POST", "/{list}/{id}:purge");
  add("GET", "/caf%C3%A9");
  add("GET", "/slash/");
  return description;
}

struct Row {
  std::string_view name;
  std::string_view method;
  std::string_view path;
  std::string_view exact;
  std::string_view lenient;
};

TEST(MatchOperation, FindsWhatThePathNames) {
  const Row rows[] = {
      {"the root", "GET", "/", "GET /", "GET /"},
      {"a concrete path", "GET", "/todos", "GET /todos", "GET /todos"},
      {"the method decides", "POST", "/todos", "POST /todos", "POST /todos"},
      {"another method", "DELETE", "/todos", "", ""},
      {"a template", "GET", "/todos/7", "GET /todos/{id}", "GET /todos/{id}"},
      {"OpenAPI 3.1 §4.8.8: concrete before templated", "GET", "/todos/mine", "GET /todos/mine", "GET /todos/mine"},
      {"concrete at the first difference", "GET", "/lists/mine", "GET /{list}/mine", "GET /{list}/mine"},
      {"two templates", "GET", "/todos/7/items/8", "GET /todos/{id}/items/{item}", "GET /todos/{id}/items/{item}"},
      {"of two templates the more literal one", "POST", "/todos/7:purge", "POST /todos/{id}:purge",
       "POST /todos/{id}:purge"},
      {"the less literal one where the other does not fit", "POST", "/todos/7", "POST /todos/{id}", "POST /todos/{id}"},
      {"more concrete at the first difference goes before", "POST", "/lists/7:purge", "POST /{list}/{id}:purge",
       "POST /{list}/{id}:purge"},
      {"a literal end in another case", "POST", "/todos/7:Purge", "POST /todos/{id}", "POST /todos/{id}:purge"},
      {"a template is never empty", "GET", "/todos//items/8", "", ""},
      {"a template is one segment", "GET", "/todos/7/8", "", ""},
      {"an encoded slash stays in its segment", "GET", "/todos/7%2F8", "GET /todos/{id}", "GET /todos/{id}"},
      {"encoded letters are the letters", "GET", "/%74odos", "GET /todos", "GET /todos"},
      {"an encoded template literal", "GET", "/caf%c3%a9", "GET /caf%C3%A9", "GET /caf%C3%A9"},
      {"a broken escape fits nothing", "GET", "/todos/%zz", "", ""},
      {"a trailing slash differs", "GET", "/todos/", "", "GET /todos"},
      {"a missing trailing slash differs", "GET", "/slash", "", "GET /slash/"},
      {"a trailing slash that is described", "GET", "/slash/", "GET /slash/", "GET /slash/"},
      {"the case differs", "GET", "/Todos/7", "", "GET /todos/{id}"},
      {"a template with an ending", "GET", "/files/a.json", "GET /files/{name}.json", "GET /files/{name}.json"},
      {"the ending must be there", "GET", "/files/a.xml", "", ""},
      {"two templates in a segment", "GET", "/range/1-2", "GET /range/{from}-{to}", "GET /range/{from}-{to}"},
      {"both must be there", "GET", "/range/1-", "", ""},
      {"RFC 3986 §3.3: parameters of a segment differ", "GET", "/todos;v=1", "", "GET /todos"},
      {"an encoded semicolon too", "GET", "/todos%3bx", "", "GET /todos"},
      {"in upper case", "GET", "/todos%3Bx", "", "GET /todos"},
      {"whatever stands behind it", "GET", "/todos;%zz", "", "GET /todos"},
      {"in the middle", "GET", "/todos;a/7/items;b/8", "", "GET /todos/{id}/items/{item}"},
      {"no leading slash", "GET", "todos", "", ""},
      {"nothing", "GET", "", "", ""},
  };
  const Description description = make_description();
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const Operation* exact = match_operation(description, row.method, row.path);
    EXPECT_EQ(exact == nullptr ? "" : exact->id, row.exact);
    const Operation* lenient = match_operation(description, row.method, row.path, Spelling::lenient);
    EXPECT_EQ(lenient == nullptr ? "" : lenient->id, row.lenient);
  }
}

TEST(PathTemplate, NamesInOrderEachOnce) {
  EXPECT_THAT(list_template_names("/a/{b}/{c}-{d}/{b}"), testing::ElementsAre("b", "c", "d"));
  EXPECT_THAT(list_template_names("/a/{b"), testing::IsEmpty());
}

}  // namespace
}  // namespace chatelaine::openapi
