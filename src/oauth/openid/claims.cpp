#include "oauth/openid/claims.hpp"

#include "base/json_object_writer.hpp"

namespace chatelaine::oauth {

std::string write_userinfo(const Person& person, const Scope& scope) {
  JsonObjectWriter claims;
  claims.add("sub", person.subject.value());
  // OpenID Connect Core §5.3.2: a claim without a value is left out.
  if (scope.contains("profile") && !person.name.empty()) claims.add("name", person.name);
  if (scope.contains("email") && !person.email.empty()) claims.add("email", person.email);
  return claims.finish();
}

}  // namespace chatelaine::oauth
