#include "openapi/json_schema.hpp"

#include <gtest/gtest.h>

namespace chatelaine::openapi {
namespace {

constexpr std::size_t kEnough = 100'000;

/// A schema of a document with these `components.schemas`, converted; its `$defs` behind it.
std::string convert(std::string_view schema, Direction direction, std::size_t most_text = kEnough) {
  const json::value document = read_document(R"(
components:
  schemas:
    Id: {type: string, format: uuid}
    Tree: {type: object, properties: {children: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}
    Secret: {type: string, writeOnly: true}
    Made: {type: string, readOnly: true}
    "odd name/1": {type: integer}
)")
                                   .value();
  Budget budget;
  const References references(document, budget);
  SchemaConverter converter(references, direction, most_text);
  json::object converted = converter.convert_root(read_document(schema).value());
  if (auto definitions = converter.take_definitions(); !definitions.empty())
    converted["$defs"] = std::move(definitions);
  return json::serialize(converted);
}

struct Row {
  std::string_view sentence;
  std::string_view schema;
  std::string_view converted;
};

TEST(JsonSchema, OfAnInput) {
  const Row rows[] = {
      {"what both have stays", R"({"type":"string","minLength":1,"enum":["a","b"],"default":"a"})",
       R"({"type":"string","minLength":1,"enum":["a","b"],"default":"a"})"},
      {"OpenAPI 3.0 §4.7.24.1: nullable is a type", R"({"type":"string","nullable":true})",
       R"({"type":["string","null"]})"},
      {"nullable with an enum", R"({"type":"string","nullable":true,"enum":["a"]})",
       R"({"type":["string","null"],"enum":["a",null]})"},
      {"nullable of a reference", R"({"nullable":true,"allOf":[{"$ref":"#/components/schemas/Id"}]})",
       R"({"anyOf":[{"allOf":[{"$ref":"#/$defs/Id"}]},{"type":"null"}],"$defs":{"Id":{"type":"string","format":"uuid"}}})"},
      {"nullable of a type that a part has too",
       R"({"nullable":true,"type":"object","allOf":[{"$ref":"#/components/schemas/Id"}]})",
       R"({"anyOf":[{"type":"object","allOf":[{"$ref":"#/$defs/Id"}]},{"type":"null"}],)"
       R"("$defs":{"Id":{"type":"string","format":"uuid"}}})"},
      {"OpenAPI 3.0 §4.7.24.1: an exclusive bound is a number",
       R"({"type":"integer","minimum":1,"exclusiveMinimum":true,"maximum":9,"exclusiveMaximum":false})",
       R"({"type":"integer","maximum":9,"exclusiveMinimum":1})"},
      {"OpenAPI 3.1: it is one already", R"({"exclusiveMaximum":9})", R"({"exclusiveMaximum":9})"},
      {"an example is one of the examples", R"({"type":"string","example":"milk"})",
       R"({"type":"string","examples":["milk"]})"},
      {"bytes are base64", R"({"type":"string","format":"binary"})", R"({"type":"string","contentEncoding":"base64"})"},
      {"how many bytes is not how many characters of base64", R"({"type":"string","format":"binary","maxLength":1024})",
       R"({"type":"string","contentEncoding":"base64"})"},
      {"OpenAPI 3.0 §4.7.24.2: byte is base64 already", R"({"type":"string","format":"byte","maxLength":4})",
       R"({"type":"string","maxLength":4,"contentEncoding":"base64"})"},
      {"OpenAPI 3.1 §4.8.14.3: by their media type", R"({"contentMediaType":"image/png"})",
       R"({"contentMediaType":"image/png","contentEncoding":"base64","type":"string"})"},
      {"text has no need of it", R"({"type":"string","contentMediaType":"application/json"})",
       R"({"type":"string","contentMediaType":"application/json"})"},
      {"what is no keyword of JSON Schema is left out",
       R"({"type":"object","discriminator":{"propertyName":"a"},"xml":{},"externalDocs":{},"x-order":1,"$id":"u:a"})",
       R"({"type":"object"})"},
      {"JSON Schema Core 2020-12 §6.4: a pattern that no validator can compile is left out",
       R"({"type":"string","pattern":"\\A[a-z]+\\z","minLength":1})", R"({"type":"string","minLength":1})"},
      {"one that it can stays", R"({"type":"string","pattern":"^[a-z]+$"})",
       R"({"type":"string","pattern":"^[a-z]+$"})"},
      {"with the pattern of a name goes what is said of further ones",
       R"({"type":"object","patternProperties":{"(?i)a":{}},"additionalProperties":false})", R"({"type":"object"})"},
      {"what only the API may say is not asked for",
       R"({"type":"object","required":["id","made","title"],"properties":{"id":{"type":"string","readOnly":true},)"
       R"("made":{"$ref":"#/components/schemas/Made"},"title":{"type":"string"}}})",
       R"({"type":"object","required":["title"],"properties":{"title":{"type":"string"}}})"},
      {"nor where that stands beside a reference",
       R"({"required":["id"],"properties":{"id":{"$ref":"#/components/schemas/Id","readOnly":true}}})",
       R"({"required":[],"properties":{}})"},
      {"OpenAPI 3.1 §4.8.25: a discriminator says which of several that fit is meant",
       R"({"oneOf":[{"type":"object"},{"type":"object","required":["a"]}],"discriminator":{"propertyName":"a"}})",
       R"({"anyOf":[{"type":"object"},{"type":"object","required":["a"]}]})"},
      {"a schema may refer to itself", R"({"$ref":"#/components/schemas/Tree"})",
       R"({"type":"object","properties":{"children":{"type":"array","items":{"$ref":"#/$defs/Tree"}}},"$defs":{)"
       R"("Tree":{"type":"object","properties":{"children":{"type":"array","items":{"$ref":"#/$defs/Tree"}}}}}})"},
      {"a definition's name needs no escaping", R"({"items":{"$ref":"#/components/schemas/odd name~11"}})",
       R"({"items":{"$ref":"#/$defs/odd_name_11"},"$defs":{"odd_name_11":{"type":"integer"}}})"},
      {"OpenAPI 3.1: a reference may say more", R"({"items":{"$ref":"#/components/schemas/Id","description":"Whose"}})",
       R"({"items":{"$ref":"#/$defs/Id","description":"Whose"},"$defs":{"Id":{"type":"string","format":"uuid"}}})"},
      {"a reference that leads nowhere, or out, allows everything",
       R"({"anyOf":[{"$ref":"#/nowhere"},{"$ref":"https://a.example/b"}]})", R"({"anyOf":[{},{}]})"},
      {"JSON Schema Validation 2020-12 §6: what a keyword cannot hold is left out",
       R"({"type":"any","required":true,"enum":[],"minLength":-1,"multipleOf":0,"allOf":[],"items":[{}],"title":1})",
       "{}"},
      {"lists and members of schemas",
       R"({"oneOf":[{"type":"null","x":1}],"patternProperties":{"^a":{"nullable":true,"type":"integer"}},"not":false})",
       R"({"oneOf":[{"type":"null"}],"patternProperties":{"^a":{"type":["integer","null"]}},"not":false})"},
  };
  for (const Row& row : rows) EXPECT_EQ(convert(row.schema, Direction::input), row.converted) << row.sentence;
}

TEST(JsonSchema, OfAnOutput) {
  const Row rows[] = {
      {"what real answers break without harm is left out",
       R"({"type":"object","additionalProperties":false,"properties":{"at":{"type":"string","format":"date-time",)"
       R"("pattern":"^2","example":"2026"}}})",
       R"({"type":"object","properties":{"at":{"type":"string"}}})"},
      {"what is checked stays, and what is only told",
       R"({"type":"array","title":"A","description":"B","deprecated":true,"minItems":1,"maxItems":2,"uniqueItems":true,)"
       R"("items":{"const":1,"enum":[1],"minimum":1,"maximum":1,"exclusiveMinimum":0,"exclusiveMaximum":2,)"
       R"("multipleOf":1,"minLength":1,"maxLength":1,"minProperties":1,"maxProperties":1}})",
       R"({"type":"array","title":"A","description":"B","deprecated":true,"minItems":1,"maxItems":2,"uniqueItems":true,)"
       R"("items":{"const":1,"enum":[1],"minimum":1,"maximum":1,"exclusiveMinimum":0,"exclusiveMaximum":2,)"
       R"("multipleOf":1,"minLength":1,"maxLength":1,"minProperties":1,"maxProperties":1}})"},
      {"nothing is promised that is not checked",
       R"({"type":"object","not":{},"if":{},"then":{},"else":{},"contains":{},"minContains":1,"maxContains":1,)"
       R"("propertyNames":{},"dependentSchemas":{},"dependentRequired":{},"unevaluatedItems":{},)"
       R"("unevaluatedProperties":{},"contentEncoding":"base64","contentMediaType":"image/png","multipleOf":0.01})",
       R"({"type":"object"})"},
      {"bytes are a string like another", R"({"type":"string","format":"binary"})", R"({"type":"string"})"},
      {"further members are of a schema", R"({"additionalProperties":{"type":"string","pattern":"a"}})",
       R"({"additionalProperties":{"type":"string"}})"},
      {"beside patternProperties it is not known which",
       R"({"patternProperties":{"^a":{}},"additionalProperties":{"type":"string"}})", "{}"},
      {"drafts before 2020-12 take items for every element's",
       R"({"prefixItems":[{"type":"string"}],"items":{"type":"integer"}})", R"({"prefixItems":[{"type":"string"}]})"},
      {"two choices at once", R"({"oneOf":[{"title":"A"}],"anyOf":[{"title":"B"}],"allOf":[{"title":"C"}]})",
       R"({"allOf":[{"title":"C"},{"anyOf":[{"title":"A"}]}],"anyOf":[{"title":"B"}]})"},
      {"an answer may fit two alternatives", R"({"oneOf":[{"type":"object"},{"title":"A"}]})",
       R"({"anyOf":[{"type":"object"},{"title":"A"}]})"},
      {"what the API is only told does not come back",
       R"({"type":"object","required":["p"],"properties":{"p":{"$ref":"#/components/schemas/Secret"}}})",
       R"({"type":"object","required":[],"properties":{}})"},
  };
  for (const Row& row : rows) EXPECT_EQ(convert(row.schema, Direction::output), row.converted) << row.sentence;
}

TEST(JsonSchema, BeyondItsBoundEverythingIsAllowed) {
  EXPECT_EQ(convert(R"({"properties":{"a":{"type":"string","description":"long long long"},"b":{"type":"string"}}})",
                    Direction::input, 40),
            R"({"properties":{"a":{"type":"string"}}})");
  EXPECT_EQ(convert(R"({"items":{"$ref":"#/components/schemas/Tree"}})", Direction::input, 30),
            R"({"items":{"$ref":"#/$defs/Tree"},"$defs":{"Tree":{}}})");
  // Else a member that is missing here would be one of those.
  EXPECT_EQ(convert(R"({"additionalProperties":{"type":"integer"},"properties":{"a":{"type":"string"}}})",
                    Direction::output, 15),
            R"({"properties":{}})");
}

}  // namespace
}  // namespace chatelaine::openapi
