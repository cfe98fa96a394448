#include "openapi/exposure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

namespace chatelaine::openapi {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Description read(std::string_view text) {
  auto description = read_description(text);
  EXPECT_TRUE(description) << (description ? "" : description.error().front().message);
  return description ? *std::move(description) : Description();
}

constexpr std::string_view kPlain = R"(
openapi: 3.0.3
paths:
  /api/v1/todo-lists:
    get: {operationId: list, tags: [Todo Lists]}
    post: {operationId: add, tags: [Todo Lists]}
  /api/v1/todo-lists/{id}:
    delete: {tags: [Todo Lists]}
  /v2/reports: {get: {operationId: reports}}
  /{page}: {get: {operationId: page}}
  /open: {get: {operationId: open, security: []}}
)";

TEST(ProposeScopes, TakesTagsAndMethodsWhereTheFileSaysNothing) {
  const auto scopes = propose_scopes(read(kPlain), {}, {});
  ASSERT_EQ(scopes.size(), 5U);
  EXPECT_EQ(scopes[0].name, "todo_lists.read");
  EXPECT_EQ(scopes[0].description, "Read todo Lists");
  EXPECT_THAT(*scopes[0].operations, ElementsAre("list"));
  EXPECT_EQ(scopes[1].name, "todo_lists.write");
  EXPECT_EQ(scopes[1].description, "Add and change todo Lists");
  EXPECT_THAT(*scopes[1].operations, ElementsAre("add"));
  EXPECT_EQ(scopes[2].name, "todo_lists.delete");
  EXPECT_THAT(*scopes[2].operations, ElementsAre("delete /api/v1/todo-lists/{id}"));
  EXPECT_EQ(scopes[3].name, "reports.read") << "a version and \"api\" say nothing of what a path is about";
  EXPECT_EQ(scopes[4].name, "api.read");
  EXPECT_EQ(scopes[4].description, "Read everything else");
}

TEST(ProposeScopes, KeepsTheScopesOfTheFileWithItsSentences) {
  const auto scopes = propose_scopes(read(R"(
openapi: 3.0.3
components:
  securitySchemes:
    login: {type: oauth2, flows: {authorizationCode: {scopes: {"todos:read": "See your lists\nand more", unused: x}}}}
    key: {type: apiKey, in: header, name: X-Key}
    bare: {type: oauth2, flows: {password: {tokenUrl: /token, scopes: {}}}}
    oidc: {type: openIdConnect, openIdConnectUrl: https://login.example}
paths:
  /a: {get: {operationId: a, security: [{login: ["todos:read"]}]}}
  /b: {get: {operationId: b, security: [{key: []}]}}
  /c: {get: {operationId: c, security: [{login: []}]}}
  /d: {get: {operationId: d, security: [{bare: []}]}}
  /e: {get: {operationId: e, security: [{oidc: []}]}}
)"),
                                     {}, {});
  ASSERT_EQ(scopes.size(), 4U);
  EXPECT_EQ(scopes[0].name, "todos:read");
  EXPECT_EQ(scopes[0].description, "See your lists");
  EXPECT_THAT(*scopes[0].operations, IsEmpty()) << "the file says it itself";
  EXPECT_EQ(scopes[1].name, "b.read") << "an API key knows no scopes";
  EXPECT_EQ(scopes[2].name, "d.read") << "a scheme without scopes says no more than that callers sign in";
  EXPECT_EQ(scopes[3].name, "e.read");
}

TEST(ProposeScopes, LeavesOutWhatTheConfigurationOpensOrCloses) {
  const auto scopes =
      propose_scopes(read(kPlain), {{"mine", "", std::vector<std::string>{"list", "GET /v2/reports"}}}, {"add"});
  std::vector<std::string> proposed;
  for (const ScopeOpening& scope : scopes) std::ranges::copy(*scope.operations, std::back_inserter(proposed));
  EXPECT_THAT(proposed, ElementsAre("delete /api/v1/todo-lists/{id}", "page"));
}

TEST(ProposeScopes, GivesEachSubjectANameOfItsOwn) {
  constexpr std::string_view kTags = R"(
paths:
  /c: {get: {operationId: a, tags: [C]}}
  /d: {get: {operationId: b, tags: [C++]}, post: {operationId: c, tags: [C++]}}
  /orders: {get: {operationId: d, tags: [注文 (v2)]}}
  /clients: {get: {operationId: e, tags: [顧客 (v2)]}}
  /orders/old: {get: {operationId: f, tags: [古い注文]}}
  /{id}: {get: {operationId: g, tags: [注文]}}
)";
  const auto scopes = propose_scopes(read(kTags), {}, {});
  std::vector<std::string> names;
  std::ranges::transform(scopes, std::back_inserter(names), &ScopeOpening::name);
  EXPECT_THAT(names, ElementsAre("c.read", "c_2.read", "c_2.write", "orders.read", "clients.read", "orders_2.read",
                                 "api.read"));
  EXPECT_EQ(scopes[3].description, "Read 注文 (v2)");
  // What is opened already keeps its name from what comes later.
  const auto later = propose_scopes(read(kTags), {{"c.read", "", std::vector<std::string>{"a"}}}, {});
  EXPECT_EQ(later.front().name, "c_2.read");
}

