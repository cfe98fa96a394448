#include "app/wiring/api_description.hpp"

#include <gtest/gtest.h>

#include "storage/memory/memory_storage.hpp"

namespace chatelaine::app {
namespace {

struct Row {
  std::string_view name;
  std::string base;
  std::string path;
  bool conflicts;
};

TEST(PathConflict, IsAnOperationThatARouteOfOursClaims) {
  const Row rows[] = {
      {"the same path", "", "/sign-in", true},
      {"another path", "", "/todos", false},
      {"a longer path", "", "/sign-in/again", false},
      {"a shorter path", "", "/", false},
      {"a route's pattern takes any segment", "", "/oauth/assets/1/x.css", true},
      {"the API's own template leaves our path to us", "", "/{page}", false},
      {"paths count below the server's path", "/v1", "/sign-in", false},
      {"the server's path can make the conflict", "/oauth", "/token", true},
      {"a tree's own path", "", "/oauth/check", true},
      {"all below a tree", "", "/oauth/check/{id}/x", true},
      {"what only begins like a tree", "", "/oauth/checks", false},
      {"what is above a tree", "", "/oauth", false},
      {"case matters", "", "/Sign-In", false},
  };
  const std::vector<std::string> routes{"/sign-in", "/oauth/token", "/oauth/assets/{hash}/{name}", "/oauth/check/*"};
  for (const Row& row : rows) {
    openapi::Description description;
    description.base_path = row.base;
    openapi::Operation operation;
    operation.method = "GET";
    operation.path = row.path;
    description.operations.push_back(operation);
    EXPECT_EQ(!find_path_conflicts(description, routes).empty(), row.conflicts) << row.name;
  }
}

TEST(PathConflict, SaysWhatLeavesThePathToTheApi) {
  openapi::Description description;
  openapi::Operation operation;
  operation.method = "POST";
  operation.path = "/mcp";
  description.operations.push_back(operation);
  EXPECT_EQ(find_path_conflicts(description, {"/mcp"}),
            std::vector<std::string>{"POST /mcp of the API's OpenAPI is a path of our own (/mcp); turn our MCP server "
                                     "off with [mcp] enabled = false, or move the API's"});
  description.operations.front().path = "/sign-in";
  EXPECT_EQ(find_path_conflicts(description, {"/sign-in"}),
            std::vector<std::string>{"POST /sign-in of the API's OpenAPI is a path of our own (/sign-in); move our "
                                     "pages with [paths] prefix, or move the API's"});
}

ApiDescription describe(const std::string& paths) {
  const std::string head =
      "openapi: 3.0.3\nservers: [{url: /v1}]\ncomponents: {securitySchemes: {oauth: {type: oauth2, flows: "
      "{}}}}\npaths:\n";
  return {.text = {}, .content_type = {}, .description = openapi::read_description(head + paths).value()};
}

bool is_nothing(const NewlyOpened& opened) { return opened.by_scope.empty() && opened.to_all.empty(); }

/// Since when an operation of the API is open, by what is kept from one start of the server to the next.
TEST(Openings, AreHeldAgainstWhatWasKept) {
  const auto storage = storage::make_memory_storage();
  const Instant now = from_numeric_date(1'700'000'000);
  const std::string list = "  /a: {get: {operationId: list, security: [{oauth: [read]}]}}\n";
  ApiDescription first = describe(list + "  /free: {get: {operationId: free}}\n");
  EXPECT_TRUE(is_nothing(note_openings(first, storage->openings(), now)));
  EXPECT_TRUE(first.opened_since.empty());
  const std::string added = "  /b: {delete: {operationId: drop, security: [{oauth: [write]}]}}\n";
  ApiDescription second = describe(list + added);
  const NewlyOpened opened = note_openings(second, storage->openings(), now + seconds(1));
  EXPECT_EQ(opened.by_scope, std::vector<std::string>{"DELETE /v1/b by write"});
  EXPECT_TRUE(opened.to_all.empty());
  EXPECT_EQ(second.opened_since, (std::map<std::string, Instant>{{"drop", now + seconds(1)}}));
  ApiDescription third = describe(list + added);
  EXPECT_TRUE(is_nothing(note_openings(third, storage->openings(), now + seconds(2)))) << "told once";
  EXPECT_EQ(third.opened_since, second.opened_since);
}

/// Where no scope stands before an operation any more nobody can be asked, so that its operator must hear of it.
TEST(ApiDescription, FindsWhatIsOpenToEveryTokenSince) {
  const auto storage = storage::make_memory_storage();
  const Instant now = from_numeric_date(1'700'000'000);
  const std::string free = "  /free: {get: {operationId: free}}\n";
  const auto list = [](const std::string& security) {
    return "  /a: {get: {operationId: list, security: [" + security + "]}}\n";
  };
  ApiDescription first = describe(free + list("{oauth: [read]}"));
  EXPECT_TRUE(is_nothing(note_openings(first, storage->openings(), now)));
  ApiDescription wide = describe(free + list("{}"));
  const NewlyOpened opened = note_openings(wide, storage->openings(), now + seconds(1));
  EXPECT_EQ(opened.to_all, std::vector<std::string>{"GET /v1/a"});
  EXPECT_TRUE(opened.by_scope.empty());
  EXPECT_TRUE(wide.opened_since.empty());
  ApiDescription again = describe(free + list("{}"));
  EXPECT_TRUE(is_nothing(note_openings(again, storage->openings(), now + seconds(2)))) << "told once";
  ApiDescription more = describe(free + list("{}") + "  /new: {post: {operationId: new, security: [{}]}}\n");
  EXPECT_EQ(note_openings(more, storage->openings(), now + seconds(3)).to_all,
            std::vector<std::string>{"POST /v1/new"});
  // Asking for a scope opens nothing; whoever allowed that scope before has not seen this behind it.
  ApiDescription narrow = describe(free + list("{oauth: [read]}"));
  EXPECT_TRUE(is_nothing(note_openings(narrow, storage->openings(), now + seconds(4))));
  EXPECT_EQ(narrow.opened_since, (std::map<std::string, Instant>{{"list", now + seconds(1)}}));
}

TEST(ApiDescription, NamesTheFileThatCannotBeRead) {
  EXPECT_EQ(read_api_description("/nowhere.yaml").error(), "[api] openapi: /nowhere.yaml cannot be read");
}

}  // namespace
}  // namespace chatelaine::app
