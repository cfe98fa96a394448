#include "oauth/authorize/response.hpp"

#include <utility>

#include "base/uri.hpp"

namespace chatelaine::oauth {
namespace {

/// RFC 6749 §10.14: `state` is a stranger's. Percent-encoding keeps every byte of it, printable or not.
AuthorizationResponse make_response(const ResponseTarget& target, Form fields, const Issuer& issuer) {
  if (target.state) fields.add("state", target.state->value());
  fields.add("iss", issuer.value());
  switch (target.mode) {
    case ResponseMode::query:
      return RedirectResponse{append_query(target.redirect_uri.value(), encode_form(fields))};
    case ResponseMode::fragment:
      // A registered URI has no fragment of its own.
      return RedirectResponse{target.redirect_uri.value() + '#' + encode_form(fields)};
    case ResponseMode::form_post:
      return FormPostResponse{target.redirect_uri, std::move(fields)};
  }
  std::unreachable();
}

}  // namespace

AuthorizationResponse make_code_response(const ResponseTarget& target, const AuthorizationCodeSecret& code,
                                         const Issuer& issuer) {
  Form fields;
  fields.add("code", std::string(code.reveal()));
  return make_response(target, std::move(fields), issuer);
}

AuthorizationResponse make_error_response(const ResponseTarget& target, const OAuthError& error, const Issuer& issuer) {
  Form fields;
  fields.add("error", std::string(to_string(error.code)));
  fields.add("error_description", error.description);
  return make_response(target, std::move(fields), issuer);
}

}  // namespace chatelaine::oauth
