#include <fstream>
#include <iterator>
#include <sstream>

#include "app/cli/run_for_test.hpp"

namespace chatelaine::app {
namespace {

constexpr std::string_view kApi = R"(
openapi: 3.0.3
info: {title: Todo, version: "1"}
servers: [{url: "http://127.0.0.1:3000/v1"}]
paths:
  /todos:
    get: {operationId: listTodos, tags: [todos], summary: Read your lists}
    post: {operationId: addTodo, tags: [todos]}
  /todos/{id}: {delete: {operationId: deleteTodo, tags: [todos], summary: Delete a list}}
)";

std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

Ran expose(const Workplace& place, std::vector<std::string> more = {}) {
  std::vector<std::string> words{"expose", (place.directory() / "api.yaml").string()};
  words.insert(words.end(), more.begin(), more.end());
  return place.run(words);
}

TEST(Expose, MakesAConfigurationThatServes) {
  const Workplace place;
  place.write("api.yaml", kApi);
  const Ran ran = expose(place, {"--upstream", "http://127.0.0.1:3000", "--issuer", "http://127.0.0.1:8099", "--json"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  const json::value answer = ran.json();
  EXPECT_EQ(answer.at("config").as_string(), place.file().string());
  EXPECT_TRUE(answer.at("changed").as_bool());
  EXPECT_EQ(json::serialize(answer.at("scopes")),
            R"([{"name":"todos.read","description":"Read todos","new":true},)"
            R"({"name":"todos.write","description":"Add and change todos","new":true},)"
            R"({"name":"todos.delete","description":"Delete todos","new":true}])");
  EXPECT_EQ(json::serialize(answer.at("operations").at(0)),
            R"({"id":"listTodos","method":"GET","path":"/v1/todos","summary":"Read your lists","effect":"read",)"
            R"("closed":false,"scopes":["todos.read"]})");
  EXPECT_EQ(answer.at("operations").at(2).at("effect").as_string(), "remove");
  const std::string text = read_file(place.file());
  EXPECT_NE(text.find("\nname_for_human = \"Todo\"\n"), std::string::npos) << "people see what the API calls itself";
  // Other commands read it, and know its scopes.
  const Ran client = place.run({"client", "add", "Helper", "--json"});
  ASSERT_EQ(client.code, ExitCode::done) << client.err;
  const std::string id(client.json().at("client_id").as_string());
  EXPECT_EQ(place.run({"client", "show", id, "--json"}).json().at("scope").as_string(),
            "todos.delete todos.read todos.write");
}

/// What the author of a GPT types in, for both of the hosts that its callbacks come to.
TEST(Expose, RegistersAClientForAGptAction) {
  const Workplace place;
  place.write("api.yaml", kApi);
  const Ran ran = expose(place, {"--issuer", "https://todo.example.com", "--upstream", "http://127.0.0.1:3000",
                                 "--gpt-action", "--redirect-id", "abc123", "--json"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  const json::object action = ran.json().at("gpt_action").as_object();
  EXPECT_EQ(action.at("authorization_url"), json::value("https://todo.example.com/oauth/authorize"));
  EXPECT_EQ(action.at("token_url"), json::value("https://todo.example.com/oauth/token"));
  EXPECT_EQ(action.at("schema_url"), json::value("https://todo.example.com/.well-known/openapi.yaml"));
  EXPECT_EQ(action.at("scope"), json::value("todos.delete todos.read todos.write"));
  EXPECT_EQ(action.at("privacy_policy_url"), json::value());
  EXPECT_EQ(
      json::serialize(action.at("callback_urls")),
      R"(["https://chat.openai.com/aip/g-abc123/oauth/callback","https://chatgpt.com/aip/g-abc123/oauth/callback"])");
  EXPECT_EQ(json::serialize(action.at("advice")), "[]");
  EXPECT_FALSE(action.at("client_secret").as_string().empty());
  const std::string id(action.at("client_id").as_string());
  const json::value client = place.run({"client", "show", id, "--json"}).json();
  EXPECT_EQ(client.at("redirect_uris"), action.at("callback_urls"));
  EXPECT_EQ(client.at("pkce"), json::value("optional"));
}

TEST(Expose, SaysWhereNoApiStandsBehindTheServer) {
  const Workplace place;
  place.write("api.yaml", kApi);
  const std::string_view told = "No API stands behind this server yet";
  const Ran alone = expose(place, {});
  ASSERT_EQ(alone.code, ExitCode::done) << alone.err;
  EXPECT_NE(alone.out.find(told), std::string::npos) << alone.out;
  EXPECT_EQ(expose(place, {"--json"}).json().at("has_no_api"), json::value(true));
  const Ran named = expose(place, {"--upstream", "http://127.0.0.1:3000"});
  ASSERT_EQ(named.code, ExitCode::done) << named.err;
  EXPECT_EQ(named.out.find(told), std::string::npos) << named.out;
  EXPECT_EQ(expose(place, {"--json"}).json().at("has_no_api"), json::value(false));
}

TEST(Expose, TellsHowToGoOnWhereTheGptHasNoIdYet) {
  const Workplace place;
  place.write("api.yaml", kApi);
  EXPECT_EQ(expose(place, {"--gpt-action", "--redirect-id", "a/b"}).code, ExitCode::wrong_usage);
  EXPECT_FALSE(std::filesystem::exists(place.file())) << "what was refused wrote nothing";
  const Ran ran = expose(place, {"--gpt-action"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  for (const char* text :
       {"Client Secret ", "http://127.0.0.1:8080/oauth/token", "https://chatgpt.com/aip/g-{id}/oauth/callback",
        "--assistant gpt-action --redirect-id ID", "by https on a public name alone"})
    EXPECT_NE(ran.out.find(text), std::string::npos) << text << " is not in\n" << ran.out;
  EXPECT_EQ(expose(place, {"--gpt-action", "--dry-run"}).code, ExitCode::wrong_usage);
  EXPECT_EQ(expose(place, {"--redirect-id", "a"}).code, ExitCode::wrong_usage);
  EXPECT_EQ(expose(place, {"--gpt-action", "--redirect-id", "a/b"}).code, ExitCode::wrong_usage);
  EXPECT_EQ(place.run({"client", "list", "--json"}).json().as_array().size(), 1U) << "what was refused made nothing";
}

TEST(Expose, AddsToAFileAndShowsWhatChanged) {
  const Workplace place;
  place.write("api.yaml", kApi);
  place.write("# mine\nissuer = \"http://127.0.0.1:8080\"\n[api] # the API\nunlisted = \"deny\"\n");
  ASSERT_EQ(expose(place).code, ExitCode::done);
  const std::string first = read_file(place.file());
  EXPECT_TRUE(first.starts_with("# mine\nissuer = \"http://127.0.0.1:8080\"\n[api] # the API\nopenapi = ")) << first;

  const Ran again = expose(place);
  EXPECT_EQ(again.code, ExitCode::done) << again.err;
  EXPECT_NE(again.out.find("says so already"), std::string::npos) << again.out;
  EXPECT_EQ(read_file(place.file()), first);

  // The owner renames a scope, and the API changes.
  std::string edited = first;
  edited.replace(edited.find("\"Read todos\""), 12, "\"Look at my lists\"");
  place.write(edited);
  std::string api(kApi);
  api.replace(api.find("deleteTodo"), 10, "removeTodo");
  api += "  /todos/search: {get: {operationId: search, tags: [todos]}}\n";
  place.write("api.yaml", api);
  const Ran dry = expose(place, {"--dry-run"});
  ASSERT_EQ(dry.code, ExitCode::done) << dry.err;
  for (const std::string line :
       {"\n+ todos.read: search\n", "\n+ todos.delete: removeTodo\n", "\n- todos.delete: deleteTodo\n"})
    EXPECT_NE(dry.out.find(line), std::string::npos) << line << dry.out;
  EXPECT_EQ(read_file(place.file()), edited) << "a dry run writes nothing";
  const Ran wet = expose(place, {"--json"});
  ASSERT_EQ(wet.code, ExitCode::done) << wet.err;
  EXPECT_EQ(json::serialize(wet.json().at("removed")), R"([{"scope":"todos.delete","operation":"deleteTodo"}])");
  const std::string last = read_file(place.file());
  EXPECT_NE(last.find("\"Look at my lists\"\noperations = [\n  \"listTodos\",\n  \"search\",\n]\n"), std::string::npos)
      << last;
  EXPECT_EQ(last.find("deleteTodo"), std::string::npos);
}

/// What the description's own `security` opens stands in no list of the configuration.
TEST(Expose, ShowsWhatTheFileOpensByItself) {
  const Workplace place;
  const auto describe = [&](const std::string& security, const std::string& more = "") {
    place.write("api.yaml",
                "openapi: 3.0.3\ninfo: {title: Todo, version: '1'}\n"
                "components: {securitySchemes: {oauth: {type: oauth2, flows: {}}}}\npaths:\n"
                "  /todos: {post: {operationId: addTodo, security: [" +
                    security + "]" + more + "}}\n");
  };
  const std::string marked = ", x-openai-isConsequential: true";
  describe("{oauth: [todos.read, todos.write]}", marked);
  ASSERT_EQ(expose(place, {"--issuer", "http://127.0.0.1:8099"}).code, ExitCode::done);
  place.write(read_file(place.file()) + "\n[confirmation]\ncalls = \"consequential\"\n");
  const auto changes_of = [&](const Ran& ran) {
    EXPECT_EQ(ran.code, ExitCode::done) << ran.err;
    std::string lines;
    std::istringstream out(ran.out);
    for (std::string line; std::getline(out, line);)
      if (line.starts_with("+ ") || line.starts_with("- ")) lines += line + "\n";
    return lines;
  };
  EXPECT_EQ(changes_of(expose(place)), "") << "more is confirmed than before";

  describe("{oauth: [todos.read]}", marked);
  const std::string fewer = "+ todos.read: POST /todos (before: todos.read todos.write)\n";
  EXPECT_EQ(changes_of(expose(place, {"--dry-run"})), fewer);
  EXPECT_EQ(changes_of(expose(place)), fewer);
  EXPECT_EQ(changes_of(expose(place)), "") << "told once it is written";

  describe("{oauth: [todos.read]}", marked + "},\n    get: {operationId: list, security: [{oauth: [todos.read]}]");
  EXPECT_EQ(changes_of(expose(place)), "+ todos.read: GET /todos (new)\n");

  describe("{}");
  EXPECT_EQ(changes_of(expose(place, {"--dry-run"})),
            "+ any token: POST /todos (before: todos.read; nobody is asked)\n- confirmed by its user: POST /todos\n");
  const json::value answer = expose(place, {"--json"}).json();
  EXPECT_EQ(json::serialize(answer.at("widened")), R"([{"call":"POST /todos","scopes":[],"before":["todos.read"]}])");
  EXPECT_EQ(json::serialize(answer.at("no_longer_confirmed")), R"(["POST /todos"])");
  EXPECT_EQ(json::serialize(answer.at("added")), "[]");

  std::filesystem::remove(place.directory() / "chatelaine.exposed.json");
  describe("{oauth: [other]}");
  EXPECT_NE(expose(place, {"--dry-run"}).out.find("What the description opened before is not known"),
            std::string::npos);
  EXPECT_TRUE(expose(place, {"--dry-run", "--json"}).json().at("widened").is_null()) << "not known is not nothing";
  place.write("chatelaine.exposed.json", "{}");
  const Ran broken = expose(place);
  EXPECT_EQ(broken.code, ExitCode::wrong_usage);
  EXPECT_NE(broken.err.find("chatelaine.exposed.json cannot be read: it is no JSON with a list of calls"),
            std::string::npos)
      << broken.err;
}

TEST(Expose, LeavesClosedWhatTheOwnerCloses) {
  const Workplace place;
  place.write("api.yaml", kApi);
  place.write(
      "issuer = \"http://127.0.0.1:8080\"\n[api]\nopenapi = \"api.yaml\"\nbase_path = \"/\"\nclosed = "
      "[\"gone\", \"delete /todos/{id}\"]\n");
  const Ran ran = expose(place, {"--json"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  const json::value answer = ran.json();
  EXPECT_EQ(json::serialize(answer.at("no_longer_closed")), R"(["gone"])");
  EXPECT_EQ(answer.at("scopes").as_array().size(), 2U) << "none for what is closed";
  EXPECT_EQ(json::serialize(answer.at("operations").at(2)),
            R"({"id":"deleteTodo","method":"DELETE","path":"/todos/{id}","summary":"Delete a list","effect":"remove",)"
            R"("closed":true,"scopes":[]})");
  EXPECT_EQ(read_file(place.file()).find("gone"), std::string::npos);
  EXPECT_NE(expose(place).out.find("\nclosed "), std::string::npos);
}

TEST(Expose, SaysWhatTheServerWillNotStartWithAndWhatIsNoTool) {
  const Workplace place;
  place.write("api.yaml", R"(
paths:
  /mcp: {post: {operationId: message}}
  /oauth/check/all: {get: {operationId: check}}
  /files: {post: {operationId: send, servers: [{url: "https://files.example"}]}}
  /mixed: {post: {operationId: closed, requestBody: {required: true, content: {multipart/mixed: {}}}}}
)");
  place.write(
      "issuer = \"http://127.0.0.1:8080\"\n[api]\nupstream = \"http://127.0.0.1:9\"\nopenapi = \"api.yaml\"\nclosed = "
      "[\"closed\"]\n");
  const Ran ran = expose(place, {"--json", "--dry-run"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  EXPECT_EQ(
      json::serialize(ran.json().at("conflicts")),
      R"(["POST /mcp of the API's OpenAPI is a path of our own (/mcp); turn our MCP server off with [mcp] enabled )"
      R"(= false, or move the API's","GET /oauth/check/all of the API's OpenAPI is a path of our own )"
      R"((/oauth/check/*); move our pages with [paths] prefix, or move the API's"])");
  EXPECT_EQ(json::serialize(ran.json().at("no_tools")),
            R"([{"operation":"send","why":"it is at a server of its own, https://files.example, which is not behind )"
            R"(this one"}])");
  EXPECT_FALSE(std::filesystem::exists(place.directory() / "chatelaine.key")) << "nothing is made to find that out";
  const Ran told = expose(place, {"--dry-run"});
  EXPECT_NE(told.out.find("\nThe server will not start: POST /mcp "), std::string::npos) << told.out;
  EXPECT_NE(told.out.find("\nNo tool: send: it is at a server of its own"), std::string::npos) << told.out;
}

TEST(Expose, RefusesWithASentenceAndChangesNothing) {
  struct Row {
    std::string_view name;
    std::string api;
    std::string configuration;
    std::vector<std::string> words;
    std::string sentence;
  };
  const std::string file = "issuer = \"http://127.0.0.1:8080\"\n";
  const Row rows[] = {
      {"no OpenAPI", "<html>", file, {}, "this is an HTML or XML page"},
      {"every fault is named",
       "openapi: 3.0.0\npaths: {a: {get: {}},\n /b: {get: 1}}",
       file,
       {},
       "line 3, /paths/~1b/get: "},
      {"a configuration that is none", std::string(kApi), "isuer = 1", {}, "isuer"},
      {"the host's alone", std::string(kApi), "[host]\nurl = \"http://127.0.0.1:1\"", {}, "has no issuer"},
      {"an issuer for a file that has one",
       std::string(kApi),
       file,
       {"--issuer", "http://127.0.0.1:1"},
       "change it in the file"},
      {"an upstream that is none",
       std::string(kApi),
       file,
       {"--upstream", "ftp://x"},
       "api.upstream: must be an http or https URL"},
      {"a server that is none",
       "servers: [{url: \"https://{host}/v1\"}]\npaths: {/a: {get: {}}}",
       file,
       {},
       "line 1, /servers/0/url: the server https://{host}/v1 cannot be read"},
      {"a scope that no token can carry",
       "paths: {/a: {get: {security: [{login: [\"read todos\"]}]}}}",
       file,
       {},
       "line 1, /paths/~1a/get/security/0/login/0: the scope \"read todos\" is none that a token can carry"},
      {"no room", std::string(kApi), file + "scope = [{name = \"a\"}]", {}, "write this yourself"},
  };
  for (const Row& row : rows) {
    const Workplace place;
    place.write("api.yaml", row.api);
    place.write(row.configuration);
    const Ran ran = expose(place, row.words);
    EXPECT_NE(ran.code, ExitCode::done) << row.name;
    EXPECT_NE(ran.err.find(row.sentence), std::string::npos) << row.name << ": " << ran.err;
    EXPECT_EQ(read_file(place.file()), row.configuration) << row.name;
  }
}

TEST(Expose, SaysWhichOperationAConfigurationNamesInVain) {
  const Workplace place;
  place.write("api.yaml", kApi);
  place.write(
      "issuer = \"http://127.0.0.1:8080\"\n[api]\nopenapi = \"api.yaml\"\n[[scope]]\nname = \"a\"\noperations = "
      "[\"listtodos\"]\n");
  const Ran ran = Workplace::run_as_it_is({"serve", "--config", place.file().string()});
  EXPECT_EQ(ran.code, ExitCode::wrong_usage);
  EXPECT_NE(ran.err.find("[[scope]] \"a\": operations names \"listtodos\""), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("did you mean \"listTodos\"?"), std::string::npos) << ran.err;
}

}  // namespace
}  // namespace chatelaine::app
