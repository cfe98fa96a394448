#include "provider/endpoints/authorize/remembered_consent.hpp"

namespace chatelaine::provider::endpoints {

namespace {

std::vector<oauth::Consent> list_needed(const Context& context, const CheckedRequest& checked,
                                        const accounts::SignedIn& signed_in) {
  const oauth::AuthorizationRequest& request = checked.request;
  return oauth::make_consents(signed_in.user.id, request.client_id, {request.resources, request.scope},
                              context.settings().resources, context.clock.now());
}

std::vector<oauth::Opened> list_opened(const ProviderSettings& settings) {
  std::vector<oauth::Opened> opened;
  for (const ScopeDescription& scope : settings.scopes)
    for (const OpenedOperation& operation : scope.operations)
      if (operation.opened_since != Instant())
        opened.push_back({oauth::Scope(operation.scopes), operation.opened_since});
  return opened;
}

}  // namespace

Task<std::vector<oauth::Consent>> find_remembered(const Context& context, const oauth::ClientId& client_id,
                                                  const std::vector<oauth::Resource>& resources,
                                                  const std::optional<accounts::SignedIn>& signed_in) {
  std::vector<oauth::Consent> remembered;
  if (!signed_in) co_return remembered;
  for (const oauth::Resource& resource : resources) {
    auto found = co_await context.storage.consents().find_consent(signed_in->user.id, client_id, resource);
    if (found) remembered.push_back(std::move(*found));
  }
  co_return remembered;
}

oauth::ConsentDecision decide_consent(const Context& context, const CheckedRequest& checked,
                                      const std::optional<accounts::SignedIn>& signed_in,
                                      const std::vector<oauth::Consent>& remembered) {
  if (!signed_in) return oauth::ConsentDecision::ask;
  return oauth::decide_consent(checked.request, list_needed(context, checked, *signed_in), remembered,
                               list_opened(context.settings()));
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
