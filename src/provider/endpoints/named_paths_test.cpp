#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/json.hpp"
#include "provider/testing/world.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

/// What the metadata does not name, and why.
const std::map<std::string, const char*> kUnnamedPaths{
    {"/oauth/register/{client_id}", "told to the client that registers (RFC 7592 §3)"},
    {"/consent", "a form's target on our own pages"},
    {"/device", "told with each user code (RFC 8628 §3.2)"},
    {"/device/consent", "a form's target on our own pages"},
    {"/oauth/assets/{hash}/{name}", "what our own pages look like"},
    {"/.well-known/oauth-authorization-server", "the metadata itself"},
    {"/.well-known/openid-configuration", "the same"},
    {"/oauth/logout/confirmation", "a form's target on our own pages"},
    {"/.well-known/oauth-protected-resource", "the API's, named by its challenges (RFC 9728 §5.1)"},
    {"/.well-known/oauth-protected-resource/mcp", "the same"},
    {"/.well-known/oauth-protected-resource/mcp/", "the same"},
    {"/.well-known/ai-plugin.json", "the plugin document's, not OAuth's"},
    {"/.well-known/openapi.yaml", "the plugin document's, not OAuth's"},
    {"/.well-known/openai-apps-challenge", "OpenAI's, not OAuth's"},
    {"/healthz", "the operator's"},
    {"/readyz", "the operator's"},
    {"/sign-in", "accounts"},
    {"/sign-out", "accounts"},
    {"/account", "accounts"},
    {"/account/call", "accounts"},
    {"/account/password", "accounts"},
    {"/account/withdraw", "accounts"},
    {"/account/activity", "accounts"},
    {"/set-password", "accounts"}};

/// The paths behind the metadata's members that are URLs on this server, but for the issuer.
std::map<std::string, std::string> find_named_paths(const TestResponse& metadata) {
  constexpr std::string_view kOrigin = "https://todo.example.com";
  std::map<std::string, std::string> named;
  const auto document = parse_json(metadata.body);
  for (const auto& member : document->as_object()) {
    const auto* text = member.value().if_string();
    if (text == nullptr || member.key() == "issuer" || !text->starts_with(kOrigin)) continue;
    named.emplace(std::string(std::string_view(*text).substr(kOrigin.size())), std::string(member.key()));
  }
  return named;
}

/// RFC 8414 §2, RFC 9126 §5: the document names every endpoint, and none that is not there.
TEST(NamedPaths, MetadataAndRoutesAgree) {
  World world;
  const auto named = find_named_paths(world.send(get("/.well-known/oauth-authorization-server")));
  const auto paths = world.paths();
  for (const auto& path : paths)
    EXPECT_TRUE(named.contains(path) != kUnnamedPaths.contains(path))
        << path << " must be named by the metadata, or stand among those that need not be";
  for (const auto& [path, member] : named)
    EXPECT_NE(std::ranges::find(paths, path), paths.end()) << member << " leads nowhere";
  EXPECT_EQ(named.size(), 10U);
}

}  // namespace
}  // namespace chatelaine::provider