TEST(CloseOperations, WhateverOpensThem) {
  Description description = read(R"(
servers: [{url: /v1}]
paths: {/a: {get: {operationId: a, security: [{login: [one]}]}, delete: {}}}
)");
  ASSERT_TRUE(close_operations(description, {"a", "DELETE /v1/a"}));
  for (const Operation& operation : description.operations) {
    EXPECT_EQ(operation.demand, Demand::closed);
    EXPECT_THAT(operation.scopes, IsEmpty());
  }
  EXPECT_EQ(close_operations(description, {"a", "b"}).error(), "b");
}

TEST(FindNamedOperation, NeverTakesOneForAnother) {
  const Description description = read(R"(
servers: [{url: /v1}]
paths:
  /a: {get: {operationId: same}, put: {operationId: "get /b"}, post: {operationId: "two\nlines"}}
  /b: {get: {operationId: same}, put: {operationId: "two words"}}
)");
  struct Row {
    std::string_view name;
    std::string_view call;
  };
  const Row rows[] = {
      {"same", ""},         {"get /a", "GET /a"},   {"GET /v1/a", "GET /a"}, {"get /b", "GET /b"},
      {"put /a", "PUT /a"}, {"post /a", "POST /a"}, {"two words", "PUT /b"}, {"get  /a", ""},
      {"get", ""},          {"get /v1/v1/a", ""},
  };
  for (const Row& row : rows) {
    const Operation* found = find_named_operation(description, row.name);
    EXPECT_EQ(found == nullptr ? "" : found->method + " " + found->path, row.call) << row.name;
  }
}

TEST(OpenOperations, AddsToWhatTheFileAsksForAndClosesTheRest) {
  Description description = read(R"(
paths:
  /a: {get: {operationId: a, security: [{login: [one]}]}}
  /b: {get: {operationId: b}, post: {}}
  /c: {get: {operationId: c, security: []}}
)");
  ASSERT_TRUE(open_operations(description, {{"two", "", std::vector<std::string>{"a", "c", "a"}},
                                            {"three", "", std::vector<std::string>{"POST /b"}}}));
  const auto& [a, b, post_b, c] = std::tie(description.operations[0], description.operations[1],
                                           description.operations[2], description.operations[3]);
  EXPECT_THAT(a.scopes, ElementsAre("one", "two"));
  EXPECT_EQ(b.demand, Demand::closed);
  EXPECT_THAT(post_b.scopes, ElementsAre("three"));
  EXPECT_THAT(c.scopes, ElementsAre("two"));
  EXPECT_EQ(c.demand, Demand::scopes);
}

TEST(OpenOperations, LeavesTheFilesOwnWordWhereNobodyOpensAnythingByHand) {
  Description description = read("paths: {/a: {get: {}}}");
  ASSERT_TRUE(open_operations(description, {{"one", "", std::nullopt}}));
  EXPECT_EQ(description.operations[0].demand, Demand::unsaid);
}

TEST(OpenOperations, AnEmptyListSaysThatScopesAreGivenOutByHand) {
  Description description = read("paths: {/a: {get: {}}}");
  ASSERT_TRUE(open_operations(description, {{"one", "", std::vector<std::string>()}}));
  EXPECT_EQ(description.operations[0].demand, Demand::closed);
}

TEST(OpenOperations, NamesTheOperationThatIsNotThere) {
  Description description = read("paths: {/a: {get: {operationId: a}}}");
  for (const std::string name : {"A", "post /a", "get /A", "get", ""}) {
    const auto opened = open_operations(description, {{"one", "", std::vector<std::string>{name}}});
    ASSERT_FALSE(opened) << name;
    EXPECT_EQ(opened.error().scope, "one");
    EXPECT_EQ(opened.error().operation, name);
  }
}

// RFC 9110 §9.2.1, §9.3.5: what is safe reads, what deletes removes.
TEST(Effect, IsWhatTheMethodPromises) {
  const Description description = read("paths: {/a: {get: {}, head: {}, put: {}, patch: {}, post: {}, delete: {}}}");
  for (const Operation& operation : description.operations) {
    const bool is_safe = operation.method == "GET" || operation.method == "HEAD";
    const Effect expected = is_safe ? Effect::read : operation.method == "DELETE" ? Effect::remove : Effect::change;
    EXPECT_EQ(operation.effect, expected) << operation.method;
  }
}

