#include "openapi/tool.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace chatelaine::openapi {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// What comes before the paths of every row.
constexpr std::string_view kHead = R"(
openapi: 3.0.1
components:
  schemas:
    Id: {type: integer}
    Named: {type: object, properties: {name: {type: string}}}
    Todo:
      type: object
      required: [id, title]
      properties: {id: {type: string, readOnly: true}, title: {type: string, description: What to do}, done: {type: boolean}}
paths:
)";

Tools read(std::string_view paths) {
  const std::string text = std::string(kHead) + std::string(paths);
  return make_tools(read_document(text).value(), read_description(text).value());
}

/// The only tool of these paths.
Tool read_one(std::string_view paths) {
  Tools tools = read(paths);
  EXPECT_EQ(tools.tools.size(), 1U);
  return tools.tools.empty() ? Tool() : tools.tools.front();
}

TEST(Tool, SaysWhatItsOperationSays) {
  const Tool tool = read_one(R"(
  /todos/{id}:
    get:
      operationId: getTodo
      summary: Read a todo
      description: Reads one todo of the user.
      responses: {200: {content: {application/json: {schema: {$ref: '#/components/schemas/Todo'}}}}}
)");
  EXPECT_EQ(tool.name, "getTodo");
  EXPECT_EQ(tool.title, "Read a todo");
  EXPECT_EQ(tool.description, "Reads one todo of the user.");
  EXPECT_EQ(tool.method + " " + tool.path, "GET /todos/{id}");
  EXPECT_EQ(
      json::serialize(tool.input_schema),
      R"({"type":"object","properties":{"id":{"type":"string"}},"required":["id"],"additionalProperties":false})");
  ASSERT_TRUE(tool.output_schema);
  EXPECT_EQ(json::serialize(*tool.output_schema),
            R"({"type":"object","required":["id","title"],"properties":{"id":{"type":"string"},)"
            R"("title":{"type":"string","description":"What to do"},"done":{"type":"boolean"}}})");
}

struct HintRow {
  std::string_view operation;
  bool is_read_only;
  std::optional<bool> is_destructive;
  bool is_idempotent;
};

TEST(Tool, HintsComeFromTheMethod) {
  const HintRow rows[] = {
      {"get: {}", true, false, true},
      {"get: {x-openai-isConsequential: true}", false, true, true},
      {"post: {}", false, std::nullopt, false},
      {"post: {x-openai-isConsequential: false}", false, false, false},
      {"put: {}", false, true, true},
      {"put: {x-openai-isConsequential: false}", false, true, true},
      {"patch: {}", false, true, false},
      {"delete: {}", false, true, true},
      {"post: {x-openai-isConsequential: true}", false, true, false},
      {"delete: {x-openai-isConsequential: false}", false, true, true},
  };
  for (const auto& row : rows) {
    const Tool tool = read_one("  /a: {" + std::string(row.operation) + "}\n");
    EXPECT_EQ(tool.is_read_only, row.is_read_only) << row.operation;
    EXPECT_EQ(tool.is_destructive, row.is_destructive) << row.operation;
    EXPECT_EQ(tool.is_idempotent, row.is_idempotent) << row.operation;
  }
}

