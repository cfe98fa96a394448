#pragma once

#include "base/task.hpp"
#include "net/request.hpp"
#include "net/response.hpp"
#include "provider/context.hpp"

/// One function an endpoint, each in the file of its name. They translate: HTTP in, a decision of oauth/, storage
/// verbs, HTTP out. Context and request outlive the task.
namespace chatelaine::provider::endpoints {

/// GET: the authorization endpoint (RFC 6749 §3.1): sign-in, consent page, or the answer with a code.
[[nodiscard]] Task<net::Response> authorize(const Context& context, const net::Request& request);
/// POST: an authorization request as a form, from whatever site (OpenID Connect Core §3.1.2.1): sent on to GET.
[[nodiscard]] Task<net::Response> authorize_posted(const Context& context, const net::Request& request);
/// POST: a client sends its authorization request itself and gets a request_uri for the browser (RFC 9126).
[[nodiscard]] Task<net::Response> pushed_authorization_request(const Context& context, const net::Request& request);
/// POST: what the person decided on the consent page.
[[nodiscard]] Task<net::Response> consent(const Context& context, const net::Request& request);
/// POST: a device asks for a device code and a user code (RFC 8628 §3.1).
[[nodiscard]] Task<net::Response> device_authorization(const Context& context, const net::Request& request);
/// GET: the page where a person types the user code (RFC 8628 §3.3).
[[nodiscard]] Task<net::Response> device_code_page(const Context& context, const net::Request& request);
/// POST: the user code that was typed: the page that asks for consent.
[[nodiscard]] Task<net::Response> device_code_typed(const Context& context, const net::Request& request);
/// POST: what the person decided there.
[[nodiscard]] Task<net::Response> device_code_consent(const Context& context, const net::Request& request);
/// POST: the token endpoint (RFC 6749 §3.2), JSON or form.
[[nodiscard]] Task<net::Response> token(const Context& context, const net::Request& request);
/// POST: dynamic client registration (RFC 7591 §3).
[[nodiscard]] Task<net::Response> registration(const Context& context, const net::Request& request);
/// The client configuration endpoint (RFC 7592 §2), for whoever has the client's registration access token. GET: what
/// is registered; PUT: replaces all of it; DELETE: ends the client and everything that came of it.
[[nodiscard]] Task<net::Response> read_registration(const Context& context, const net::Request& request);
[[nodiscard]] Task<net::Response> update_registration(const Context& context, const net::Request& request);
[[nodiscard]] Task<net::Response> delete_registration(const Context& context, const net::Request& request);
/// POST: token revocation (RFC 7009).
[[nodiscard]] Task<net::Response> revoke(const Context& context, const net::Request& request);
/// POST: token introspection (RFC 7662).
[[nodiscard]] Task<net::Response> introspect(const Context& context, const net::Request& request);
/// GET: the JWK Set (RFC 7517 §5) that verifies our tokens.
[[nodiscard]] Task<net::Response> jwks(const Context& context, const net::Request& request);
/// GET, POST: what a token's client may know of its person (OpenID Connect Core §5.3).
[[nodiscard]] Task<net::Response> userinfo(const Context& context, const net::Request& request);
/// GET: a client wants the person signed out (OpenID Connect RP-Initiated Logout §2).
[[nodiscard]] Task<net::Response> logout(const Context& context, const net::Request& request);
/// POST: the same as a form, from whatever site: sent on to GET.
[[nodiscard]] Task<net::Response> logout_posted(const Context& context, const net::Request& request);
/// POST: what the person decided on the page that asks.
[[nodiscard]] Task<net::Response> logout_confirmation(const Context& context, const net::Request& request);
/// GET: authorization server metadata (RFC 8414 §3, OpenID Connect Discovery §4).
[[nodiscard]] Task<net::Response> metadata(const Context& context, const net::Request& request);
/// GET: what is told of the API behind the gateway (RFC 9728 §3).
[[nodiscard]] Task<net::Response> protected_resource_metadata(const Context& context, const net::Request& request);
/// GET: `ai-plugin.json`, or 404 where none is configured.
[[nodiscard]] Task<net::Response> manifest(const Context& context, const net::Request& request);
/// GET: what proves to OpenAI whose domain this is, as plain text, or 404 where none is configured.
[[nodiscard]] Task<net::Response> openai_apps_challenge(const Context& context, const net::Request& request);
/// GET: the API's OpenAPI description, or 404 where none is configured.
[[nodiscard]] Task<net::Response> openapi(const Context& context, const net::Request& request);
/// GET: whether the process answers.
[[nodiscard]] Task<net::Response> health(const Context& context, const net::Request& request);
/// GET: whether storage answers too; 503 otherwise.
[[nodiscard]] Task<net::Response> readiness(const Context& context, const net::Request& request);

}  // namespace chatelaine::provider::endpoints
