#include "gateway/mcp/tool_result.hpp"

#include <gtest/gtest.h>

namespace chatelaine::gateway::mcp {
namespace {

struct Row {
  std::string_view sentence;
  ApiAnswer answer;
  std::string_view result;
};

TEST(ToolResult, IsWhatTheApiAnswered) {
  const Row rows[] = {
      {"a JSON object, as text and as itself",
       {.content_type = "application/json; charset=utf-8", .body = R"({"a":1})"},
       R"({"content":[{"type":"text","text":"{\"a\":1}"}],"isError":false,"structuredContent":{"a":1}})"},
      {"a list, in an object",
       {.content_type = "application/json", .body = "[1]"},
       R"({"content":[{"type":"text","text":"[1]"}],"isError":false,"structuredContent":{"result":[1]}})"},
      {"what only says to be JSON",
       {.content_type = "application/problem+json", .body = "{"},
       R"({"content":[{"type":"text","text":"{"}],"isError":false})"},
      {"text that is no UTF-8",
       {.content_type = "text/plain", .body = "a\xff"},
       "{\"content\":[{\"type\":\"text\",\"text\":\"a\xEF\xBF\xBD\"}],\"isError\":false}"},
      {"a picture",
       {.content_type = "image/png", .body = "hi"},
       R"({"content":[{"type":"image","data":"aGk=","mimeType":"image/png"}],"isError":false})"},
      {"sound",
       {.content_type = "audio/wav", .body = "hi"},
       R"({"content":[{"type":"audio","data":"aGk=","mimeType":"audio/wav"}],"isError":false})"},
      {"other bytes",
       {.content_type = "application/pdf", .body = "hi", .url = "https://todo.example.com/todos/7.pdf"},
       R"({"content":[{"type":"resource","resource":{"uri":"https://todo.example.com/todos/7.pdf",)"
       R"("mimeType":"application/pdf","blob":"aGk="}}],"isError":false})"},
      {"no content",
       {.status = 204},
       R"({"content":[{"type":"text","text":"Done: the API answered 204 without content."}],"isError":false})"},
      {"the API's own refusal",
       {.status = 404, .content_type = "application/json", .body = R"({"message":"gone"})"},
       R"({"content":[{"type":"text","text":"The API answered 404: {\"message\":\"gone\"}"}],"isError":true})"},
      {"a redirect is not followed",
       {.status = 302, .location = "https://elsewhere.example/"},
       R"({"content":[{"type":"text","text":"The API answered 302 and sends on to https://elsewhere.example/."}],)"
       R"("isError":true})"},
      {"a refusal in bytes",
       {.status = 500, .content_type = "application/pdf", .body = "hi"},
       R"({"content":[{"type":"text","text":"The API answered 500 with content that is no text."}],"isError":true})"},
  };
  for (const Row& row : rows) EXPECT_EQ(json::serialize(make_tool_result({}, row.answer)), row.result) << row.sentence;
}

/// MCP (release 2025-06-18, tools, output schema): what has one must come with structured content.
TEST(ToolResult, OfAToolWithAnOutputSchemaFitsItOrIsAnError) {
  openapi::Tool tool;
  tool.output_schema =
      parse_json(R"({"type":"object","required":["id"],"properties":{"id":{"type":"integer"}}})").value().as_object();
  const Row rows[] = {
      {"it fits",
       {.content_type = "application/json", .body = R"({"id":7,"more":1})"},
       R"({"content":[{"type":"text","text":"{\"id\":7,\"more\":1}"}],"isError":false,)"
       R"("structuredContent":{"id":7,"more":1}})"},
      {"a member of another type",
       {.status = 201, .content_type = "application/json", .body = R"({"id":"7"})"},
       R"({"content":[{"type":"text","text":"The call was done: the API answered 201, though not with what its )"
       R"(description promises.\n/id: this is a string (expected: a whole number)\nThe answer: {\"id\":\"7\"}"}],)"
       R"("isError":true})"},
      {"no JSON",
       {.content_type = "text/plain", .body = "{}"},
       R"({"content":[{"type":"text","text":"The call was done: the API answered 200, though not with what its )"
       R"(description promises.\n/: this is no JSON (expected: JSON)\nThe answer: {}"}],"isError":true})"},
      {"nothing",
       {.status = 204},
       R"({"content":[{"type":"text","text":"The call was done: the API answered 204, though not with what its )"
       R"(description promises.\n/: this is no JSON (expected: JSON)\nThe answer: nothing"}],"isError":true})"},
      {"bytes",
       {.content_type = "image/png", .body = "hi"},
       R"({"content":[{"type":"text","text":"The call was done: the API answered 200, though not with what its )"
       R"(description promises.\n/: this is no JSON (expected: JSON)\nThe answer: bytes"}],"isError":true})"},
  };
  for (const Row& row : rows)
    EXPECT_EQ(json::serialize(make_tool_result(tool, row.answer)), row.result) << row.sentence;
}

