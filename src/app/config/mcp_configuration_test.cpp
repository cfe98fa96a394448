#include <gtest/gtest.h>

#include "app/config/read.hpp"

/// What can be said of the API as an MCP server.
namespace chatelaine::app {
namespace {

const std::filesystem::path kFile = "/etc/chatelaine/c.toml";

#define ISSUER "issuer = \"http://127.0.0.1:8080\"\n"
#define API ISSUER "[api]\nupstream = \"http://127.0.0.1:1\"\nopenapi = \"o.yaml\"\n"

TEST(McpConfiguration, WhatIsWrongIsNamedWithWhatWasExpected) {
  struct Row {
    std::string_view name;
    std::string_view text;
    std::string_view fault;
  };
  const Row rows[] = {
      {"what assistants ask for first is declared", ISSUER "[api]\ninitial_scopes = [\"b\"]\n[[scope]]\nname = \"a\"",
       "/etc/chatelaine/c.toml:3: api.initial_scopes: names \"b\", which no [[scope]] declares"},
      {"tools are operations of an API", ISSUER "[api]\nupstream = \"http://127.0.0.1:1\"\n[mcp]\nenabled = true",
       "/etc/chatelaine/c.toml:5: mcp.enabled: needs api.upstream and api.openapi: tools are operations"},
      {"an origin is no URL", ISSUER "[mcp]\nallowed_origins = [\"*\", \"https://a.example\", \"https://a.example/\"]",
       "/etc/chatelaine/c.toml:3: mcp.allowed_origins: must hold origins such as \"https://a.example\", not "
       "\"https://a.example/\""},
      {"a model is not given everything", ISSUER "[mcp]\nlargest_answer = 16777217",
       "/etc/chatelaine/c.toml:3: mcp.largest_answer: must be from 1 to 16777216, not 16777217"},
      {"a connection has something open", ISSUER "[mcp]\nmost_open = 0",
       "/etc/chatelaine/c.toml:3: mcp.most_open: must be from 1 to 1000, not 0"},
      {"something is open at all", ISSUER "[mcp]\nmost_open_together = 0",
       "/etc/chatelaine/c.toml:3: mcp.most_open_together: must be from 1 to 10000, not 0"},
      {"the MCP server's address is a name of the API",
       API "[mcp]\nenabled = true\n"
           "[[resource]]\nidentifier = \"http://127.0.0.1:8080/mcp\"",
       "/etc/chatelaine/c.toml:8: resource.identifier: is called as the address where [mcp] offers [api] resource: set "
       "mcp.enabled = false"},
  };
  for (const Row& row : rows) {
    const auto read = parse_configuration(row.text, kFile);
    ASSERT_FALSE(read) << row.name;
    ASSERT_EQ(read.error().size(), 1U) << row.name;
    EXPECT_EQ(read.error().front().to_string(), row.fault) << row.name;
  }
}

TEST(McpConfiguration, OffersToolsWhereThereAreOperationsAndTheirAddressIsFree) {
  struct Row {
    std::string_view name;
    std::string_view text;
    bool is_enabled;
  };
  const Row rows[] = {
      {"an API with a description", API, true},
      {"without one", ISSUER "[api]\nupstream = \"http://127.0.0.1:1\"\n", false},
      {"a description without an API", ISSUER "[api]\nopenapi = \"o.yaml\"\n", false},
      {"another resource has the address",
       API "[[resource]]\nidentifier = \"urn:a\"\naliases = [\"http://127.0.0.1:8080/mcp/\"]\n", false},
      {"switched off", API "[mcp]\nenabled = false\n", false},
  };
  for (const Row& row : rows) {
    const auto read = parse_configuration(row.text, kFile);
    ASSERT_TRUE(read) << row.name << read.error().front().to_string();
    EXPECT_EQ(read->provider->mcp.enabled, row.is_enabled) << row.name;
  }
}

}  // namespace
}  // namespace chatelaine::app
