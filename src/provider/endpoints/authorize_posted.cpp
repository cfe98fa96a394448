#include "net/whole_body.hpp"
#include "oauth/content_type.hpp"
#include "oauth/parameters.hpp"
#include "oauth/swapped_addresses.hpp"
#include "oauth/tokens/token_request.hpp"
#include "pages/posted_form.hpp"
#include "provider/endpoints/authorize/checked_request.hpp"
#include "provider/endpoints/client_request.hpp"
#include "provider/endpoints/endpoints.hpp"
#include "provider/notes.hpp"

namespace chatelaine::provider::endpoints {
namespace {

/// The answer to a client whose token request came here: it reads JSON, and waits for no page.
std::optional<net::Response> refuse_swapped(const Context& context, const net::Request& request, const Form& form) {
  const auto swap = oauth::find_swap_at_authorization_endpoint(form);
  if (!swap) return std::nullopt;
  note_parameters(request, form);
  return answer_plain_error(context, request, *swap);
}

/// JSON is no authorization request, but ChatGPT's plugins send token requests in it.
Task<std::optional<net::Response>> refuse_swapped_json(const Context& context, const net::Request& request) {
  const auto type = request.header("Content-Type").value_or("");
  if (oauth::parse_content_type(type).media_type != "application/json") co_return std::nullopt;
  const auto body = co_await net::read_whole_body(request, pages::kPostedFormLimit);
  if (!body) co_return std::nullopt;
  const auto form = oauth::parse_token_request_body(type, *body);
  if (!form) co_return std::nullopt;
  co_return refuse_swapped(context, request, *form);
}

}  // namespace

// RFC 6749 §3.1: POST is a server's choice; OpenID Connect Core §3.1.2.1 asks for it. A form of another site arrives
// without the session's cookie, which is Lax, and with it the browser follows to GET: docs/adr/0006.
Task<net::Response> authorize_posted(const Context& context, const net::Request& request) {
  auto swapped = co_await refuse_swapped_json(context, request);
  if (swapped) co_return *std::move(swapped);
  auto text = co_await pages::read_posted_text(request, context.renderer, pages::kPostedFormLimit);
  if (!text) co_return std::move(text.error());
  if (const auto form = oauth::parse_parameters(*text)) {
    if (auto refused = refuse_swapped(context, request, *form)) co_return *std::move(refused);
  }
  // RFC 6749 §3.1: the endpoint's address may have parameters of its own, and none may come twice.
  const bool has_both = !request.query.empty() && !text->empty();
  const std::string query = std::string(request.query) + (has_both ? "&" : "") + *text;
  auto checked = co_await check_request(context, request, query, {});
  if (!checked) co_return std::move(checked.error());
  auto response = net::make_redirect(context.paths.authorize + "?" + checked->query);
  net::forbid_storing(response);
  co_return response;
}

}  // namespace chatelaine::provider::endpoints