TEST(Tool, NamesAreUniqueAndFitForModels) {
  const Tools tools = read(R"(
  /todos/{id}:
    get: {}
    delete: {operationId: todos.remove}
  /todos/{id}/:
    get: {operationId: get todos id}
  '/?ü': {get: {operationId: 'äöü'}}
  /long: {get: {operationId: aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggg}}
)");
  std::vector<std::string> names;
  std::ranges::transform(tools.tools, std::back_inserter(names), &Tool::name);
  EXPECT_THAT(names, ElementsAre("get_todos_id", "todos_remove", "get_todos_id_2",
                                 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg"));
  ASSERT_EQ(tools.left_out.size(), 1U);
  EXPECT_EQ(tools.left_out.front().message, "its path cannot be sent as it is written");
}

TEST(Tool, ArgumentsStandInOneObject) {
  struct Row {
    std::string_view sentence;
    std::string_view operation;
    std::string_view schema;
  };
  const Row rows[] = {
      {"the properties of a required body stand beside the parameters",
       R"({parameters: [{name: notify, in: query, schema: {type: boolean}}], requestBody: {required: true,
        content: {application/json: {schema: {$ref: '#/components/schemas/Todo'}}}}})",
       R"({"type":"object","properties":{"notify":{"type":"boolean"},)"
       R"("title":{"type":"string","description":"What to do"},"done":{"type":"boolean"}},"required":["title"],)"
       R"("additionalProperties":false})"},
      {"a body that may be left out is one argument",
       R"({requestBody: {description: Changes, content: {application/json: {schema: {$ref: '#/components/schemas/Todo'}}}}})",
       R"({"type":"object","properties":{"body":{"type":"object","required":["title"],"properties":)"
       R"({"title":{"type":"string","description":"What to do"},"done":{"type":"boolean"}},"description":"Changes"}},)"
       R"("additionalProperties":false})"},
      {"so is one whose properties clash with a parameter",
       R"({parameters: [{name: title, in: query, schema: {type: string}}], requestBody: {required: true,
        content: {application/json: {schema: {type: object, properties: {title: {type: string}}}}}}})",
       R"({"type":"object","properties":{"title":{"type":"string"},"body":{"type":"object","properties":)"
       R"({"title":{"type":"string"}}}},"required":["body"],"additionalProperties":false})"},
      {"and one that is no plain object", R"({requestBody: {required: true, content: {application/json: {schema:
        {type: array, items: {type: string}}}}}})",
       R"({"type":"object","properties":{"body":{"type":"array","items":{"type":"string"}}},"required":["body"],)"
       R"("additionalProperties":false})"},
      {"text and bytes are one argument", R"({requestBody: {required: true, content: {image/png: {}}}})",
       R"({"type":"object","properties":{"body":{"type":"string","contentEncoding":"base64"}},"required":["body"],)"
       R"("additionalProperties":false})"},
      {"the parts of a form stand beside the parameters, bytes as base64",
       R"({requestBody: {required: true, content: {multipart/form-data: {schema: {type: object, required: [file],
        properties: {file: {type: string, format: binary}, note: {type: string}}}}}}})",
       R"({"type":"object","properties":{"file":{"type":"string","contentEncoding":"base64"},)"
       R"("note":{"type":"string"}},"required":["file"],"additionalProperties":false})"},
      {"parameters of one name are told apart by their place",
       R"({parameters: [{name: id, in: query, schema: {type: string}}, {name: id, in: header, schema: {type: integer},
        description: Whose}]})",
       R"({"type":"object","properties":{"id":{"type":"string"},"header_id":{"type":"integer","description":"Whose"}},)"
       R"("additionalProperties":false})"},
      {"names that models are not told", R"({parameters: [{name: 'filter[name]', in: query, schema: {type: string}},
        {name: $top, in: query, required: true, schema: {type: integer}}]})",
       R"({"type":"object","properties":{"filter_name":{"type":"string"},"top":{"type":"integer"}},"required":["top"],)"
       R"("additionalProperties":false})"},
      {"a parameter with content", R"({parameters: [{name: where, in: query, content: {application/json:
        {schema: {type: object}}}}]})",
       R"({"type":"object","properties":{"where":{"type":"object"}},"additionalProperties":false})"},
      {"no arguments", "{}", R"({"type":"object","additionalProperties":false})"},
  };
  for (const Row& row : rows) {
    const Tool tool = read_one("  /a: {post: " + std::string(row.operation) + "}\n");
    EXPECT_EQ(json::serialize(tool.input_schema), row.schema) << row.sentence;
  }
}

