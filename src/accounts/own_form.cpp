#include "accounts/own_form.hpp"

#include "accounts/sessions.hpp"
#include "pages/posted_form.hpp"

namespace chatelaine::accounts {

Task<std::expected<OwnForm, net::Response>> read_own_form(const Context& context, const net::Request& request,
                                                          std::string_view purpose) {
  auto form = co_await pages::read_posted_form(request, context.renderer);
  if (!form) co_return std::unexpected(std::move(form.error()));
  auto signed_in = co_await find_signed_in(context, request);
  if (!signed_in) co_return std::unexpected(redirect_to_sign_in(context, context.path(path::kAccount)));
  if (!context.csrf.is_own_form(request, form->get_or_empty("form_token"), purpose, signed_in->form_binding)) {
    co_return std::unexpected(pages::refuse_foreign_form(context.renderer));
  }
  co_return OwnForm{std::move(*form), std::move(*signed_in)};
}

}  // namespace chatelaine::accounts
