#include "base/form.hpp"
#include "provider/endpoints/device_code/pages.hpp"
#include "provider/endpoints/endpoints.hpp"

namespace chatelaine::provider::endpoints {
namespace {

/// The code that verification_uri_complete brought (RFC 8628 §3.3.1), as devices show it; empty where there is none.
std::string find_user_code(std::string_view query) {
  const auto form = parse_form(query);
  const auto user_code = form ? oauth::parse_user_code(form->get_or_empty("user_code")) : std::nullopt;
  return user_code ? oauth::format_user_code(*user_code) : std::string();
}

}  // namespace

// Codes are tried by people who are signed in alone, so that guesses count against an account (RFC 8628 §5.1).
Task<net::Response> device_code_page(const Context& context, const net::Request& request) {
  const std::string user_code = find_user_code(request.query);
  const auto signed_in = co_await context.accounts.find_signed_in(request);
  if (!signed_in) co_return context.accounts.redirect_to_sign_in(user_code_path(context, user_code));
  // A code that came with the address is looked up no sooner than one that was typed: the person confirms it first.
  co_return user_code_page(context, *signed_in, user_code);
}

}  // namespace chatelaine::provider::endpoints