/// What its description leaves open is an object's member, in the schema as in the answer.
TEST(ToolResult, StandsInAMemberWhereTheOutputSchemaSaysSo) {
  openapi::Tool tool;
  tool.output_schema =
      parse_json(R"({"type":"object","properties":{"result":{"type":["object","null"]}}})").value().as_object();
  const ApiAnswer object{.content_type = "application/json", .body = R"({"a":1})"};
  const ApiAnswer nothing{.status = 204};
  const ApiAnswer text{.content_type = "text/plain", .body = "7"};
  const ApiAnswer list{.content_type = "text/json", .body = "[]"};
  for (const auto form : {openapi::AnswerForm::member, openapi::AnswerForm::member_if_json}) {
    tool.answer_form = form;
    EXPECT_EQ(json::serialize(make_tool_result(tool, object).at("structuredContent")), R"({"result":{"a":1}})");
    EXPECT_EQ(make_tool_result(tool, list).at("isError"), json::value(true));
    const bool may_be_no_json = form == openapi::AnswerForm::member_if_json;
    for (const ApiAnswer& answer : {nothing, text}) {
      const json::object result = make_tool_result(tool, answer);
      EXPECT_EQ(result.at("isError"), json::value(!may_be_no_json));
      if (may_be_no_json) {
        EXPECT_EQ(result.at("structuredContent"), json::value(json::object()));
      }
    }
  }
}

/// RFC 9110 §8.4: none was asked for, and what is coded is no text.
TEST(ToolResult, OfAnAnswerThatIsCodedIsAnError) {
  const Row rows[] = {
      {"gzip",
       {.content_type = "application/json", .content_encoding = "gzip", .body = "\x1f\x8b"},
       R"({"content":[{"type":"text","text":"The call was done: the API answered 200, though with what cannot be read: )"
       R"(it is coded as gzip, and was asked for without a coding (Accept-Encoding: identity)."}],"isError":true})"},
      {"a refusal",
       {.status = 404, .content_type = "application/json", .content_encoding = "br", .body = "\x1f\x8b"},
       R"({"content":[{"type":"text","text":"The API answered 404 with content that is no text."}],"isError":true})"},
      {"RFC 9110 §12.5.3: identity is none",
       {.content_type = "text/plain", .content_encoding = "Identity", .body = "a"},
       R"({"content":[{"type":"text","text":"a"}],"isError":false})"},
      {"nothing is nothing in any coding",
       {.status = 204, .content_encoding = "gzip"},
       R"({"content":[{"type":"text","text":"Done: the API answered 204 without content."}],"isError":false})"},
  };
  for (const Row& row : rows) EXPECT_EQ(json::serialize(make_tool_result({}, row.answer)), row.result) << row.sentence;
}

TEST(ToolResult, FaultsOfArgumentsAreALineEach) {
  const std::vector<openapi::Fault> faults{{"/id", "missing", "this is required", "a string"}, {"", "", "x", "y"}};
  const json::object result = make_fault_result(faults);
  EXPECT_EQ(result.at("isError"), json::value(true));
  EXPECT_EQ(result.at("content").at(0).at("text"),
            json::value("The arguments do not fit the tool's input schema:\n/id: this is required (expected: a "
                        "string)\n/: x (expected: y)"));
}

}  // namespace
}  // namespace chatelaine::gateway::mcp