// A page that reads "Read orders" must not hold what starts a rocket by GET.
TEST(Effect, CountsConsequencesThatTheFileTellsOf) {
  const Description description = read(R"(
paths:
  /launch: {get: {operationId: launch, tags: [Orders], x-openai-isConsequential: true}}
  /orders:
    get: {operationId: list, tags: [Orders], x-openai-isConsequential: false}
    post: {operationId: add, tags: [Orders], x-openai-isConsequential: false}
    delete: {operationId: clear, tags: [Orders], x-openai-isConsequential: false}
)");
  struct Row {
    std::string_view id;
    Effect effect;
    std::string_view scope;
  };
  const Row rows[] = {{"launch", Effect::change, "orders.write"},
                      {"list", Effect::read, "orders.read"},
                      {"add", Effect::change, "orders.write"},
                      {"clear", Effect::remove, "orders.delete"}};
  const auto proposed = propose_scopes(description, {}, {});
  for (const Row& row : rows) {
    EXPECT_EQ(weigh_effect(*description.find_operation(row.id)), row.effect) << row.id;
    for (const ScopeOpening& scope : proposed) {
      const bool opens = std::ranges::find(*scope.operations, row.id) != scope.operations->end();
      EXPECT_EQ(opens, scope.name == row.scope) << row.id << " " << scope.name;
    }
  }
}

TEST(DescribeOperation, FindsALineForAPerson) {
  struct Row {
    std::string id;
    std::string summary;
    std::string description;
    std::string line;
  };
  const Row rows[] = {
      {"a", " read your lists. ", "x", "Read your lists"},
      {"a", "", "Reads a list. With all of it.\nMore", "Reads a list"},
      {"listTodoLists", "", "", "List todo lists"},
      {"list_todos", "", "", "List todos"},
      {"get /todos/{id}", "", "", "Get /todos/{id}"},
      {"list", " ... ", ". ", "List"},
      {"a", "one\ttwo\nthree", "", "One two"},
      {"a", std::string(99, 'x') + "äöü", "", "X" + std::string(98, 'x') + "…"},
  };
  for (const Row& row : rows) {
    Operation operation;
    operation.id = row.id;
    operation.summary = row.summary;
    operation.description = row.description;
    EXPECT_EQ(describe_operation(operation), row.line);
  }
}

TEST(ReadBasePath, IsWhatStandsBeforeThePathsOfAServer) {
  struct Row {
    std::string_view server;
    std::optional<std::string> path;
  };
  const Row rows[] = {
      {"https://api.example/v1/", "/v1"},
      {"https://api.example", ""},
      {"/", ""},
      {"", ""},
      {"/v1", "/v1"},
      {"./v1", "/v1"},
      {"v1/x/", "/v1/x"},
      {"//api.example/v1", "/v1"},
      {"/a/../v1/./", "/v1"},
      {"/{version}", std::nullopt},
      {"ftp://a/v1", std::nullopt},
      {"https://{host}/v1", std::nullopt},
  };
  for (const Row& row : rows) EXPECT_EQ(read_base_path(row.server), row.path) << row.server;
}

TEST(ReadDescription, TakesANumberForAServerVariable) {
  const Description description = read(R"(
servers: [{url: "/v{version}/{name}", variables: {version: {default: 2}, name: {default: x}}}, {url: /other}]
paths: {/a: {get: {}}}
)");
  EXPECT_EQ(description.base_path, "/v2/x");
  EXPECT_THAT(description.possible_base_paths, ElementsAre("", "/other", "/v2/x"));
}

TEST(MatchOperation, CountsFromThePathOfTheFirstServer) {
  const Description description = read(R"(
servers:
  - {url: "https://{host}/api/{version}/", variables: {host: {default: api.example}, version: {default: v1}}}
  - {url: /other}
paths: {/todos: {get: {operationId: a}}, /: {get: {operationId: root}}}
)");
  EXPECT_EQ(description.base_path, "/api/v1");
  EXPECT_EQ(description.servers.front(), "https://api.example/api/v1/");
  struct Row {
    std::string_view path;
    Spelling spelling;
    std::string_view id;
  };
  const Row rows[] = {
      {"/api/v1/todos", Spelling::exact, "a"},      {"/todos", Spelling::exact, ""},
      {"/api/v1/", Spelling::exact, "root"},        {"/API/v1/todos", Spelling::exact, ""},
      {"/API/%761/todos/", Spelling::lenient, "a"}, {"/api/v1", Spelling::exact, ""},
      {"/api/v1todos", Spelling::exact, ""},        {"/other/todos", Spelling::exact, ""},
  };
  for (const Row& row : rows) {
    const Operation* operation = match_operation(description, "GET", row.path, row.spelling);
    EXPECT_EQ(operation == nullptr ? "" : operation->id, row.id) << row.path;
  }
}

}  // namespace
}  // namespace chatelaine::openapi
