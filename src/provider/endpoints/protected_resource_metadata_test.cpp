#include <gtest/gtest.h>

#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

/// RFC 9728 §3, §3.1 and §3.3: each name of the API has a document of its own, and the root has one.
TEST(ProtectedResourceMetadata, SaysTheNameThatItWasAskedBy) {
  World world;
  const auto answer = world.send(get("/.well-known/oauth-protected-resource/mcp"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(answer.member("resource"), "https://todo.example.com/mcp");
  EXPECT_EQ(answer.member("authorization_servers"), R"(["https://todo.example.com"])");
  EXPECT_EQ(world.send(get("/.well-known/oauth-protected-resource")).member("resource"), "https://todo.example.com");
  EXPECT_EQ(world.send(get("/.well-known/oauth-protected-resource/other")).status, 404);
  world.change_settings([](auto& settings) { settings.protected_resources.clear(); });
  EXPECT_EQ(tell(world.send(get("/.well-known/oauth-protected-resource/mcp"))),
            (Told{404, "not_found", "No API stands behind this server."}));
}

/// MCP (authorization, release 2026-07-28): clients look at the path of the endpoint, then at the root.
TEST(ProtectedResourceMetadata, IsTheIdentifiersAtTheRootWhereNoNameLeadsThere) {
  ProviderSettings settings;
  settings.issuer = oauth::Issuer("https://example.com/tenant");
  settings.resources = oauth::ProtectedResources(
      {.identifier = oauth::Resource("https://example.com/tenant"), .aliases = {oauth::Resource("urn:example:todo")}});
  for (const oauth::Resource& name : settings.resources.own().spellings())
    settings.protected_resources.push_back(
        {.resource = name, .name = "", .authorization_server = settings.issuer, .scopes = {}});
  EXPECT_EQ(make_paths(settings).protected_resource_metadata,
            (std::vector<std::string>{"/.well-known/oauth-protected-resource/tenant",
                                      "/.well-known/oauth-protected-resource/tenant/",
                                      "/.well-known/oauth-protected-resource"}));
  World world;
  world.change_settings([&](auto& changed) { changed.protected_resources = settings.protected_resources; });
  EXPECT_EQ(world.send(get("/.well-known/oauth-protected-resource")).member("resource"), "https://example.com/tenant");
}

}  // namespace
}  // namespace chatelaine::provider
