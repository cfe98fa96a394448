#include "oauth/authorize/response.hpp"

#include "base/form.hpp"
#include "base/uri.hpp"

namespace chatelaine::oauth {
namespace {

/// Percent-encoding keeps every byte of `state`, printable or not.
std::string make_redirect(const ResponseTarget& target, Form fields, const Issuer& issuer) {
  if (target.state) fields.add("state", target.state->value());
  fields.add("iss", issuer.value());
  return append_query(target.redirect_uri.value(), encode_form(fields));
}

}  // namespace

std::string make_code_response(const ResponseTarget& target, const AuthorizationCodeSecret& code,
                               const Issuer& issuer) {
  Form fields;
  fields.add("code", std::string(code.reveal()));
  return make_redirect(target, std::move(fields), issuer);
}

std::string make_error_response(const ResponseTarget& target, const OAuthError& error, const Issuer& issuer) {
  Form fields;
  fields.add("error", std::string(to_string(error.code)));
  fields.add("error_description", error.description);
  return make_redirect(target, std::move(fields), issuer);
}

}  // namespace chatelaine::oauth
