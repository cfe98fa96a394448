#include "host/call_request.hpp"

#include <gtest/gtest.h>

#include "host/api_base.hpp"

namespace chatelaine::host {
namespace {

using openapi::ParameterPlace;

openapi::Operation update_todo() {
  openapi::Operation operation;
  operation.id = "updateTodo";
  operation.method = "PUT";
  operation.path = "/todos/{id}";
  operation.parameters = {{"id", ParameterPlace::path, true, "", "string"},
                          {"limit", ParameterPlace::query, false, "", "integer"},
                          {"tag", ParameterPlace::query, false, "", "array"},
                          {"X-Note", ParameterPlace::header, false, "", "string"},
                          {"Host", ParameterPlace::header, false, "", "string"}};
  operation.body = openapi::RequestBody{true,
                                        "application/json",
                                        {{"text", false, "", "string"},
                                         {"rank", false, "", "integer"},
                                         {"share", false, "", "number"},
                                         {"done", false, "", "boolean"},
                                         {"labels", false, "", "array"},
                                         {"extra", false, "", "object"}}};
  return operation;
}

struct Row {
  const char* sentence;
  std::vector<Argument> arguments;
  const char* url;
  const char* body;
};

TEST(CallRequest, PlacesArgumentsByName) {
  const Row rows[] = {
      {"a path value is percent-encoded", {{"id", "a b/c?d"}}, "https://e.example/v1/todos/a%20b%2Fc%3Fd", "{}"},
      {"a query value", {{"id", "1"}, {"limit", "5"}}, "https://e.example/v1/todos/1?limit=5", "{}"},
      {"an array in the query is its name repeated",
       {{"id", "1"}, {"tag", "a&b"}, {"tag", "c"}},
       "https://e.example/v1/todos/1?tag=a%26b&tag=c",
       "{}"},
      {"an array as JSON", {{"id", "1"}, {"tag", R"(["a",2])"}}, "https://e.example/v1/todos/1?tag=a&tag=2", "{}"},
      {"types of a JSON body",
       {{"id", "1"},
        {"text", "5"},
        {"rank", "5"},
        {"share", "0.5"},
        {"done", "false"},
        {"labels", "x"},
        {"extra", R"({"a":1})"}},
       "https://e.example/v1/todos/1",
       R"({"text":"5","rank":5,"share":5E-1,"done":false,"labels":["x"],"extra":{"a":1}})"},
      {"the whole body",
       {{"id", "1"}, {"body", R"({"free":true})"}},
       "https://e.example/v1/todos/1",
       R"({"free":true})"},
  };
  for (const Row& row : rows) {
    const auto request = make_call_request(*parse_http_url("https://e.example/v1"), update_todo(), row.arguments);
    ASSERT_TRUE(request) << row.sentence << ": " << request.error();
    EXPECT_EQ(request->url, row.url) << row.sentence;
    EXPECT_EQ(request->body, row.body) << row.sentence;
    EXPECT_EQ(request->headers.back().value, "application/json") << row.sentence;
  }
}

struct RefusedRow {
  const char* sentence;
  std::vector<Argument> arguments;
  const char* names;
};

TEST(CallRequest, NamesWhatIsWrong) {
  const RefusedRow rows[] = {
      {"a required argument is missing", {}, "needs id"},
      {"an unknown name", {{"id", "1"}, {"colour", "red"}}, "\"colour\""},
      {"an empty path value", {{"id", ""}}, "not empty"},
      {"dots that climb", {{"id", ".."}}, "\"..\""},
      {"a dot that stays", {{"id", "."}}, "\"..\""},
      {"no integer", {{"id", "1"}, {"limit", "five"}}, "whole number"},
      {"an integer with a tail", {{"id", "1"}, {"rank", "5x"}}, "whole number"},
      {"no number", {{"id", "1"}, {"share", "nan"}}, "a number"},
      {"no boolean", {{"id", "1"}, {"done", "yes"}}, "true or false"},
      {"no object", {{"id", "1"}, {"extra", "[1]"}}, "JSON object"},
      {"a broken array", {{"id", "1"}, {"labels", "[1"}}, "JSON array"},
      {"twice where once is meant", {{"id", "1"}, {"text", "a"}, {"text", "b"}}, "given once"},
      {"a whole body that is no JSON", {{"id", "1"}, {"body", "{,}"}}, "not JSON"},
      {"CWE-113: a header with a line break", {{"id", "1"}, {"X-Note", "a\r\nHost: b"}}, "cannot stand"},
      {"a header that is the connection's", {{"id", "1"}, {"Host", "evil.example"}}, "not for a caller"},
  };
  for (const RefusedRow& row : rows) {
    const auto request = make_call_request(*parse_http_url("https://e.example/v1"), update_todo(), row.arguments);
    ASSERT_FALSE(request) << row.sentence;
    EXPECT_NE(request.error().find(row.names), std::string::npos) << row.sentence << ": " << request.error();
  }
}

TEST(CallRequest, StaysOnItsOriginWhateverTheDescriptionSays) {
  for (const char* path : {"@evil.example/x", ":8443/x", ".evil.example/x", "evil", "/a/../../b", "/%2e%2e/b", "/a?x=1",
                           "/a#b", "/a\r\nb", "/a b", "\\evil.example"}) {
    openapi::Operation operation;
    operation.id = "x";
    operation.method = "GET";
    operation.path = path;
    EXPECT_FALSE(make_call_request(*parse_http_url("https://e.example"), operation, {})) << path;
  }
  openapi::Operation doubled;
  doubled.method = "GET";
  doubled.path = "//evil.example/x";
  const auto request = make_call_request(*parse_http_url("https://e.example"), doubled, {});
  if (request) {
    EXPECT_EQ(parse_http_url(request->url)->origin(), "https://e.example");
  }

  openapi::Operation odd_type = update_todo();
  odd_type.body->media_type = "text/plain\r\nX: y";
  EXPECT_FALSE(make_call_request(*parse_http_url("https://e.example"), odd_type, {{"id", "1"}, {"body", "x"}}));
}

struct BaseRow {
  const char* sentence;
  std::vector<std::string> servers;
  const char* base;
  bool warns;
};

TEST(ApiBase, FollowsServersOnTheManifestsAndTheDescriptionsOriginsAlone) {
  const BaseRow rows[] = {
      {"no servers: the origin of api.url", {}, "https://api.example", false},
      {"a server on api.url's origin", {"https://api.example/v1/"}, "https://api.example/v1", false},
      {"a server on the manifest's origin", {"https://todo.example/api"}, "https://todo.example/api", false},
      {"a relative server is seen from api.url", {"/v2"}, "https://api.example/v2", false},
      {"another origin", {"https://evil.example"}, "https://api.example", true},
      {"another port is another origin", {"https://api.example:8443"}, "https://api.example", true},
      {"another scheme is another origin", {"http://api.example"}, "https://api.example", true},
      {"user information", {"https://u@api.example"}, "https://api.example", true},
      {"variables", {"https://{region}.api.example"}, "https://api.example", true},
      {"only the first server counts",
       {"https://api.example/a", "https://evil.example"},
       "https://api.example/a",
       false},
  };
  oauth::Manifest manifest;
  manifest.api_url = *parse_http_url("https://api.example/docs/openapi.yaml");
  for (const BaseRow& row : rows) {
    openapi::Description description;
    description.servers = row.servers;
    const ApiBase base =
        choose_api_base(manifest, *parse_http_url("https://todo.example/.well-known/ai-plugin.json"), description);
    EXPECT_EQ(base.url.text, row.base) << row.sentence;
    EXPECT_EQ(base.warning.has_value(), row.warns) << row.sentence;
  }
}

}  // namespace
}  // namespace chatelaine::host