TEST(Tool, ItsPathCountsFromTheDescriptionsBase) {
  constexpr std::string_view kText =
      "openapi: 3.0.1\nservers: [{url: 'https://a.example/v1/'}]\npaths: {/a: {get: {}}}\n";
  auto description = read_description(kText).value();
  EXPECT_EQ(make_tools(read_document(kText).value(), description).tools.at(0).path, "/v1/a");
  description.base_path = "/b";
  EXPECT_EQ(make_tools(read_document(kText).value(), description).tools.at(0).path, "/b/a");
}

/// A tool without a summary still has a title and a description.
TEST(Tool, IsNamedByItsOperationWhereNothingElseIsSaid) {
  const Tool tool = read_one("  /a: {get: {}}\n");
  EXPECT_EQ(tool.title, "get /a");
  EXPECT_EQ(tool.description, "GET /a");
}

TEST(Tool, AnOutputIsDescribedAsFarAsEveryGoodAnswerFitsIt) {
  struct Row {
    std::string_view sentence;
    std::string_view responses;
    std::string_view output;
    AnswerForm form;
  };
  constexpr std::string_view kObject = R"({"type":"object"})";
  constexpr std::string_view kPossibly = R"({"type":"object","properties":{"result":{"type":"object"}}})";
  const Row rows[] = {
      {"one", "{200: {content: {application/json: {schema: {type: object}}}}, 404: {description: no}}", kObject,
       AnswerForm::natural},
      {"two that are the same",
       "{200: {content: {application/json: {schema: {type: object}}}}, 201: {content: "
       "{application/json: {schema: {type: object}}}}}",
       kObject, AnswerForm::natural},
      {"every good status", "{2XX: {content: {application/json: {schema: {type: object}}}}}", kObject,
       AnswerForm::natural},
      {"two that differ",
       "{200: {content: {application/json: {schema: {type: object}}}}, 201: {content: "
       "{application/json: {schema: {type: object, title: other}}}}}",
       "", AnswerForm::natural},
      {"OpenAPI 3.1 §4.8.16.1: the default where nothing else is said of what is good",
       "{default: {content: {application/json: {schema: {type: object}}}}}", kObject, AnswerForm::natural},
      {"a default beside other statuses is what they are not",
       "{404: {description: no}, default: {content: {application/json: {schema: {type: object}}}}}", "",
       AnswerForm::natural},
      {"a default beside what is good is for errors",
       "{200: {content: {application/json: {schema: {type: object}}}}, default: {content: {application/json: {schema: "
       "{type: array}}}}}",
       kObject, AnswerForm::natural},
      {"a default without content", "{default: {description: any}}", "", AnswerForm::natural},
      {"one without content", "{200: {content: {application/json: {schema: {type: object}}}}, 204: {description: x}}",
       kPossibly, AnswerForm::member_if_json},
      {"none with content", "{201: {description: x}, 204: {description: x}}", "", AnswerForm::natural},
      {"no JSON", "{200: {content: {text/csv: {schema: {type: string}}}}}", "", AnswerForm::natural},
      {"other content too", "{200: {content: {application/xml: {}, application/json: {schema: {type: object}}}}}",
       kPossibly, AnswerForm::member_if_json},
      {"of .NET: three media types, one of them text",
       "{200: {content: {text/plain: {schema: {type: object}}, application/json: {schema: {type: object}}, text/json: "
       "{schema: {type: object}}}}}",
       kPossibly, AnswerForm::member_if_json},
      {"two kinds of JSON", "{200: {content: {text/json: {}, application/json: {schema: {type: object}}}}}", kObject,
       AnswerForm::natural},
      {"of springdoc: any media type", "{200: {content: {'*/*': {schema: {type: object}}}}}", kPossibly,
       AnswerForm::member_if_json},
      {"left open", "{200: {content: {application/json: {schema: {}}}}}", "", AnswerForm::natural},
      {"of FastAPI: left open, with a title", "{200: {content: {application/json: {schema: {title: Answer}}}}}", "",
       AnswerForm::natural},
      {"a schema that is true", "{200: {content: {application/json: {schema: true}}}}", "", AnswerForm::natural},
      {"one of several", "{200: {content: {application/json: {schema: {oneOf: [{type: object}, {type: array}]}}}}}",
       R"({"type":"object","properties":{"result":{"anyOf":[{"type":"object"},{"type":"array"}]}},)"
       R"("required":["result"]})",
       AnswerForm::member},
      {"one of several objects",
       "{200: {content: {application/json: {schema: {oneOf: [{type: object}, {properties: {a: {}}}]}}}}}",
       R"({"anyOf":[{"type":"object"},{"properties":{"a":{}}}],"type":"object"})", AnswerForm::natural},
      {"an object or null", "{200: {content: {application/json: {schema: {type: object, nullable: true}}}}}",
       R"({"type":"object","properties":{"result":{"type":["object","null"]}},"required":["result"]})",
       AnswerForm::member},
      {"the same in OpenAPI 3.1", "{200: {content: {application/json: {schema: {type: [object, 'null']}}}}}",
       R"({"type":"object","properties":{"result":{"type":["object","null"]}},"required":["result"]})",
       AnswerForm::member},
      {"a type that there is not", "{200: {content: {application/json: {schema: {type: any}}}}}", "",
       AnswerForm::natural},
      {"the same of what has members",
       "{200: {content: {application/json: {schema: {type: objekt, properties: {a: {}}}}}}}",
       R"({"properties":{"a":{}},"type":"object"})", AnswerForm::natural},
      {"a list of types", "{200: {content: {application/json: {schema: {type: [object]}}}}}", kObject,
       AnswerForm::natural},
      {"only what is said counts", "{200: {content: {application/json: {schema: {enum: [{}]}}}}}",
       R"({"type":"object","properties":{"result":{"enum":[{}]}},"required":["result"]})", AnswerForm::member},
  };
  for (const Row& row : rows) {
    const Tool tool = read_one("  /a: {get: {responses: " + std::string(row.responses) + "}}\n");
    EXPECT_EQ(tool.output_schema ? json::serialize(*tool.output_schema) : "", row.output) << row.sentence;
    EXPECT_EQ(tool.answer_form, row.form) << row.sentence;
  }
}

