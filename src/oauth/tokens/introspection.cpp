#include "oauth/tokens/introspection.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/id.hpp"

namespace chatelaine::oauth {
namespace {

void add_scope(boost::json::object& body, const Scope& scope) {
  if (!scope.empty()) body["scope"] = scope.to_string();
}

}  // namespace

std::string inactive_introspection() { return R"({"active":false})"; }

std::string introspect(const AccessToken& token) {
  boost::json::object body{{"active", true},
                           {"client_id", token.client_id.value()},
                           {"token_type", "bearer"},
                           {"exp", to_numeric_date(token.expires_at)},
                           {"iat", to_numeric_date(token.issued_at)},
                           {"sub", token.subject.value()},
                           {"aud", token.audience.value()},
                           {"iss", token.issuer.value()},
                           {"jti", format_id(token.id.value)}};
  add_scope(body, token.scope);
  return boost::json::serialize(body);
}

std::string introspect(const Grant& grant, const Issuer& issuer) {
  boost::json::object body{{"active", true},
                           {"client_id", grant.client_id.value()},
                           {"exp", to_numeric_date(grant.expires_at)},
                           {"iat", to_numeric_date(grant.created_at)},
                           {"sub", grant.subject.value()},
                           {"aud", grant.resource.value()},
                           {"iss", issuer.value()}};
  add_scope(body, grant.scope);
  return boost::json::serialize(body);
}

bool may_introspect(const Client& asking, const AccessToken& token) {
  return token.client_id == asking.id || (asking.is_confidential() && !asking.may_use(GrantType::authorization_code));
}

}  // namespace chatelaine::oauth
