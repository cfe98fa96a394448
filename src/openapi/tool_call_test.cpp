#include "openapi/tool_call.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "base/ascii.hpp"

namespace chatelaine::openapi {
namespace {

using testing::ElementsAre;

Tool read_tool(std::string_view path, std::string_view operation) {
  const std::string text =
      "openapi: 3.1.0\npaths:\n  '" + std::string(path) + "': {post: " + std::string(operation) + "}\n";
  const Tools tools = make_tools(read_document(text).value(), read_description(text).value());
  EXPECT_EQ(tools.tools.size(), 1U) << text;
  return tools.tools.at(0);
}

std::string tell(const std::expected<ToolRequest, std::vector<Fault>>& made) {
  std::string text;
  if (!made) {
    for (const Fault& fault : made.error())
      text += fault.path + ": " + fault.message + " (expected: " + fault.expected + ")\n";
    return text;
  }
  text = made->target;
  for (const auto& [name, value] : made->headers) {
    if (!name.starts_with("Accept")) text += "\n" + name + ": " + value;
  }
  return made->body.empty() ? text : text + "\n\n" + made->body;
}

std::string call(const Tool& tool, std::string_view arguments) {
  return tell(make_request(tool, parse_json(arguments).value().as_object()));
}

struct StyleRow {
  std::string_view sentence;
  std::string_view path;
  std::string_view parameter;
  std::string_view value;
  std::string_view request;
};

TEST(ToolCall, OpenApi31Section4_8_12_2) {
  const StyleRow rows[] = {
      {"simple, a text", "/a/{v}", "in: path, schema: {}", R"("b c/d")",
       "/v: this cannot stand in a path (expected: what names one thing: not empty, no slash or backslash, neither . "
       "nor ..)\n"},
      {"simple", "/a/{v}", "in: path, schema: {}", R"("b c,ü")", "/a/b%20c%2C%C3%BC"},
      {"simple, a list", "/a/{v}", "in: path, schema: {}", R"([3,4,"5"])", "/a/3,4,5"},
      {"simple, an object", "/a/{v}", "in: path, schema: {}", R"({"R":100,"G":200})", "/a/R,100,G,200"},
      {"simple, an object apart", "/a/{v}", "in: path, explode: true, schema: {}", R"({"R":100,"G":200})",
       "/a/R=100,G=200"},
      {"a path has no place for null", "/a/{v}", "in: path, schema: {type: [string, 'null']}", "null",
       "/v: this is required and was not given (expected: what names one thing)\n"},
      {"label", "/a/{v}", "in: path, style: label, schema: {}", R"("b")", "/a/.b"},
      {"label, a list", "/a/{v}", "in: path, style: label, schema: {}", R"(["b","c"])", "/a/.b,c"},
      {"label, a list apart", "/a/{v}", "in: path, style: label, explode: true, schema: {}", R"(["b","c"])", "/a/.b.c"},
      {"matrix", "/a/b{v}", "in: path, style: matrix, schema: {}", R"("b")", "/a/b;v=b"},
      {"matrix, a list", "/a/b{v}", "in: path, style: matrix, schema: {}", R"(["b","c"])", "/a/b;v=b,c"},
      {"matrix, a list apart", "/a/b{v}", "in: path, style: matrix, explode: true, schema: {}", R"(["b","c"])",
       "/a/b;v=b;v=c"},
      {"matrix, an object apart", "/a/b{v}", "in: path, style: matrix, explode: true, schema: {}", R"({"x":1})",
       "/a/b;x=1"},
      {"form", "/a", "in: query, schema: {}", R"("b&c=d")", "/a?v=b%26c%3Dd"},
      {"form, numbers", "/a", "in: query, schema: {}", R"([1,2.5,1e3,-7,true])", "/a?v=1&v=2.5&v=1000&v=-7&v=true"},
      {"RFC 6570 §3.2.8: form, a list together", "/a", "in: query, explode: false, schema: {}", R"(["b,b","c"])",
       "/a?v=b%2Cb,c"},
      {"form, an object apart", "/a", "in: query, schema: {}", R"({"R":100,"G":200})", "/a?R=100&G=200"},
      {"form, an object together", "/a", "in: query, explode: false, schema: {}", R"({"R":100})", "/a?v=R,100"},
      {"form, a list without elements", "/a", "in: query, schema: {}", "[]", "/a"},
      {"spaceDelimited", "/a", "in: query, style: spaceDelimited, explode: false, schema: {}", R"(["b","c"])",
       "/a?v=b%20c"},
      {"pipeDelimited", "/a", "in: query, style: pipeDelimited, explode: false, schema: {}", R"(["b","c"])",
       "/a?v=b%7Cc"},
      {"deepObject", "/a", "in: query, style: deepObject, schema: {}", R"({"R":100,"in":{"x":"y"},"l":[1,2]})",
       "/a?v%5BR%5D=100&v%5Bin%5D%5Bx%5D=y&v%5Bl%5D%5B%5D=1&v%5Bl%5D%5B%5D=2"},
      {"deepObject, lists", "/a", "in: query, style: deepObject, explode: true, schema: {}", R"(["b",{"x":1}])",
       "/a?v%5B%5D=b&v%5B1%5D%5Bx%5D=1"},
      {"a style of another place is the place's own", "/a", "in: query, style: matrix, schema: {}", R"("b")", "/a?v=b"},
      {"content is JSON", "/a", "in: query, content: {application/json: {}}", R"({"x":[1]})",
       "/a?v=%7B%22x%22%3A%5B1%5D%7D"},
      {"content that is no JSON is text", "/a", "in: query, content: {text/plain: {}}", R"("b c")", "/a?v=b%20c"},
      {"a cookie of several", "/a", "in: cookie, explode: false, schema: {}", R"(["b","c"])", "/a\nCookie: v=b%2Cc"},
      {"a path that no request can have as it is written", "/ü b/{v}", "in: path, schema: {}", "7", "/%C3%BC%20b/7"},
      {"a header", "/a", "in: header, schema: {}", R"(["b","c"])", "/a\nv: b,c"},
      {"a header that would end its line", "/a", "in: header, schema: {}", R"("b\r\nX: y")",
       "/v: this has a character that cannot stand in a header (expected: one line of text)\n"},
      {"a cookie", "/a", "in: cookie, schema: {}", R"("b; c")", "/a\nCookie: v=b%3B%20c"},
      {"what is null is not given", "/a", "in: query, schema: {type: string}", "null", "/a"},
      {"nor where several forms are none", "/a", "in: query, schema: {anyOf: [{type: string}, {type: integer}]}",
       "null", "/a"},
  };
  for (const StyleRow& row : rows) {
    const Tool tool = read_tool(row.path, "{parameters: [{name: v, " + std::string(row.parameter) + "}]}");
    EXPECT_EQ(call(tool, R"({"v":)" + std::string(row.value) + "}"), row.request) << row.sentence;
  }
}

/// THREATS N05: a value stays within its segment.
TEST(ToolCall, AValueDoesNotLeaveItsPlace) {
  const Tool tool = read_tool("/a/{v}/b", "{parameters: [{name: v, in: path, schema: {type: string}}]}");
  for (const char* value : {"", ".", "..", "a/b", "../c", "a\\\\b", "a\\u0000b", "a\\nb"}) {
    EXPECT_THAT(call(tool, R"({"v":")" + std::string(value) + "\"}"), testing::StartsWith("/v: ")) << value;
  }
  EXPECT_EQ(call(tool, R"({"v":"%2e%2e?x#y"})"), "/a/%252e%252e%3Fx%23y/b");
  EXPECT_EQ(call(tool, R"({"v":"{v}"})"), "/a/%7Bv%7D/b");
}

struct BodyRow {
  std::string_view sentence;
  std::string_view body;
  std::string_view arguments;
  std::string_view request;
};

TEST(ToolCall, Bodies) {
  const BodyRow rows[] = {
      {"JSON of members",
       "{required: true, content: {application/json: {schema: {type: object, properties: {a: {}, 'b c': {}}}}}}",
       R"({"a":[1,null],"b_c":"x"})", "/a\nContent-Type: application/json\n\n{\"a\":[1,null],\"b c\":\"x\"}"},
      {"a required body whose members may all be left out",
       "{required: true, content: {application/json: {schema: {type: object, properties: {a: {}}}}}}", "{}",
       "/a\nContent-Type: application/json\n\n{}"},
      {"JSON in one", "{content: {application/merge-patch+json: {schema: {type: object}}}}", R"({"body":{"a":1}})",
       "/a\nContent-Type: application/merge-patch+json\n\n{\"a\":1}"},
      {"a body that may be left out", "{content: {application/json: {schema: {type: object}}}}", "{}", "/a"},
      {"JSON before what comes first", "{required: true, content: {text/plain: {}, application/json: {}}}",
       R"({"body":"x"})", "/a\nContent-Type: application/json\n\n\"x\""},
      {"numbers in JSON are written as people write them",
       "{required: true, content: {application/json: {schema: {type: object, properties: {a: {}}}}}}",
       R"({"a":[1234.56,0.1,-2.0,1e3,12345678901234567,{"b":1e18,"c":1e-9,"d":1.5e300,"e":"x\"","f":[]}]})",
       "/a\nContent-Type: application/json\n\n"
       R"({"a":[1234.56,0.1,-2,1000,12345678901234567,{"b":1000000000000000000,"c":1e-09,"d":1.5e+300,)"
       R"("e":"x\"","f":[]}]})"},
      {"and so within a form",
       "{required: true, content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {}}}}}}",
       R"({"a":{"b":1.5}})", "/a\nContent-Type: application/x-www-form-urlencoded\n\na=%7B%22b%22%3A1.5%7D"},
      {"application/json before what is JSON too",
       "{required: true, content: {'application/*+json': {schema: {type: array}}, application/json: {}}}",
       R"({"body":"x"})", "/a\nContent-Type: application/json\n\n\"x\""},
      {"a form",
       "{required: true, content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {}, "
       "b: {}, c: {}}}}}}",
       R"({"a":"x y&","b":[1,2],"c":{"d":true}})",
       "/a\nContent-Type: application/x-www-form-urlencoded\n\na=x%20y%26&b=1&b=2&c=%7B%22d%22%3Atrue%7D"},
      {"OpenAPI 3.1 §4.8.15: a form whose members have styles of their own",
       "{required: true, content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {}, "
       "b: {}, c: {}}}, encoding: {a: {style: deepObject, explode: true}, b: {explode: false}}}}}",
       R"({"a":{"x":[{"y":1}],"z":["t"]},"b":[1,2],"c":{"d":true}})",
       "/a\nContent-Type: application/x-www-form-urlencoded\n\n"
       "a%5Bx%5D%5B0%5D%5By%5D=1&a%5Bz%5D%5B%5D=t&b=1,2&c=%7B%22d%22%3Atrue%7D"},
      {"OpenAPI 3.1 §4.8.15: parts whose media types the description gives",
       "{required: true, content: {multipart/form-data: {schema: {type: object, properties: {a: {type: string}, f: "
       "{type: string, format: binary}}}, encoding: {a: {contentType: text/csv}, f: {contentType: 'image/*, "
       "image/gif'}}}}}",
       R"({"a":"x,y","f":"aGk="})",
       "/a\nContent-Type: multipart/form-data; boundary=form\n\n"
       "--form\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Type: text/csv\r\n\r\nx,y\r\n"
       "--form\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\nContent-Type: "
       "image/gif\r\n\r\nhi\r\n--form--\r\n"},
      {"RFC 9110 §12.5.1: a range is no content type", "{required: true, content: {'image/*': {}}}",
       R"({"body":"aGk="})", "/a\nContent-Type: application/octet-stream\n\nhi"},
      {"RFC 7578 §4: a form of parts",
       "{required: true, content: {multipart/form-data: {schema: {type: object, properties: {note: {type: string}, "
       "'a\"b': {type: integer}, file: {type: string, contentEncoding: base64, contentMediaType: image/png}, "
       "tags: {type: array, items: {type: string}}, "
       "at: {type: object, properties: {x: {}}}}}}}}",
       R"({"note":"x","a_b":7,"file":"aGk=","tags":["t","u"],"at":{"x":1}})",
       "/a\nContent-Type: multipart/form-data; boundary=form\n\n"
       "--form\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nx\r\n"
       "--form\r\nContent-Disposition: form-data; name=\"a%22b\"\r\n\r\n7\r\n"
       "--form\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\nContent-Type: "
       "image/png\r\n\r\nhi\r\n"
       "--form\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\nt\r\n"
       "--form\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\nu\r\n"
       "--form\r\nContent-Disposition: form-data; name=\"at\"\r\nContent-Type: "
       "application/json\r\n\r\n{\"x\":1}\r\n--form--\r\n"},
      {"bytes of a part that are none, in a form that may be left out",
       "{content: {multipart/form-data: {schema: {type: object, properties: {file: {type: string, format: binary}}}}}}",
       R"({"body":{"file":"%"}})",
       "/body/file: this is not base64 (expected: bytes in base64, with padding (RFC 4648 §4))\n"},
      {"text", "{required: true, content: {text/markdown: {}}}", R"({"body":"# x"})",
       "/a\nContent-Type: text/markdown\n\n# x"},
      {"bytes", "{required: true, content: {image/png: {}}}", R"({"body":"aGk="})",
       "/a\nContent-Type: image/png\n\nhi"},
      {"bytes that are none", "{required: true, content: {image/png: {}}}", R"({"body":"%"})",
       "/body: this is not base64 (expected: bytes in base64, with padding (RFC 4648 §4))\n"},
      {"null where it is allowed",
       "{required: true, content: {application/json: {schema: {type: object, properties: {a: {type: [string, 'null']}, "
       "b: {type: string}}}}}}",
       R"({"a":null,"b":null})", "/a\nContent-Type: application/json\n\n{\"a\":null}"},
  };
  for (const BodyRow& row : rows) {
    const Tool tool = read_tool("/a", "{requestBody: " + std::string(row.body) + "}");
    // A boundary follows from the parts.
    static const std::regex kBoundary("form-[0-9a-f]{16}");
    EXPECT_EQ(std::regex_replace(call(tool, row.arguments), kBoundary, "form"), row.request) << row.sentence;
  }
}

