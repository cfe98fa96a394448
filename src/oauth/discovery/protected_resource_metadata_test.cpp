#include "oauth/discovery/protected_resource_metadata.hpp"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

namespace chatelaine::oauth {
namespace {

/// RFC 9728 §2, §3.2: what is there, and what has no elements is not.
TEST(ProtectedResourceMetadata, NamesTheResourceAndItsServer) {
  ProtectedResourceMetadata metadata{.resource = Resource("https://api.example.com/mcp"),
                                     .name = "Todo",
                                     .authorization_server = Issuer("https://api.example.com"),
                                     .scopes = Scope({"lists:write", "lists:read"})};
  EXPECT_EQ(boost::json::serialize(to_json(metadata)),
            R"({"resource":"https://api.example.com/mcp","authorization_servers":["https://api.example.com"],)"
            R"("bearer_methods_supported":["header"],"scopes_supported":["lists:read","lists:write"],)"
            R"("resource_name":"Todo"})");
  metadata.scopes = Scope();
  EXPECT_FALSE(to_json(metadata).contains("scopes_supported")) << "RFC 9728 §3.2: no list without elements";
}

struct PathRow {
  std::string_view sentence;
  std::string resource;
  std::optional<std::string> path;
};

TEST(ProtectedResourceMetadata, StandsBelowTheNamesOwnPath) {
  const std::string root(kProtectedResourceMetadataRoot);
  const PathRow rows[] = {
      {"RFC 9728 §3.1: between the host and the path", "https://api.example.com/v1/mcp", root + "/v1/mcp"},
      {"no path", "https://api.example.com", root},
      {"RFC 9728 §3.1: the slash after the host is taken off", "https://api.example.com/", root},
      {"a slash at the end of a path stays", "https://api.example.com/mcp/", root + "/mcp/"},
      {"a port is no part of it", "http://127.0.0.1:8080/mcp", root + "/mcp"},
      {"what is encoded stays so", "https://api.example.com/a%2Fb", root + "/a%2Fb"},
      {"no URL", "urn:example:todo", std::nullopt},
      {"a query, which no route has", "https://api.example.com/mcp?a=b", std::nullopt},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(protected_resource_metadata_path(Resource(row.resource)), row.path) << row.sentence;
  }
}

}  // namespace
}  // namespace chatelaine::oauth
