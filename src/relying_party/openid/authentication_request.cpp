#include "relying_party/openid/authentication_request.hpp"

#include "base/form.hpp"
#include "base/uri.hpp"

namespace chatelaine::relying_party {

std::string make_authentication_url(const AuthenticationRequest& request) {
  std::vector<Form::Field> fields{{"nonce", request.nonce}};
  if (!request.prompt.empty()) fields.push_back({"prompt", request.prompt});
  if (!request.login_hint.empty()) fields.push_back({"login_hint", request.login_hint});
  if (request.max_age) fields.push_back({"max_age", std::to_string(request.max_age->count())});
  return append_query(make_authorization_url(request.authorization), encode_form(fields));
}

}  // namespace chatelaine::relying_party
