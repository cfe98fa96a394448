#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "openapi/description.hpp"

namespace chatelaine::openapi {
namespace {

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
      {"a path with half a name", "openapi: 3.0.0\npaths: {'/a/{b': {get: {}}}", "/paths/~1a~1{b", "bad_path"},
      {"a path with a name's end", "openapi: 3.0.0\npaths: {'/a/b}': {get: {}}}", "/paths/~1a~1b}", "bad_path"},
      {"a path with a name in a name", "openapi: 3.0.0\npaths: {'/{a{b}}': {get: {}}}", "/paths/~1{a{b}}", "bad_path"},
      {"a path with no name in its braces", "openapi: 3.0.0\npaths: {'/{}': {get: {}}}", "/paths/~1{}", "bad_path"},
      {"OpenAPI 3.1 §4.8.8: two paths that differ in names alone",
       "openapi: 3.0.0\npaths: {'/a/{b}': {get: {}}, '/a/{c}': {get: {}}}", "/paths/~1a~1{c}/get", "repeated_path"},
      {"a path with a tab", "openapi: 3.0.0\npaths: {\"/a\\tb\": {get: {}}}", "/paths/~1a\tb", "bad_path"},
      {"a path that is nothing", "openapi: 3.0.0\npaths: {/a: }", "/paths/~1a", "wrong_type"},
      {"parameters that are no list", "openapi: 3.0.0\npaths: {/a: {get: {parameters: {q: {in: query}}}}}",
       "/paths/~1a/get/parameters", "wrong_type"},
      {"parameters of a path that are no list", "openapi: 3.0.0\npaths: {/a: {parameters: q, get: {}}}",
       "/paths/~1a/parameters", "wrong_type"},
      {"a parameter that is a text", "openapi: 3.0.0\npaths: {/a: {get: {parameters: [q]}}}",
       "/paths/~1a/get/parameters/0", "wrong_type"},
      {"a body that is a text", "openapi: 3.0.0\npaths: {/a: {put: {requestBody: x}}}", "/paths/~1a/put/requestBody",
       "wrong_type"},
      {"a body's content that is a list",
       "openapi: 3.0.0\npaths: {/a: {put: {requestBody: {content: [application/json]}}}}",
       "/paths/~1a/put/requestBody/content", "wrong_type"},
      {"a security requirement that is a name", "openapi: 3.0.0\npaths: {/a: {put: {security: [oauth]}}}",
       "/paths/~1a/put/security", "bad_security"},
      {"a scope that is a number", "openapi: 3.0.0\npaths: {/a: {put: {security: [{oauth: [7]}]}}}",
       "/paths/~1a/put/security", "bad_security"},
      {"a pointer that is none", "openapi: 3.0.0\npaths: {/a: {$ref: '#components'}}", "/paths/~1a",
       "broken_reference"},
      {"a pointer with half an escape", "openapi: 3.0.0\npaths: {/a: {$ref: '#/paths/%7'}}", "/paths/~1a",
       "broken_reference"},
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

TEST(Description, EveryFaultIsNamedWithItsLine) {
  const auto read =
      read_description("openapi: 3.0.0\npaths:\n  a: {get: {}}\n  /b:\n    get: 1\n    put: {security: 7}");
  ASSERT_FALSE(read);
  std::string told;
  for (const Fault& fault : read.error()) told += to_sentence(fault) + '\n';
  EXPECT_EQ(told,
            "line 3, /paths/a: this path does not begin with a slash (expected: a path such as /todos/{id})\n"
            "line 5, /paths/~1b/get: this operation is no mapping (expected: an operation object)\n"
            "line 6, /paths/~1b/put/security: these security requirements cannot be read (expected: a list of mappings "
            "from a scheme's name to a list of scopes)\n");
}

}  // namespace
}  // namespace chatelaine::openapi
