#include "oauth/tokens/introspection.hpp"

#include "base/id.hpp"
#include "base/json_object_writer.hpp"

namespace chatelaine::oauth {
namespace {

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
      .add("sub", token.subject.value())
      .add("aud", token.audience.value())
      .add("iss", token.issuer.value())
      .add("jti", format_id(token.id.value));
  add_scope(body, token.scope);
  return body.finish();
}

std::string introspect(const Grant& grant, const Issuer& issuer) {
  JsonObjectWriter body;
  body.add("active", true)
      .add("client_id", grant.client_id.value())
      .add("exp", to_numeric_date(grant.expires_at))
      .add("iat", to_numeric_date(grant.created_at))
      .add("sub", grant.subject.value())
      .add("aud", grant.resource.value())
      .add("iss", issuer.value());
  add_scope(body, grant.scope);
  return body.finish();
}

bool may_introspect(const Client& asking, const AccessToken& token) {
  return token.client_id == asking.id || (asking.is_confidential() && !asking.acts_for_people());
}

}  // namespace chatelaine::oauth