TEST(ToolCall, FaultsSayWhereAndWhatWasExpected) {
  const Tool tool = read_tool("/a/{id}", R"({parameters: [
      {name: id, in: path, schema: {type: integer}}, {name: sort, in: query, schema: {type: string, enum: [up, down]}}],
      requestBody: {content: {application/json: {schema: {type: object, required: [tags], additionalProperties: false,
        properties: {tags: {type: array, minItems: 1, items: {type: string}}, at: {type: [number, 'null'], minimum: 0}}}}}}})");
  struct Row {
    std::string_view sentence;
    std::string_view arguments;
    std::string_view faults;
  };
  const Row rows[] = {
      {"missing", "{}", "/id: this is required and was not given (expected: a whole number)\n"},
      {"null is missing", R"({"id":null})", "/id: this is required and was not given (expected: a whole number)\n"},
      {"a wrong type", R"({"id":"7"})", "/id: this is a string (expected: a whole number)\n"},
      {"not whole", R"({"id":7.5})", "/id: this is a number (expected: a whole number)\n"},
      {"unknown", R"({"id":7,"a/b":1})", "/a~1b: there is nothing of this name (expected: one of id, sort, body)\n"},
      {"not among what is allowed", R"({"id":7,"sort":"left"})",
       "/sort: \"left\" is not among what is allowed (expected: one of \"up\", \"down\")\n"},
      {"all at once, and deep", R"({"id":true,"body":{"tags":["a",1],"at":"x","more":1}})",
       "/id: this is a boolean (expected: a whole number)\n"
       "/body/tags/1: this is a number (expected: a string)\n"
       "/body/at: this is a string (expected: a number or null)\n"
       "/body/more: there is nothing of this name (expected: one of tags, at)\n"},
      {"7.0 is whole", R"({"id":7.0})", "/a/7"},
      {"beyond a bound", R"({"id":7,"body":{"tags":[],"at":-1}})",
       "/body/tags: this has 0 elements (expected: at least 1 element)\n"
       "/body/at: -1 is too small (expected: at least 0)\n"},
  };
  for (const Row& row : rows) EXPECT_EQ(call(tool, row.arguments), row.faults) << row.sentence;
}

