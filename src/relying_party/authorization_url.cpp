#include "relying_party/authorization_url.hpp"

#include "base/form.hpp"
#include "base/uri.hpp"

namespace chatelaine::relying_party {

std::string make_authorization_url(const AuthorizationRequest& request) {
  // RFC 6749 §4.1.1, in the order that the plugin document shows: servers that match the pattern as text exist.
  std::vector<Form::Field> fields{{"response_type", "code"},
                                  {"client_id", request.client_id.value()},
                                  {"scope", request.scope},
                                  {"redirect_uri", request.redirect_uri.value()}};
  if (request.state) fields.push_back({"state", request.state->value()});
  if (request.code_challenge) {
    // RFC 7636 §4.3.
    fields.push_back({"code_challenge", request.code_challenge->value});
    fields.push_back({"code_challenge_method", "S256"});
  }
  return append_query(request.client_url, encode_form(fields));
}

}  // namespace chatelaine::relying_party
