#include "gateway/gateway.hpp"

#include "gateway/authenticate.hpp"
#include "gateway/forward.hpp"
#include "gateway/guarded_body.hpp"
#include "gateway/identity.hpp"
#include "gateway/operations.hpp"
#include "gateway/refusal.hpp"
#include "net/path.hpp"
#include "oauth/openid/identity_scope.hpp"

namespace chatelaine::gateway {
namespace {

std::string_view to_string(tokens::TokenFault fault) {
  switch (fault) {
    case tokens::TokenFault::malformed:
      return "malformed";
    case tokens::TokenFault::bad_signature:
      return "bad signature";
    case tokens::TokenFault::wrong_issuer:
      return "wrong issuer";
    case tokens::TokenFault::wrong_audience:
      return "wrong audience";
    case tokens::TokenFault::expired:
      return "expired";
    case tokens::TokenFault::revoked:
      return "revoked";
    case tokens::TokenFault::unknown:
      return "unknown";
  }
  return "unknown";
}

/// RFC 9068 §3: of a token for several resources, what means something at this one.
std::shared_ptr<const oauth::AccessToken> cut_to(const oauth::ProtectedResource& resource,
                                                 std::shared_ptr<const oauth::AccessToken> token) {
  if (!resource.scopes || resource.scopes->includes(token->scope)) return token;
  auto cut = std::make_shared<oauth::AccessToken>(*token);
  cut->scope = resource.understood(token->scope);
  return cut;
}

}  // namespace

struct Gateway::State {
  const Live<GatewaySettings>& live;
  GatewayParts parts;
  const Clock& clock;
  Log& log;
  IdentityCache identities;

  Task<std::shared_ptr<const Identity>> identify(const oauth::AccessToken& token, const GatewaySettings& settings) {
    const Instant now = clock.now();
    auto identity = identities.find(token, now);
    if (identity != nullptr) co_return identity;
    const crypto::SigningKey key = co_await parts.signing_key();
    identity = std::make_shared<const Identity>(make_identity(token, sign_assertion(token, settings, key, now)));
    identities.keep(token, identity, now);
    co_return identity;
  }

  /// `headers` owns what the upstream's request refers to.
  Task<net::Response> send(const net::Request& request, const GatewaySettings& settings, ForwardedHeaders& headers) {
    net::UpstreamRequest forwarded{.method = request.method_name,
                                   .target = std::string(request.target),
                                   .headers = headers.take(),
                                   .body = request.body};
    auto answer = co_await parts.send(std::move(forwarded));
    if (!answer) {
      net::Response report = report_upstream_error(answer.error());
      log.warning("the upstream gave no answer",
                  {{"status", std::to_string(report.status)}, {"path", std::string(request.path)}});
      co_return report;
    }
    remove_own_cookies(*answer, settings.own_cookie_names);
    co_return *std::move(answer);
  }

  Task<net::Response> forward_without_identity(const net::Request& request, const GatewaySettings& settings) {
    ForwardedHeaders headers(request, settings);
    co_return co_await send(request, settings, headers);
  }

  Task<net::Response> forward_as(const net::Request& request, const GatewaySettings& settings, std::string_view text,
                                 std::shared_ptr<const oauth::AccessToken> token) {
    ForwardedHeaders headers(request, settings);
    auto identity = co_await identify(*token, settings);
    headers.add_identity(std::move(identity));
    net::Response response = co_await send(request, settings, headers);
    forbid_shared_caching(response);
    if (response.stream != nullptr) {
      response.stream = guard_body(std::move(response.stream), oauth::AccessTokenSecret(text), token->expires_at,
                                   parts.verify, clock);
    }
    co_return response;
  }

  Task<net::Response> handle_call(const net::Request& request, const GatewaySettings& settings) {
    const auto text = find_bearer_token(request);
    if (!text) co_return refuse_authorization(settings.realm, text.error().description);
    if (!*text) co_return ask_for_token(settings.realm);
    const auto token = co_await parts.verify(**text);
    if (!token) {
      log.debug("an access token was refused",
                {{"why", std::string(to_string(token.error()))}, {"path", std::string(request.path)}});
      co_return refuse_token(settings.realm);
    }
    // Who allowed a client to know who they are, or to use another resource, has allowed it nothing of the API, though
    // an operation may need no scope.
    const auto here = cut_to(settings.resource, *token);
    const auto& granted = here->scope;
    const bool means_nothing_here = !(*token)->scope.empty() && granted.without(oauth::identity_scope()).empty();
    if (means_nothing_here) co_return refuse_identity(settings.realm);
    const auto needed = find_needed_scope(settings, request);
    // Told to those with a token alone: strangers learn nothing of what the API has.
    if (std::holds_alternative<NotListed>(needed)) co_return refuse_unlisted(request.method_name, request.path);
    if (std::holds_alternative<Closed>(needed)) co_return refuse_closed(request.method_name, request.path);
    const auto& scope = std::get<oauth::Scope>(needed);
    if (!granted.includes(scope)) co_return refuse_scope(settings.realm, scope);
    co_return co_await forward_as(request, settings, **text, here);
  }
};

Gateway::Gateway(const Live<GatewaySettings>& settings, GatewayParts parts, const Clock& clock, Log& log)
    : state_(new State{settings, std::move(parts), clock, log, IdentityCache()}) {}

Gateway::Gateway(const Live<GatewaySettings>& settings, tokens::Verifier& verifier, tokens::KeyRing& keys,
                 net::Upstream* upstream, const Clock& clock, Log& log)
    : Gateway(settings, make_parts(verifier, keys, upstream), clock, log) {}

Gateway::~Gateway() = default;

Task<net::Response> Gateway::handle(const net::Request& request) {
  const GatewaySettings& settings = state_->live.get();
  if (!state_->parts.send) co_return refuse_without_upstream();
  if (net::is_path_ambiguous(request.path)) co_return refuse_ambiguous_path();
  if (net::equals_ignoring_case(request.method_name, "TRACE")) co_return refuse_trace();
  if (is_preflight(request) || is_public(settings, request.path)) {
    co_return co_await state_->forward_without_identity(request, settings);
  }
  co_return co_await state_->handle_call(request, settings);
}

}  // namespace chatelaine::gateway
