#include "provider/endpoints/authorize/checked_request.hpp"

#include <algorithm>

#include "oauth/authorize/query.hpp"
#include "oauth/parameters.hpp"
#include "provider/endpoints/authorize/answer.hpp"
#include "provider/endpoints/authorize/asked.hpp"
#include "provider/endpoints/authorize/refusal_page.hpp"
#include "provider/endpoints/find_client.hpp"
#include "provider/notes.hpp"

namespace chatelaine::provider::endpoints {
namespace {

using Kind = oauth::UnredirectableError::Kind;

/// An authorization request's parameters, wherever they came from.
struct Parameters {
  Form form;
  /// What carries them on through our pages.
  std::string query;
  std::optional<oauth::PushedAuthorizationRequestId> pushed;
};

/// RFC 9126 §4: what the client pushed, in place of the query; nothing where that does not count, or no longer.
Task<std::optional<Parameters>> find_pushed(const Context& context, const oauth::Client& client,
                                            std::string_view request_uri) {
  const auto handle = oauth::parse_request_uri(request_uri);
  if (!handle) co_return std::nullopt;
  const oauth::PushedAuthorizationRequestId id{handle->id};
  const auto found = co_await context.storage.pushed_authorization_requests().find_pushed_authorization_request(id);
  if (!oauth::is_usable(found ? &*found : nullptr, *handle, client, context.clock.now())) co_return std::nullopt;
  auto form = oauth::parse_parameters(found->parameters);
  if (!form) co_return std::nullopt;
  Form query;
  query.add("client_id", client.id.value());
  query.add("request_uri", std::string(request_uri));
  co_return Parameters{std::move(*form), encode_form(query), id};
}

/// The query's own parameters, or those of the request that it names. Where none are pushed, no `request_uri` is.
Task<std::optional<Parameters>> find_parameters(const Context& context, const oauth::Client& client,
                                                const Form& query) {
  const auto request_uri = query.get_or_empty("request_uri");
  if (!context.settings().flows.takes_pushed_requests() || !oauth::is_pushed_request_uri(request_uri)) {
    co_return Parameters{query, encode_form(query), std::nullopt};
  }
  co_return co_await find_pushed(context, client, request_uri);
}

}  // namespace

Task<std::expected<CheckedRequest, net::Response>> check_request(const Context& context, const net::Request& request,
                                                                 std::string_view query, std::string_view browser) {
  const auto carried = split_asked(query);
  const auto read = oauth::read_authorization_query(carried.query);
  if (!read) co_return std::unexpected(refusal_page(context, request, read.error(), {}));

  note_parameters(request, read->form);
  const auto client_id = oauth::find_client_id(read->form);
  if (!client_id) co_return std::unexpected(refusal_page(context, request, client_id.error(), {}));

  auto found = co_await find_client(context, *client_id);
  if (!found) co_return std::unexpected(refusal_page(context, request, found.error(), {}));
  auto& client = *found;
  note_client(request, *client);

  const auto parameters = co_await find_parameters(context, *client, read->form);
  if (!parameters) {
    const oauth::UnredirectableError unusable{Kind::unusable_request_uri, {}};
    co_return std::unexpected(refusal_page(context, request, unusable, *client_id));
  }

  if (parameters->pushed) {
    note_parameters(request, parameters->form);
    note_link(request, "pushed", parameters->pushed->value);
  }

  const auto target = oauth::check_redirect_uri(parameters->form, *client);
  if (!target) co_return std::unexpected(refusal_page(context, request, target.error(), *client_id));
  // DEVIATION RFC 9700 §4.11.2: a fault is told by redirect also before anybody has signed in. Assistants wait at their
  // callback, and would never learn of what is told on a page here. A client that registered itself can so lead people
  // on from our address, but only to the URI that it registered, and nothing of theirs goes along.
  if (read->fault) co_return std::unexpected(answer_with_error(context, request, *client_id, *target, *read->fault));

  if (!parameters->pushed) {
    const auto allowed = oauth::check_may_be_plain(*client, context.settings().flows);
    if (!allowed) co_return std::unexpected(answer_with_error(context, request, *client_id, *target, allowed.error()));
  }
  // RFC 9126 §7.4: a pushed one too, since what the client may ask for can have changed.
  auto authorization = oauth::check_authorization_request(parameters->form, *client, *target,
                                                          context.settings().resources, context.settings().flows);
  if (!authorization) {
    const auto& [to, error] = authorization.error();
    co_return std::unexpected(answer_with_error(context, request, *client_id, to, error));
  }
  auto& max_age = authorization->authentication.max_age;
  if (const auto longest = context.settings().longest_sign_in_age)
    max_age = std::min(max_age.value_or(*longest), *longest);
  const auto asked_at = read_asked(context, parameters->query, carried.asked, browser);
  co_return CheckedRequest{std::move(*authorization), std::move(client),
                           asked_at ? add_asked(context, parameters->query, *asked_at, browser) : parameters->query,
                           asked_at, parameters->pushed};
}

}  // namespace chatelaine::provider::endpoints
