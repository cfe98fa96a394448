#include "openapi/description.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

namespace chatelaine::openapi {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kTodo = R"(
openapi: 3.0.1
info: {title: Todo, version: "1"}
servers:
  - url: https://todo.example.com
  - url: /v1
security:
  - oauth: [todos.read]
components:
  securitySchemes:
    oauth: {type: oauth2, flows: {}}
    oidc: {type: openIdConnect, openIdConnectUrl: https://example.com}
    key: {type: apiKey, in: header, name: X-Key}
  parameters:
    id: {name: id, in: path, required: true, schema: {$ref: '#/components/schemas/Id'}}
  requestBodies:
    todo:
      required: true
      content:
        text/plain: {}
        application/json: {schema: {$ref: '#/components/schemas/Todo'}}
  schemas:
    Id: {type: string}
    Base: {type: object, required: [title], properties: {title: {type: string, description: What to do}}}
    Todo:
      allOf:
        - $ref: '#/components/schemas/Base'
        - {type: object, properties: {due: {type: [string, 'null']}, parent: {$ref: '#/components/schemas/Todo'}}}
  pathItems:
    shared: {get: {operationId: shared, responses: {}}}
paths:
  /todos:
    get:
      operationId: listTodos
      summary: Lists
      description: Lists all
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
    post:
      operationId: addTodo
      requestBody: {$ref: '#/components/requestBodies/todo'}
      security:
        - key: []
        - oauth: [todos.write, todos.read]
        - oidc: [profile]
  /todos/{id}:
    parameters:
      - $ref: '#/components/parameters/id'
      - {name: verbose, in: query}
    get:
      operationId: getTodo
      parameters: [{name: verbose, in: query, required: true, schema: {type: boolean}}]
      security: []
    delete:
      security: [{oauth: [todos.write]}, {}]
    patch:
      operationId: patchTodo
      security: [{oauth: [todos.write], oidc: [profile]}]
  /shared: {$ref: '#/components/pathItems/shared'}
  x-note: anything
)";

const Operation& find(const Description& description, std::string_view id) {
  const Operation* operation = description.find_operation(id);
  EXPECT_NE(operation, nullptr) << id;
  return *operation;
}

TEST(Description, ReadsOperations) {
  const auto read = read_description(kTodo);
  ASSERT_TRUE(read) << read.error()[0].path << read.error()[0].message;
  EXPECT_EQ(read->version, "3.0.1");
  EXPECT_THAT(read->servers, ElementsAre("https://todo.example.com", "/v1"));
  ASSERT_EQ(read->operations.size(), 6U);
  const Operation& list = find(*read, "listTodos");
  EXPECT_EQ(list.method, "GET");
  EXPECT_EQ(list.path, "/todos");
  EXPECT_EQ(list.summary, "Lists");
  EXPECT_EQ(list.description, "Lists all");
  ASSERT_EQ(list.parameters.size(), 1U);
  EXPECT_EQ(list.parameters[0].type, "integer");
  EXPECT_FALSE(list.parameters[0].required);
  EXPECT_EQ(find(*read, "shared").path, "/shared");
  EXPECT_EQ(find(*read, "delete /todos/{id}").method, "DELETE");
}

TEST(Description, OwnParametersReplaceThePaths) {
  const auto read = read_description(kTodo);
  ASSERT_TRUE(read);
  const Operation& get = find(*read, "getTodo");
  ASSERT_EQ(get.parameters.size(), 2U);
  EXPECT_EQ(get.parameters[0].name, "id");
  EXPECT_EQ(get.parameters[0].place, ParameterPlace::path);
  EXPECT_EQ(get.parameters[0].type, "string");
  EXPECT_EQ(get.parameters[1].type, "boolean");
  EXPECT_TRUE(get.parameters[1].required);
}

TEST(Description, BodiesPreferJsonAndFollowReferences) {
  const auto read = read_description(kTodo);
  ASSERT_TRUE(read);
  const auto& body = find(*read, "addTodo").body;
  ASSERT_TRUE(body);
  EXPECT_TRUE(body->required);
  EXPECT_EQ(body->media_type, "application/json");
  ASSERT_EQ(body->properties.size(), 3U);
  EXPECT_EQ(body->properties[0].name, "title");
  EXPECT_TRUE(body->properties[0].required);
  EXPECT_EQ(body->properties[0].description, "What to do");
  EXPECT_EQ(body->properties[1].name, "due");
  EXPECT_EQ(body->properties[1].type, "string");
  EXPECT_FALSE(body->properties[1].required);
  EXPECT_EQ(body->properties[2].name, "parent");
}

TEST(Description, ScopesAreThoseOfTheFirstAlternativeWithOAuth) {
  const auto read = read_description(kTodo);
  ASSERT_TRUE(read);
  EXPECT_THAT(find(*read, "listTodos").scopes, ElementsAre("todos.read"));               // the document's
  EXPECT_THAT(find(*read, "addTodo").scopes, ElementsAre("todos.read", "todos.write"));  // past the key
  EXPECT_THAT(find(*read, "getTodo").scopes, IsEmpty());                                 // []
  EXPECT_THAT(find(*read, "delete /todos/{id}").scopes, IsEmpty());                      // {} is an alternative
  EXPECT_THAT(find(*read, "patchTodo").scopes, ElementsAre("profile", "todos.write"));   // both at once
}

std::string repeat(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

/// `text` with each `#` in it replaced by a number that counts up.
std::string count_up(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    for (const char c : text) out += c == '#' ? std::to_string(i) : std::string(1, c);
  }
  return out;
}

struct AcceptedRow {
  std::string_view name;
  std::string text;
  std::string_view version;
  std::vector<std::string> ids;
};

TEST(Description, WhatRealFilesDoIsAccepted) {
  const AcceptedRow rows[] = {
      {"OpenAPI 3.1", "openapi: 3.1.0\npaths: {/a: {get: {operationId: a}}}", "3.1.0", {"a"}},
      {"the number 3.1", "openapi: 3.1\npaths: {/a: {get: {operationId: a}}}", "3.1", {"a"}},
      {"the number 3.0", "openapi: 3.0\npaths: {/a: {get: {operationId: a}}}", "3.0", {"a"}},
      {"the string 3.1", "openapi: '3.1'\npaths: {/a: {get: {operationId: a}}}", "3.1", {"a"}},
      {"no version", "paths: {/a: {get: {operationId: a}}}", "", {"a"}},
      {"JSON", R"({"openapi":"3.0.0","paths":{"/a":{"get":{"operationId":"a"}}}})", "3.0.0", {"a"}},
      {"no operationId", "openapi: 3.0.0\npaths: {'/a/{b}': {get: {}}}", "3.0.0", {"get /a/{b}"}},
      {"a repeated operationId",
       "openapi: 3.0.0\npaths: {/a: {get: {operationId: x}, put: {operationId: x}}, /b: {get: {operationId: x}}}",
       "3.0.0",
       {"get /a", "put /a", "get /b"}},
      {"an undeclared path parameter", "openapi: 3.0.0\npaths: {'/a/{b}': {get: {operationId: a}}}", "3.0.0", {"a"}},
      {"a schema that refers to itself",
       "openapi: 3.0.0\npaths: {/a: {post: {operationId: a, requestBody: {content: {application/json: {schema: {$ref: "
       "'#/components/schemas/S'}}}}}}}\ncomponents: {schemas: {S: {allOf: [{$ref: '#/components/schemas/S'}]}}}",
       "3.0.0",
       {"a"}},
      {"a schema that refers to itself a hundred times",
       "openapi: 3.0.0\npaths: {/a: {post: {operationId: a, requestBody: {content: {application/json: {schema: {$ref: "
       "'#/components/schemas/S'}}}}}}}\ncomponents: {schemas: {S: {allOf: [" +
           repeat("{$ref: '#/components/schemas/S'}, ", 100) + "]}}}",
       "3.0.0",
       {"a"}},
      {"a path of braces", R"({"paths":{"/)" + repeat("{", 500'000) + R"(}":{"get":{"operationId":"a"}}}})", "", {"a"}},
      {"a schema in another file",
       "openapi: 3.0.0\npaths: {/a: {get: {operationId: a, parameters: [{name: q, in: query, schema: {$ref: "
       "other.yaml}}]}}}",
       "3.0.0",
       {"a"}},
  };
  for (const AcceptedRow& row : rows) {
    SCOPED_TRACE(row.name);
    const auto read = read_description(row.text);
    ASSERT_TRUE(read) << read.error()[0].path << " " << read.error()[0].message;
    EXPECT_EQ(read->version, row.version);
    std::vector<std::string> ids;
    for (const Operation& operation : read->operations) ids.push_back(operation.id);
    EXPECT_EQ(ids, row.ids);
  }
}

TEST(Description, AnUndeclaredPathParameterIsAdded) {
  const auto read = read_description("paths: {'/a/{b}': {get: {operationId: a}}}");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->operations[0].parameters.size(), 1U);
  EXPECT_EQ(read->operations[0].parameters[0].name, "b");
  EXPECT_EQ(read->operations[0].parameters[0].place, ParameterPlace::path);
  EXPECT_TRUE(read->operations[0].parameters[0].required);
}

