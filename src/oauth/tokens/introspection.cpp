#include "oauth/tokens/introspection.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/id.hpp"
#include "base/json_object_writer.hpp"
#include "oauth/tokens/audience.hpp"

namespace chatelaine::oauth {
namespace {

/// The resources that a client is the server of.
std::vector<const ProtectedResource*> find_served_by(const Client& client, const ProtectedResources& resources) {
  if (!client.introspects) return {&resources.own()};
  std::vector<const ProtectedResource*> served;
  for (const ProtectedResource& resource : resources.all()) {
    const auto is_it = [&resource](const Resource& named) { return resource.is_called(named.value()); };
    if (std::ranges::any_of(*client.introspects, is_it)) served.push_back(&resource);
  }
  return served;
}

void add_scope(JsonObjectWriter& body, const Scope& scope) {
  if (!scope.empty()) body.add("scope", scope.to_string());
}

}  // namespace

std::string inactive_introspection() { return R"({"active":false})"; }

std::string introspect(const AccessToken& token) {
  JsonObjectWriter body;
  body.add("active", true)
      .add("client_id", token.client_id.value())
      .add("token_type", "bearer")
      .add("exp", to_numeric_date(token.expires_at))
      .add("iat", to_numeric_date(token.issued_at))
      .add("sub", token.subject.value());
  add_audience(body, token.audience);
  body.add("iss", token.issuer.value()).add("jti", format_id(token.id.value));
  add_scope(body, token.scope);
  return body.finish();
}

std::string introspect(const Grant& grant, const Issuer& issuer) {
  JsonObjectWriter body;
  body.add("active", true)
      .add("client_id", grant.client_id.value())
      .add("exp", to_numeric_date(grant.expires_at))
      .add("iat", to_numeric_date(grant.created_at))
      .add("sub", grant.subject.value());
  add_audience(body, grant.resources);
  body.add("iss", issuer.value());
  add_scope(body, grant.scope);
  return body.finish();
}

std::optional<AccessToken> find_visible(const AccessToken& token, const Client& asking,
                                        const ProtectedResources& resources) {
  if (token.client_id == asking.id) return token;
  AccessToken visible = token;
  visible.audience.clear();
  Scope understood;
  for (const ProtectedResource* resource : find_served_by(asking, resources)) {
    const auto is_it = [resource](const Resource& spelling) { return resource->is_called(spelling.value()); };
    if (std::ranges::none_of(token.audience, is_it)) continue;
    std::ranges::copy_if(token.audience, std::back_inserter(visible.audience), is_it);
    understood = understood.united_with(resource->understood(token.scope));
  }
  if (visible.audience.empty()) return std::nullopt;
  visible.scope = std::move(understood);
  return visible;
}

}  // namespace chatelaine::oauth
