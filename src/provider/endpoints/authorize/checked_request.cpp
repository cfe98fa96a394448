#include "provider/endpoints/authorize/checked_request.hpp"

#include "provider/endpoints/authorize/answer.hpp"
#include "provider/endpoints/authorize/refusal_page.hpp"

namespace chatelaine::provider::endpoints {
namespace {

oauth::UnredirectableError to_unredirectable(FormError error) {
  using Kind = oauth::UnredirectableError::Kind;
  switch (error.kind) {
    case FormError::Kind::repeated_parameter:
      return {Kind::repeated_parameter, std::move(error.parameter)};
    case FormError::Kind::bad_percent_encoding:
    case FormError::Kind::too_many_parameters:
      break;
  }
  return {Kind::malformed_query, std::move(error.parameter)};
}

}  // namespace

Task<std::expected<CheckedRequest, net::Response>> check_request(const Context& context, std::string_view query) {
  const auto form = parse_form(query);
  if (!form) co_return std::unexpected(refusal_page(context, to_unredirectable(form.error()), {}));

  const auto client_id = oauth::find_client_id(*form);
  if (!client_id) co_return std::unexpected(refusal_page(context, client_id.error(), {}));

  auto client = co_await context.storage.clients().find_client(*client_id);
  if (!client) {
    const oauth::UnredirectableError unknown{oauth::UnredirectableError::Kind::unknown_client, client_id->value()};
    co_return std::unexpected(refusal_page(context, unknown, *client_id));
  }

  const auto target = oauth::check_redirect_uri(*form, *client);
  if (!target) co_return std::unexpected(refusal_page(context, target.error(), *client_id));

  auto request = oauth::check_authorization_request(*form, *client, *target, context.settings().resource);
  if (!request) {
    const auto& [to, error] = request.error();
    co_return std::unexpected(answer_with_error(context, *client_id, to, error));
  }
  co_return CheckedRequest{std::move(*request), std::move(client)};
}

}  // namespace chatelaine::provider::endpoints