TEST(Description, AScopeOfAnUndeclaredSchemeIsNotLost) {
  const auto read = read_description("paths: {/a: {get: {operationId: a, security: [{forgotten: [write]}]}}}");
  ASSERT_TRUE(read);
  EXPECT_THAT(read->operations[0].scopes, ElementsAre("write"));
}

TEST(Description, HeadersThatOthersDecideAreIgnored) {
  const auto read = read_description(
      "paths: {/a: {get: {operationId: a, parameters: [{name: authorization, in: header, required: true},"
      " {name: ACCEPT, in: header}, {name: Content-Type, in: header, required: true},"
      " {name: Authorization, in: query}, {name: X-Trace, in: header}]}}}");
  ASSERT_TRUE(read);
  std::vector<std::string> names;
  for (const Parameter& parameter : read->operations[0].parameters) names.push_back(parameter.name);
  EXPECT_THAT(names, ElementsAre("Authorization", "X-Trace")) << "OpenAPI 3.1 §4.8.12.1";
}

struct RefusedRow {
  std::string_view name;
  std::string text;
  std::string_view path;
  std::string_view code;
};

TEST(Description, WhatCouldNotBeCalledIsRefused) {
  const RefusedRow rows[] = {
      {"an HTML page", "<html></html>", "line 1, column 1", "html_page"},
      {"a list", "[]", "", "wrong_type"},
      {"Swagger 2.0", "swagger: '2.0'\npaths: {/a: {get: {}}}", "/swagger", "swagger_2"},
      {"a version to come", "openapi: 4.0.0\npaths: {/a: {get: {}}}", "/openapi", "unsupported_version"},
      {"a version that is no text", "openapi: {}\npaths: {/a: {get: {}}}", "/openapi", "unsupported_version"},
      {"no paths", "openapi: 3.1.0\nwebhooks: {}", "/paths", "missing"},
      {"paths as a list", "openapi: 3.0.0\npaths: []", "/paths", "wrong_type"},
      {"paths without a method", "openapi: 3.0.0\npaths: {/a: {}}", "/paths", "no_operations"},
      {"a path without a slash", "openapi: 3.0.0\npaths: {a: {get: {}}}", "/paths/a", "bad_path"},
      {"an operation that is none", "openapi: 3.0.0\npaths: {/a/b: {get: 1}}", "/paths/~1a~1b/get", "wrong_type"},
      {"a parameter without a place", "openapi: 3.0.0\npaths: {/a: {get: {parameters: [{name: q}]}}}",
       "/paths/~1a/get/parameters/0", "bad_parameter"},
      {"a Swagger 2.0 body parameter", "openapi: 3.0.0\npaths: {/a: {post: {parameters: [{name: b, in: body}]}}}",
       "/paths/~1a/post/parameters/0", "bad_parameter"},
      {"a parameter that refers to nothing",
       "openapi: 3.0.0\npaths: {/a: {get: {parameters: [{$ref: '#/components/parameters/q'}]}}}",
       "/paths/~1a/get/parameters/0", "broken_reference"},
      {"a parameter in another file",
       "openapi: 3.0.0\npaths: {/a: {get: {parameters: [{$ref: 'https://example.com/q.yaml'}]}}}",
       "/paths/~1a/get/parameters/0", "external_reference"},
      {"a body that refers to itself",
       "openapi: 3.0.0\npaths: {/a: {get: {requestBody: {$ref: '#/components/requestBodies/x'}}}}\n"
       "components: {requestBodies: {x: {$ref: '#/components/requestBodies/x'}}}",
       "/paths/~1a/get/requestBody", "reference_cycle"},
      {"two path items that refer to each other",
       "openapi: 3.0.0\npaths: {/a: {$ref: '#/paths/~1b'}, /b: {$ref: '#/paths/~1a'}}", "/paths/~1a",
       "reference_cycle"},
      {"security that hides what it asks for", "openapi: 3.0.0\npaths: {/a: {get: {security: {oauth: [write]}}}}",
       "/paths/~1a/get/security", "bad_security"},
      {"scopes that are no list", "openapi: 3.0.0\nsecurity: [{oauth: write}]\npaths: {/a: {get: {}}}", "/security",
       "bad_security"},
  };
  for (const RefusedRow& row : rows) {
    SCOPED_TRACE(row.name);
    const auto read = read_description(row.text);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error()[0].path, row.path);
    EXPECT_EQ(read.error()[0].code, row.code);
    EXPECT_FALSE(read.error()[0].message.empty());
    EXPECT_FALSE(read.error()[0].expected.empty());
  }
}