/// One message must not hold up everybody else's: what is behind a bound is not looked at.
TEST(ToolCall, AValueIsLookedAtForSoLong) {
  const Tool tool = read_tool("/a", R"({requestBody: {required: true, content: {application/json: {schema: {
      type: array, items: {type: string}}}}}})");
  json::array good(100'000, json::value("x"));
  good.emplace_back(7);
  EXPECT_TRUE(make_request(tool, {{"body", good}}));
  good.front() = 7;
  EXPECT_EQ(make_request(tool, {{"body", good}}).error().size(), 1U);
  const auto bad = make_request(tool, {{"body", json::array(1'000, json::value(7))}});
  EXPECT_EQ(bad.error().size(), 10U);
}

TEST(ToolCall, OfAnOperationWithoutArguments) {
  const Tool tool = read_tool("/a", "{}");
  EXPECT_EQ(call(tool, "{}"), "/a");
  EXPECT_EQ(call(tool, R"({"x":1})"), "/x: there is nothing of this name (expected: no members)\n");
  const auto made = make_request(tool, {});
  ASSERT_TRUE(made);
  ASSERT_EQ(made->headers.size(), 2U);
  EXPECT_EQ(made->headers.front().name, "Accept");
}

/// RFC 9110 §12.5.3: without the field any coding is welcome, and a model can read none.
TEST(ToolCall, AsksForAnAnswerWithoutACoding) {
  for (const char* operation : {"{}", "{parameters: [{name: accept-encoding, in: header, schema: {}}]}"}) {
    const auto made = make_request(read_tool("/a", operation), {{"accept-encoding", "gzip"}});
    const auto bare = make_request(read_tool("/a", operation), {});
    ASSERT_TRUE(bare);
    std::vector<std::string> codings;
    for (const auto& [name, value] : (made ? *made : *bare).headers)
      if (to_lower(name) == "accept-encoding") codings.push_back(value);
    EXPECT_THAT(codings, ElementsAre("identity")) << operation;
  }
}

/// RFC 8259 §6: what no 64 bits hold was rounded when it was read.
TEST(ToolCall, AWholeNumberBeyond64BitsIsRefused) {
  const Tool tool = read_tool("/a",
                              "{parameters: [{name: i, in: query, schema: {type: integer}}, {name: n, in: query, "
                              "schema: {type: number}}], requestBody: {content: {application/json: {schema: "
                              "{anyOf: [{type: object, properties: {id: {type: integer}}}]}}}}}");
  const std::string fault =
      ": this whole number has more than 64 bits, and would not arrive as it is (expected: a whole "
      "number from -9223372036854775808 to 18446744073709551615)\n";
  EXPECT_EQ(call(tool, R"({"i":123456789012345678901})"), "/i" + fault);
  EXPECT_EQ(call(tool, R"({"i":-9223372036854775809})"), "/i" + fault);
  EXPECT_EQ(call(tool, R"({"body":{"id":18446744073709551616}})"), "/body/id" + fault);
  EXPECT_EQ(call(tool, R"({"i":18446744073709551615})"), "/a?i=18446744073709551615");
  EXPECT_EQ(call(tool, R"({"i":-9223372036854775808})"), "/a?i=-9223372036854775808");
  EXPECT_EQ(call(tool, R"({"i":1e18})"), "/a?i=1000000000000000000");
  EXPECT_EQ(call(tool, R"({"n":6.02e23})"), "/a?n=6.02e%2B23") << "a number is a double";
}

/// A document of a rich text editor has two levels for each node.
TEST(ToolCall, ArgumentsMayBeDeep) {
  const Tool tool = read_tool("/a", R"({requestBody: {required: true, content: {application/json: {schema: {
      $ref: '#/paths/~1a/post/x-node'}}}}, x-node: {type: object, properties: {text: {type: string}, content: {type: array,
      items: {anyOf: [{$ref: '#/paths/~1a/post/x-node'}]}}}}})");
  const auto nest = [](std::string_view text) {
    std::string document = R"({"text":)" + std::string(text) + "}";
    for (int i = 0; i < 40; ++i) document = R"({"content":[)" + document + "]}";
    return document;
  };
  EXPECT_THAT(call(tool, nest("\"x\"")), testing::StartsWith("/a\nContent-Type"));
  EXPECT_THAT(call(tool, nest("7")), testing::HasSubstr("this is a number (expected: a string)"));
  EXPECT_FALSE(parse_json(std::string(100'000, '[')));
}

}  // namespace
}  // namespace chatelaine::openapi
