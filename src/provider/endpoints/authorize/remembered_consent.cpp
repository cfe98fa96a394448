#include "provider/endpoints/authorize/remembered_consent.hpp"

namespace chatelaine::provider::endpoints {

Task<oauth::ConsentDecision> find_consent_decision(const Context& context, const CheckedRequest& checked,
                                                   const std::optional<accounts::SignedIn>& signed_in) {
  if (!signed_in) co_return oauth::ConsentDecision::ask;
  const oauth::AuthorizationRequest& request = checked.request;
  const auto needed = oauth::make_consents(signed_in->user.id, request.client_id, {request.resources, request.scope},
                                           context.settings().resources, context.clock.now());
  std::vector<oauth::Consent> remembered;
  for (const oauth::Consent& wanted : needed) {
    auto found = co_await context.storage.consents().find_consent(wanted.user_id, wanted.client_id, wanted.resource);
    if (found) remembered.push_back(std::move(*found));
  }
  co_return oauth::decide_consent(request, needed, remembered);
}

Task<void> remember_consent(const Context& context, const oauth::ClientId& client_id, const oauth::AskedFor& asked,
                            const accounts::SignedIn& signed_in) {
  const auto given =
      oauth::make_consents(signed_in.user.id, client_id, asked, context.settings().resources, context.clock.now());
  co_await context.storage.consents().remember_consents(given, signed_in.session.id);
  for (const oauth::Consent& consent : given) {
    context.log.info("Consent given", {{"client", consent.client_id.value()},
                                       {"user", format_id(consent.user_id.value)},
                                       {"resource", consent.resource.value()},
                                       {"scope", consent.scope.to_string()}});
  }
}

}  // namespace chatelaine::provider::endpoints