struct ExcessRow {
  std::string_view name;
  std::string text;
  std::string_view path;
};

TEST(Description, WhatCostsMoreThanAStrangersFileMayIsRefusedQuickly) {
  // A number stands for `#`; `@` is a `#` that stays.
  const std::string body_of_s =
      "requestBody: {content: {application/json: {schema: {$ref: '@/components/schemas/S'}}}}";
  const ExcessRow rows[] = {
      {"too many operations", "paths: {" + count_up("/p#: {get: {}, put: {}}, ", 1001) + "}", "/paths"},
      {"too many operations, each a reference to one path",
       "paths: {" + count_up("/p#: {$ref: '@/components/pathItems/P'}, ", 1001) +
           "}\ncomponents: {pathItems: {P: {get: {}, put: {}}}}",
       "/paths"},
      {"a long description copied by many paths",
       "paths: {" + count_up("/p#: {$ref: '@/components/pathItems/P'}, ", 20) +
           "}\ncomponents: {pathItems: {P: {get: {" + "description: " + std::string(1'000'000, 'd') + "}}}}",
       ""},
      {"too many parameters", "paths: {/a: {get: {parameters: [" + count_up("{name: p#, in: query}, ", 201) + "]}}}",
       "/paths/~1a/get"},
      {"too many parameters, half of them the path's",
       "paths: {/a: {parameters: [" + count_up("{name: p#, in: query}, ", 150) + "], get: {parameters: [" +
           count_up("{name: q#, in: query}, ", 150) + "]}}}",
       "/paths/~1a/get"},
      {"too many names in a path", R"({"paths":{")" + count_up("/{n#}", 201) + R"(":{"get":{"operationId":"a"}}}})",
       ""},
      {"too many properties",
       "paths: {/a: {post: {" + body_of_s + "}}}\ncomponents: {schemas: {S: {properties: {" +
           count_up("p#: {}, ", 201) + "}}}}",
       "/paths/~1a/post"},
      {"properties that are required a million times",
       "paths: {" + count_up("/p#: {post: {" + body_of_s + "}}, ", 100) +
           "}\ncomponents: {schemas: {S: {properties: {a: {}}, required: [" + repeat("a, ", 100'000) + "]}}}",
       ""},
  };
  for (const ExcessRow& row : rows) {
    SCOPED_TRACE(row.name);
    std::string text = row.text;
    std::ranges::replace(text, '@', '#');
    const auto start = std::chrono::steady_clock::now();
    const auto read = read_description(text);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().back().code, "too_large") << read.error().back().message;
    if (!row.path.empty()) {
      EXPECT_EQ(read.error().back().path, row.path);
    }
  }
}

TEST(Description, NoMoreThanAHundredFaultsAreListed) {
  const auto read = read_description("paths: {/a: {get: {parameters: [" + repeat("{}, ", 150) + "]}}}");
  ASSERT_FALSE(read);
  ASSERT_EQ(read.error().size(), 101U);
  EXPECT_EQ(read.error().front().code, "bad_parameter");
  EXPECT_EQ(read.error().back().code, "too_large");
}

TEST(Description, EveryFaultIsNamed) {
  const auto read = read_description("openapi: 3.0.0\npaths: {a: {get: {}}, /b: {get: 1, put: {security: 7}}}");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().size(), 3U);
}

}  // namespace
}  // namespace chatelaine::openapi
