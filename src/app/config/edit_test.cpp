#include "app/config/edit.hpp"

#include <gtest/gtest.h>

namespace chatelaine::app {
namespace {

TEST(SetApiKey, LeavesEverythingElseAsItStands) {
  struct Row {
    std::string_view name;
    std::string before;
    std::string after;
  };
  const Row rows[] = {
      {"no table", "issuer = \"http://a\" # ä", "issuer = \"http://a\" # ä\n\n[api]\nopenapi = \"x.yaml\"\n"},
      {"a table", "[api] # mine\n# openapi = \"old\"\n[tls]\n",
       "[api] # mine\nopenapi = \"x.yaml\"\n# openapi = \"old\"\n[tls]\n"},
      {"a table at the very end", "[api]", "[api]\nopenapi = \"x.yaml\"\n"},
      {"a value", "[api]\nopenapi   = 'ä.yaml' # \"mine\"\nunlisted = \"deny\"",
       "[api]\nopenapi   = \"x.yaml\" # \"mine\"\nunlisted = \"deny\""},
      {"a line break of another system", "[api]\r\nunlisted = \"deny\"\r\n",
       "[api]\r\nopenapi = \"x.yaml\"\nunlisted = \"deny\"\r\n"},
      {"a dotted key", "api.openapi = \"old\"", "api.openapi = \"x.yaml\""},
  };
  for (const Row& row : rows) {
    const Edited edited = set_api_key(row.before, "openapi", "x.yaml");
    ASSERT_TRUE(edited) << row.name << ": " << edited.error();
    EXPECT_EQ(*edited, row.after) << row.name;
  }
}

TEST(SetApiKey, WritesWhatTomlReadsBack) {
  EXPECT_EQ(*set_api_key("", "openapi", "a\"b\\c"), "\n[api]\nopenapi = \"a\\\"b\\\\c\"\n");
}

TEST(SetApiKey, SaysWhatToWriteWhereThereIsNoRoom) {
  for (const std::string text : {"api = {unlisted = \"deny\"}", "api.unlisted = \"deny\""}) {
    const Edited edited = set_api_key(text, "openapi", "x.yaml");
    if (edited) {
      EXPECT_NE(edited->find("openapi = \"x.yaml\""), std::string::npos) << text;
    } else {
      EXPECT_EQ(edited.error(),
                "has a form that cannot be added to; write this yourself:\n[api]\nopenapi = \"x.yaml\"\n");
    }
  }
  EXPECT_FALSE(set_api_key("api = {unlisted = \"deny\"}", "openapi", "x.yaml"));
}

TEST(SetScopeOperations, ReplacesTheListOrAddsOne) {
  const std::string text =
      "[[scope]]\nname = \"a\" # first\n\n[[scope]]\nname = \"b\"\noperations = [\"ä\",\n  \"old\", # gone\n] # kept\n";
  EXPECT_EQ(*set_scope_operations(text, "a", {"one"}),
            "[[scope]]\nname = \"a\" # first\noperations = [\n  \"one\",\n]\n\n"
            "[[scope]]\nname = \"b\"\noperations = [\"ä\",\n  \"old\", # gone\n] # kept\n");
  EXPECT_EQ(*set_scope_operations(text, "b", {"get /x", "two"}),
            "[[scope]]\nname = \"a\" # first\n\n"
            "[[scope]]\nname = \"b\"\noperations = [\n  \"get /x\",\n  \"two\",\n] # kept\n");
  EXPECT_EQ(*set_scope_operations(text, "b", {}),
            "[[scope]]\nname = \"a\" # first\n\n[[scope]]\nname = \"b\"\noperations = [\n] # kept\n");
  EXPECT_FALSE(set_scope_operations(text, "c", {"one"}));
  EXPECT_FALSE(set_scope_operations("scope = [{name = \"a\"}]", "a", {"one"}));
}

TEST(SetApiList, ChangesAListElementByElement) {
  struct Row {
    std::string_view name;
    std::string before;
    std::vector<std::string> elements;
    std::string after;
  };
  const Row rows[] = {
      {"no table", "", {"a"}, "\n[api]\nclosed = [\n  \"a\",\n]\n"},
      {"no list", "[api]\n", {"a"}, "[api]\nclosed = [\n  \"a\",\n]\n"},
      {"what stays keeps its comments and its order",
       "[api]\nclosed = [ # why\n  \"b\", # because, b\n\n  # group\n  \"a\", # gone\n  \"ä\"  # last\n]\n",
       {"ä", "b", "new"},
       "[api]\nclosed = [ # why\n  \"b\", # because, b\n\n  # group\n  \"ä\",  # last\n  \"new\",\n]\n"},
      {"several in a line",
       "[api]\nclosed = [\"a\", \"b\",\n  \"c\"]",
       {"b", "d"},
       "[api]\nclosed = [\"b\",\n  \"d\",\n  ]"},
      {"the last one goes", "[api]\nclosed = [\n  \"a\",\n  \"b\" # no\n]", {"a"}, "[api]\nclosed = [\n  \"a\",\n]"},
      {"all go", "[api]\nclosed = [\n  \"a\", # x\n  # y\n  \"b\"\n]", {}, "[api]\nclosed = [\n  # y\n]"},
      {"a comma in a comment is none",
       "[api]\nclosed = [\n  \"a\" # x, y\n]",
       {"a", "b"},
       "[api]\nclosed = [\n  \"a\", # x, y\n  \"b\",\n]"},
      {"an empty one over two lines", "[api]\nclosed = [ # none\n]", {"b"}, "[api]\nclosed = [ # none\n  \"b\",\n]"},
  };
  for (const Row& row : rows) {
    const Edited edited = set_api_list(row.before, "closed", row.elements);
    ASSERT_TRUE(edited) << row.name << ": " << edited.error();
    EXPECT_EQ(*edited, row.after) << row.name;
  }
  EXPECT_FALSE(set_api_list("api = {unlisted = \"deny\"}", "closed", {"a"}));
}

TEST(AddScope, StandsAtTheEnd) {
  EXPECT_EQ(*add_scope("[api]\nunlisted = \"deny\"", {"a.read", "Read \"a\"", std::vector<std::string>{"list"}}),
            "[api]\nunlisted = \"deny\"\n\n[[scope]]\nname = \"a.read\"\ndescription = \"Read \\\"a\\\"\"\n"
            "operations = [\n  \"list\",\n]\n");
  EXPECT_EQ(*add_scope("", {"a", "", std::nullopt}), "\n[[scope]]\nname = \"a\"\n");
  EXPECT_FALSE(add_scope("scope = [{name = \"b\"}]", {"a", "", std::nullopt}));
}

}  // namespace
}  // namespace chatelaine::app
