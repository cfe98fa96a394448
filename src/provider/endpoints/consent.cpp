#include "oauth/authorize/consent.hpp"

#include "provider/endpoints/authorize/answer.hpp"
#include "provider/endpoints/authorize/checked_request.hpp"
#include "provider/endpoints/authorize/consent_page.hpp"
#include "provider/endpoints/client_request.hpp"
#include "provider/endpoints/endpoints.hpp"

namespace chatelaine::provider::endpoints {
namespace {

net::Response unreadable_form(const Context& context, int status, std::string detail) {
  const pages::ErrorPage page{.status = status,
                              .title = "The form did not arrive whole",
                              .what_happened = "What your browser sent is not the consent page's form.",
                              .what_to_do = "Go back to the assistant and begin the sign-in again.",
                              .detail = std::move(detail)};
  return pages::render_error(context.renderer, page);
}

net::Response foreign_form(const Context& context) {
  const pages::ErrorPage page{.status = 403,
                              .title = "This page was too old",
                              .what_happened = "Nothing was allowed: the form was not made for your present sign-in.",
                              .what_to_do = "Go back to the assistant and begin the sign-in again.",
                              .detail = {}};
  return pages::render_error(context.renderer, page);
}

/// The form that the consent page posts.
Task<std::expected<Form, net::Response>> receive_form(const Context& context, const net::Request& request) {
  const auto body = co_await net::read_whole_body(request, kBodyLimit);
  if (!body) {
    const bool too_large = body.error() == net::BodyError::too_large;
    co_return std::unexpected(unreadable_form(context, too_large ? 413 : 400, "The body could not be read."));
  }
  auto form = parse_form(*body);
  if (!form) co_return std::unexpected(unreadable_form(context, 400, "Parameter: " + form.error().parameter));
  co_return std::move(*form);
}

Task<net::Response> allow(const Context& context, const CheckedRequest& checked, const accounts::SignedIn& signed_in) {
  const oauth::Consent given{.user_id = signed_in.user.id,
                             .client_id = checked.request.client_id,
                             .resource = checked.request.resource,
                             .scope = checked.request.scope,
                             .given_at = context.clock.now()};
  co_await context.storage.consents().remember_consent(given);
  context.log.info("Consent given", {{"client", given.client_id.value()},
                                     {"user", format_id(given.user_id.value)},
                                     {"scope", given.scope.to_string()}});
  co_return co_await answer_with_code(context, checked.request, signed_in);
}

net::Response deny(const Context& context, const CheckedRequest& checked) {
  const oauth::OAuthError denied{oauth::ErrorCode::access_denied, "The user did not allow it.", {}};
  return answer_with_error(context, checked.request.client_id, checked.request.target, denied);
}

/// Where a person whose session ended meanwhile goes on: the same request, encoded anew since it came in a form.
std::string return_to_authorize(const Context& context, std::string_view query) {
  const auto form = parse_form(query);
  return context.paths.authorize + "?" + (form ? encode_form(*form) : std::string());
}

}  // namespace

Task<net::Response> consent(const Context& context, const net::Request& request) {
  auto form = co_await receive_form(context, request);
  if (!form) co_return std::move(form.error());
  const auto query = form->get_or_empty("request");

  const auto signed_in = co_await context.accounts.find_signed_in(request);
  if (!signed_in) co_return context.accounts.redirect_to_sign_in(return_to_authorize(context, query));

  if (!context.csrf.is_own_form(request, form->get_or_empty("form_token"), consent_purpose(query),
                                signed_in->form_binding)) {
    co_return foreign_form(context);
  }
  // Nothing is taken from the page that was shown: client, redirect URI and scope may have changed since.
  auto checked = co_await check_request(context, query);
  if (!checked) co_return std::move(checked.error());

  const auto decision = form->get_or_empty("decision");
  if (decision == "allow") co_return co_await allow(context, *checked, *signed_in);
  if (decision == "deny") co_return deny(context, *checked);
  co_return unreadable_form(context, 400, "Missing or unknown parameter: decision");
}

}  // namespace chatelaine::provider::endpoints
