#include "openapi/description.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
      {"one path of two items, each with methods of its own",
       "openapi: 3.0.0\npaths: {'/a/{b}': {get: {operationId: x}}, '/a/{c}': {put: {operationId: y}}}",
       "3.0.0",
       {"x", "y"}},
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

TEST(Description, PathParametersAreThoseOfThePath) {
  const auto read = read_description(
      "paths: {'/a/{b}': {parameters: [{name: B, in: path}], get: {parameters: [{name: q, in: query}, {name: q, in: "
      "query, required: true}]}}}");
  ASSERT_TRUE(read);
  std::vector<std::string> names;
  for (const Parameter& parameter : read->operations[0].parameters) names.push_back(parameter.name);
  EXPECT_THAT(names, ElementsAre("q", "b"));
  EXPECT_FALSE(read->operations[0].parameters[0].required) << "the first of two counts";
}

TEST(Description, AServerOfItsOwn) {
  const auto read = read_description(R"(
servers: [{url: 'https://{h}/v1', variables: {h: {default: api.example}}}]
paths:
  /a: {servers: [{url: https://files.example}], get: {operationId: path}, put: {operationId: own, servers: [{url: /v2}]}}
  /b: {get: {operationId: same, servers: [{url: https://api.example/v1}]}, put: {operationId: none, servers: []}}
)");
  ASSERT_TRUE(read);
  EXPECT_EQ(find(*read, "path").other_server, "https://files.example");
  EXPECT_EQ(find(*read, "own").other_server, "/v2");
  EXPECT_EQ(find(*read, "same").other_server, std::nullopt);
  EXPECT_EQ(find(*read, "none").other_server, std::nullopt);
}

}  // namespace
}  // namespace chatelaine::openapi
