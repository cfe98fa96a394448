#include <gtest/gtest.h>

#include "openapi/description.hpp"

namespace chatelaine::openapi {
namespace {

/// Of a file with a line for each of `paths` and, behind them, of `components`.
std::string describe(std::string_view paths, std::string_view components = "{}") {
  return "openapi: 3.0.3\npaths:\n" + std::string(paths) + "\ncomponents:\n  " + std::string(components);
}

struct Row {
  std::string_view name;
  std::string text;
  std::string_view path;
  std::string_view code;
  std::size_t line = 3;
};

/// A response whose JSON has that schema.
std::string answer(std::string_view schema) {
  return describe("  /a: {get: {responses: {200: {content: {application/json: {schema: " + std::string(schema) +
                  "}}}}}}");
}

constexpr std::string_view kSchema = "/paths/~1a/get/responses/200/content/application~1json/schema";

/// A stranger's file is read without what cannot be understood; who wrote it can mend it.
TEST(OwnDescription, FaultsAreAlsoWhatAStrangersFileIsReadWithout) {
  const std::string schema(kSchema);
  const std::string body =
      "  /a: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/x'}}}}}}";
  const std::string in_schema = "/paths/~1a/post/requestBody/content/application~1json/schema";
  const Row rows[] = {
      {"RFC 6749 §3.3: a scope of two words", describe("  /a: {get: {security: [{o: [b, 'a b']}]}}"),
       "/paths/~1a/get/security/0/o/1", "bad_scope"},
      {"RFC 6749 §3.3: a scope with a quote", describe("  /a: {get: {security: [{}, {'o/2': ['\"']}]}}"),
       "/paths/~1a/get/security/1/o~12/0", "bad_scope"},
      {"a method in capitals beside another", describe("  /a: {GET: {}, post: {}}"), "/paths/~1a/GET", "bad_method"},
      {"a method in capitals alone", describe("  /a: {Get: {}}"), "/paths/~1a/Get", "bad_method"},
      {"a schema that refers to nothing", describe(body), in_schema, "broken_reference"},
      {"a schema in another file", answer("{$ref: 'todo.yaml'}"), schema, "external_reference"},
      {"a schema that comes back to itself", describe(body, "x: {$ref: '#/components/x'}"), in_schema,
       "reference_cycle"},
      {"a schema that refers to what refers to nothing", describe(body, "x: {$ref: '#/none'}"), "/components/x",
       "broken_reference", 5},
      {"a part of a schema elsewhere", describe(body, "x: {properties: {b: {items: {$ref: '#/none'}}}}"),
       "/components/x/properties/b/items", "broken_reference", 5},
      {"an answer that refers to nothing", describe("  /a: {get: {responses: {200: {$ref: '#/none'}}}}"),
       "/paths/~1a/get/responses/200", "broken_reference"},
      {"an answer in another file", describe("  /a: {get: {responses: {default: {$ref: 'answers.yaml#/a'}}}}"),
       "/paths/~1a/get/responses/default", "external_reference"},
      {"a schema that is a number", answer("7"), schema, "wrong_type"},
      {"a parameter's schema that is a text",
       describe("  /a: {get: {parameters: [{name: q, in: query, schema: string}]}}"),
       "/paths/~1a/get/parameters/0/schema", "wrong_type"},
      {"a property that is a text", answer("{properties: {id: integer}}"), "", "wrong_type"},
      {"an enum that is no list", answer("{enum: 7}"), "", "wrong_type"},
      {"properties that are a list", answer("{properties: [1]}"), "", "wrong_type"},
      {"an allOf that is no list", answer("{allOf: {type: object}}"), "", "wrong_type"},
      {"items that are a text", answer("{items: string}"), "", "wrong_type"},
      {"responses that are a list", describe("  /a: {get: {responses: [1]}}"), "/paths/~1a/get/responses",
       "wrong_type"},
      {"an answer that is a text", describe("  /a: {get: {responses: {200: OK}}}"), "/paths/~1a/get/responses/200",
       "wrong_type"},
      {"an answer's content that is a list", describe("  /a: {get: {responses: {200: {content: [a]}}}}"),
       "/paths/~1a/get/responses/200/content", "wrong_type"},
      {"a media type that is a text", describe("  /a: {get: {responses: {200: {content: {text/plain: a}}}}}"),
       "/paths/~1a/get/responses/200/content/text~1plain", "wrong_type"},
      {"a body without content", describe("  /a: {post: {requestBody: {required: true}}}"),
       "/paths/~1a/post/requestBody", "missing"},
      {"components that are a list", describe("  /a: {get: {}}", "[1]"), "/components", "wrong_type", 4},
      {"schemas that are a number", describe("  /a: {get: {}}", "schemas: 7"), "/components/schemas", "wrong_type", 5},
      {"a server that is a number", "servers: [7]\npaths: {/a: {get: {}}}", "/servers/0", "wrong_type", 1},
      {"servers that are a text", "servers: /v1\npaths: {/a: {get: {}}}", "/servers", "wrong_type", 1},
      {"an operation's server without a url", describe("  /a: {get: {servers: [{description: x}]}}"),
       "/paths/~1a/get/servers/0", "wrong_type"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto read = read_description(row.text, Care::whole);
    ASSERT_FALSE(read);
    ASSERT_EQ(read.error().size(), 1U);
    const Fault& fault = read.error().front();
    if (!row.path.empty()) {
      EXPECT_EQ(fault.path, row.path);
    }
    EXPECT_TRUE(fault.path.starts_with('/'));
    EXPECT_EQ(fault.code, row.code);
    EXPECT_EQ(fault.line, row.line);
    EXPECT_FALSE(fault.message.empty());
    EXPECT_FALSE(fault.expected.empty());
    const bool is_only_one = row.code == "bad_method" && !row.text.contains("post");
    EXPECT_EQ(read_description(row.text).has_value(), !is_only_one) << "a stranger's";
  }
}

TEST(OwnDescription, EachFaultIsToldOnce) {
  const auto read = read_description(
      "openapi: 3.0.3\nsecurity: [{o: ['a b', 'c d']}]\npaths:\n"
      "  /a: {get: {responses: {200: {$ref: '#/components/responses/x'}}}, put: {responses: {200: {$ref: "
      "'#/components/responses/x'}}}}\n"
      "components: {responses: {x: {content: {application/json: {schema: 7}}}}}",
      Care::whole);
  ASSERT_FALSE(read);
  std::vector<std::string> paths;
  for (const Fault& fault : read.error()) paths.push_back(fault.path);
  EXPECT_EQ(paths, (std::vector<std::string>{"/security/0/o/0", "/security/0/o/1",
                                             "/components/responses/x/content/application~1json/schema"}));
}

/// What generators write, and what no tool needs.
TEST(OwnDescription, NothingIsRefusedThatLosesNothing) {
  const std::pair<std::string_view, std::string> rows[] = {
      {"PHP writes a mapping of nothing as a list",
       describe("  /a: {get: {responses: {200: {content: {application/json: {schema: {properties: [], items: []}}}}}}}",
                "[]")},
      {"wherever a schema belongs",
       describe("  /a: {get: {responses: {200: {content: {application/json: {schema: {properties: {z: [], y: {$ref: "
                "'#/components/schemas/A'}}, allOf: [[]]}}}}}}}",
                "schemas: {A: []}")},
      {"RFC 6901 §4: a pointer whose way leads through a $ref",
       describe("  /a: {get: {responses: {200: {content: {application/json: {schema: {$ref: "
                "'#/components/schemas/A/properties/b/properties/c'}}}}}}}",
                "schemas: {A: {properties: {b: {$ref: '#/components/schemas/B'}}}, B: {properties: {c: {type: "
                "string}}}}")},
      {"a schema made elsewhere that brings its own definitions",
       answer("{$ref: '#/$defs/B', $defs: {B: {type: object}}}")},
      {"members whose values were left out",
       "components:\nservers:\npaths: {/a: {get: {responses: {200: , 204: {content: }}, parameters: [{name: q, in: "
       "query, schema: }]}}}"},
      {"a draft's habits", answer("{properties: {a: {required: true, type: any, items: [{type: string}]}}, x-y: 7}")},
      {"a schema may be true", answer("{additionalProperties: true, properties: {a: true}}")},
      {"a schema that contains itself",
       describe("  /a: {get: {parameters: [{name: q, in: query, schema: {$ref: '#/components/T'}}]}}",
                "T: {items: {$ref: '#/components/T'}}")},
      {"examples are nobody's schemas",
       answer("{example: {$ref: nowhere}, default: {properties: 7}, enum: [{$ref: x}]}")},
      {"a property may be called $ref", answer("{properties: {$ref: {type: string}, enum: {type: string}}}")},
      {"what no operation uses", describe("  /a: {get: {}}", "schemas: {T: {$ref: 'other.yaml'}, U: 7}")},
      {"JSON Schema 2020-12 §8.2: names within schemas, which are not followed",
       answer("{$id: 'https://x/t', $defs: {u: {$anchor: u}}, anyOf: [{$ref: '#u'}, {$ref: 'https://x/t'}, {$ref: "
              "'#/$defs/u'}]}")},
  };
  for (const auto& [name, text] : rows) {
    const auto read = read_description(text, Care::whole);
    EXPECT_TRUE(read) << name << ": " << (read ? "" : to_sentence(read.error().front()));
  }
}

TEST(OwnDescription, PointersThroughEachOtherEnd) {
  const std::string chase = "schemas: {X: {$ref: '#/components/schemas/Y/a'}, Y: {$ref: '#/components/schemas/X/b'}}";
  const auto read = read_description(
      describe("  /a: {get: {parameters: [{name: q, in: query, schema: {$ref: '#/components/schemas/X'}}]}}", chase),
      Care::whole);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().front().code, "broken_reference");
}

TEST(OwnDescription, SaysWhereAServerStandsThatCannotBeRead) {
  const auto read = read_description("paths: {/a: {get: {}}}\nservers:\n  - url: 'https://{host}/v1'\n  - url: /v2");
  ASSERT_TRUE(read);
  ASSERT_TRUE(read->server_fault);
  EXPECT_EQ(read->server_fault->path, "/servers/0/url");
  EXPECT_EQ(read->server_fault->line, 3U);
  EXPECT_FALSE(read_description("paths: {/a: {get: {}}}\nservers: [{url: /v2}]")->server_fault);
}

}  // namespace
}  // namespace chatelaine::openapi
