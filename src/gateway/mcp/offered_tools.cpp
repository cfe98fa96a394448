#include "base/base64url.hpp"
#include "crypto/digest.hpp"
#include "gateway/mcp/settings.hpp"
#include "gateway/operations.hpp"

namespace chatelaine::gateway::mcp {
namespace {

/// ChatGPT reads `securitySchemes` beside the tool's other members, and of older SDKs in `_meta`.
void add_security(const oauth::Scope& scope, json::object& described) {
  const auto& tokens = scope.tokens();
  const json::array schemes{json::object{{"type", "oauth2"}, {"scopes", json::array(tokens.begin(), tokens.end())}}};
  described["securitySchemes"] = schemes;
  described["_meta"] = json::object{{"securitySchemes", schemes}};
}

json::object describe(const openapi::Tool& tool, const oauth::Scope& scope) {
  json::object described{{"name", tool.name}};
  if (!tool.title.empty()) described["title"] = tool.title;
  described["description"] = tool.description;
  described["inputSchema"] = tool.input_schema;
  if (tool.output_schema) described["outputSchema"] = *tool.output_schema;
  // The API's own data is no open world.
  json::object annotations{{"readOnlyHint", tool.is_read_only}};
  if (tool.is_destructive) annotations["destructiveHint"] = *tool.is_destructive;
  annotations["idempotentHint"] = tool.is_idempotent;
  annotations["openWorldHint"] = false;
  described["annotations"] = std::move(annotations);
  add_security(scope, described);
  return described;
}

}  // namespace

std::vector<OfferedTool> offer_tools(std::vector<openapi::Tool> tools, const GatewaySettings& gateway) {
  std::vector<OfferedTool> offered;
  for (openapi::Tool& tool : tools) {
    net::Request call;
    call.method_name = tool.method;
    // A template's `{name}` fits itself.
    call.path = tool.path;
    const auto needed = find_needed_scope(gateway, call);
    const auto* const known = std::get_if<Needed>(&needed);
    if (known == nullptr) continue;
    json::object description = describe(tool, known->scope);
    offered.push_back({std::move(tool), std::move(description)});
  }
  return offered;
}

std::string make_list_tag(const std::vector<OfferedTool>& tools) {
  std::string text;
  for (const OfferedTool& offered : tools) text += json::serialize(offered.description) + '\n';
  return base64url_encode(crypto::sha256(text).view().substr(0, 9));
}

}  // namespace chatelaine::gateway::mcp
