#include "pages/posted_form.hpp"
#include "provider/endpoints/authorize/checked_request.hpp"
#include "provider/endpoints/endpoints.hpp"

namespace chatelaine::provider::endpoints {

// RFC 6749 §3.1: POST is a server's choice; OpenID Connect Core §3.1.2.1 asks for it. A form of another site arrives
// without the session's cookie, which is Lax, and with it the browser follows to GET: docs/adr/0006.
Task<net::Response> authorize_posted(const Context& context, const net::Request& request) {
  auto text = co_await pages::read_posted_text(request, context.renderer, pages::kPostedFormLimit);
  if (!text) co_return std::move(text.error());
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
