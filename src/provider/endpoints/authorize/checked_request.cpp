#include "provider/endpoints/authorize/checked_request.hpp"

#include "oauth/authorize/query.hpp"
#include "provider/endpoints/authorize/answer.hpp"
#include "provider/endpoints/authorize/refusal_page.hpp"

namespace chatelaine::provider::endpoints {

Task<std::expected<CheckedRequest, net::Response>> check_request(const Context& context, std::string_view query) {
  const auto read = oauth::read_authorization_query(query);
  if (!read) co_return std::unexpected(refusal_page(context, read.error(), {}));
  const auto& form = read->form;

  const auto client_id = oauth::find_client_id(form);
  if (!client_id) co_return std::unexpected(refusal_page(context, client_id.error(), {}));

  auto client = co_await context.storage.clients().find_client(*client_id);
  if (!client) {
    const oauth::UnredirectableError unknown{oauth::UnredirectableError::Kind::unknown_client, client_id->value()};
    co_return std::unexpected(refusal_page(context, unknown, {}));
  }

  const auto target = oauth::check_redirect_uri(form, *client);
  if (!target) co_return std::unexpected(refusal_page(context, target.error(), *client_id));
  if (read->fault) co_return std::unexpected(answer_with_error(context, *client_id, *target, *read->fault));

  auto request = oauth::check_authorization_request(form, *client, *target, context.settings().resource);
  if (!request) {
    const auto& [to, error] = request.error();
    co_return std::unexpected(answer_with_error(context, *client_id, to, error));
  }
  co_return CheckedRequest{std::move(*request), std::move(client), encode_form(form)};
}

}  // namespace chatelaine::provider::endpoints
