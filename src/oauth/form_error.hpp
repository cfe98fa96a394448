#pragma once

#include "base/form.hpp"
#include "oauth/oauth_error.hpp"

namespace chatelaine::oauth {

/// What stopped a request's parameters from being read, as invalid_request. Names the parameter only where it looks
/// like one: what came under a wrong content type has its secrets where a name belongs, and answers are logged.
[[nodiscard]] OAuthError describe_form_error(const FormError& error);

}  // namespace chatelaine::oauth
