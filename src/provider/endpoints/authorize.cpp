#include "provider/endpoints/authorize/answer.hpp"
#include "provider/endpoints/authorize/checked_request.hpp"
#include "provider/endpoints/authorize/consent_page.hpp"
#include "provider/endpoints/endpoints.hpp"

#include "oauth/authorize/consent.hpp"

namespace chatelaine::provider::endpoints {

Task<net::Response> authorize(const Context& context, const net::Request& request) {
  auto checked = co_await check_request(context, request.query);
  if (!checked) co_return std::move(checked.error());

  const auto signed_in = co_await context.accounts.find_signed_in(request);
  if (!signed_in) co_return context.accounts.redirect_to_sign_in(request.target);

  const auto remembered = co_await context.storage.consents().find_consent(
      signed_in->user.id, checked->request.client_id, checked->request.resource);
  switch (oauth::decide_consent(checked->request, remembered)) {
    case oauth::ConsentDecision::ask:
      co_return consent_page(context, *checked, *signed_in, request.query);
    case oauth::ConsentDecision::remembered:
      break;
  }
  co_return co_await answer_with_code(context, checked->request, *signed_in);
}

}  // namespace chatelaine::provider::endpoints