TEST(Tool, WhatArgumentsCannotMakeIsLeftOut) {
  const Tools tools = read(R"(
  /upload: {post: {requestBody: {required: true, content: {multipart/mixed: {}}}}}
  /either: {post: {requestBody: {required: true, content: {multipart/mixed: {}, text/plain: {}}}}}
  /a: {head: {}, options: {}, trace: {}}
  /elsewhere: {post: {servers: [{url: 'https://files.example'}]}}
  '/pins/{a}': {post: {parameters: [{name: a, in: path, style: matrix}]}}
  /header: {post: {parameters: [{name: 'a b', in: header, required: true}]}}
  /header-less: {post: {parameters: [{name: 'a b', in: header}]}}
)");
  ASSERT_EQ(tools.tools.size(), 2U);
  EXPECT_EQ(tools.tools.front().path, "/either");
  std::string told;
  for (const Fault& fault : tools.left_out) told += fault.path + ": " + fault.message + '\n';
  EXPECT_EQ(told,
            "post /upload: its body has several parts of no form, which arguments cannot make\n"
            "post /elsewhere: it is at a server of its own, https://files.example, which is not behind this one\n"
            "post /pins/{a}: a segment of its path begins with a semicolon (style matrix), which the gateway refuses\n"
            "post /header: it needs a header whose name none can have\n");
}

/// MCP (tools, output schema): before release 2026-07-28 it is an object's.
TEST(Tool, AnOutputThatIsNoObjectStandsInOne) {
  struct Row {
    std::string_view sentence;
    std::string_view schema;
    std::string_view output;
  };
  const Row rows[] = {
      {"a list", "{type: array, items: {$ref: '#/components/schemas/Id'}}",
       R"({"type":"object","properties":{"result":{"type":"array","items":{"$ref":"#/$defs/Id"}}},)"
       R"("required":["result"],"$defs":{"Id":{"type":"integer"}}})"},
      {"a list that does not say so", "{items: {type: string}}",
       R"({"type":"object","properties":{"result":{"items":{"type":"string"}}},"required":["result"]})"},
      {"a number, by reference", "{$ref: '#/components/schemas/Id'}",
       R"({"type":"object","properties":{"result":{"$ref":"#/$defs/Id"}},"required":["result"],)"
       R"("$defs":{"Id":{"type":"integer"}}})"},
      {"an object that does not say so", "{properties: {a: {type: string}}}",
       R"({"properties":{"a":{"type":"string"}},"type":"object"})"},
      {"an object by its parts", "{allOf: [{title: A}, {$ref: '#/components/schemas/Named'}]}",
       R"({"allOf":[{"title":"A"},{"$ref":"#/$defs/Named"}],"type":"object",)"
       R"("$defs":{"Named":{"type":"object","properties":{"name":{"type":"string"}}}}})"},
  };
  for (const Row& row : rows) {
    const Tool tool = read_one(
        "  /a: {get: {responses: {200: {content: {application/json: {schema: " + std::string(row.schema) + "}}}}}}\n");
    ASSERT_TRUE(tool.output_schema) << row.sentence;
    EXPECT_EQ(json::serialize(*tool.output_schema), row.output) << row.sentence;
  }
}

TEST(Tool, AnOutputOfSeveralKindsOfJsonIsOneOnlyWhereTheyAgree) {
  struct Row {
    std::string_view sentence;
    std::string_view content;
    std::string_view output;
  };
  constexpr std::string_view kFirst = "{schema: {type: object, title: First}}";
  constexpr std::string_view kSecond = "{schema: {type: object, title: Second}}";
  const Row rows[] = {
      {"what we ask for, though another comes first", "application/hal+json: {0}, application/json: {1}", "Second"},
      {"what we ask for, though another comes last", "application/json: {0}, application/hal+json: {1}", "First"},
      {"either of two that differ", "application/hal+json: {0}, application/vnd.api+json: {1}", ""},
      {"two parameters of one kind", "application/json;v=1: {0}, application/json;v=2: {1}", ""},
      {"two that agree", "application/json;v=1: {0}, application/json;v=2: {0}", "First"},
      {"three of which one differs", "a/b+json: {0}, a/c+json: {1}, a/d+json: {1}", ""},
      {"one of two says nothing", "application/json;v=1: {0}, application/json;v=2: {{}}", ""},
  };
  for (const Row& row : rows) {
    const std::string content = fmt::format(fmt::runtime(row.content), kFirst, kSecond);
    const Tool tool = read_one("  /a: {get: {responses: {200: {content: {" + content + "}}}}}\n");
    EXPECT_EQ(tool.output_schema ? tool.output_schema->at("title").as_string() : "", row.output) << row.sentence;
  }
}

/// The schemas of a description cannot grow without bound, however often its operations share a large one.
TEST(Tool, SchemasAreBounded) {
  std::string shared = "    Large:\n      type: object\n      properties:\n";
  for (int i = 0; i < 3'000; ++i)
    shared += "        p" + std::to_string(i) + ": {type: string, description: 'some words'}\n";
  std::string text = "openapi: 3.0.1\ncomponents:\n  schemas:\n" + shared + "paths:\n";
  for (int i = 0; i < 200; ++i)
    text += "  /p" + std::to_string(i) +
            ": {post: {requestBody: {content: {text/x: {}, application/json: {schema: {items: {$ref: "
            "'#/components/schemas/Large'}}}}}}}\n";
  const Tools tools = make_tools(read_document(text).value(), read_description(text).value());
  ASSERT_EQ(tools.tools.size(), 200U);
  EXPECT_THAT(tools.left_out, IsEmpty());
  std::size_t size = 0;
  for (const Tool& tool : tools.tools) size += json::serialize(tool.input_schema).size();
  EXPECT_LT(size, std::size_t{16} * 1024 * 1024);
}

}  // namespace
}  // namespace chatelaine::openapi
