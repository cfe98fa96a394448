#include "relying_party/discovery.hpp"

#include <fmt/format.h>

#include <array>

#include "base/json_members.hpp"

namespace chatelaine::relying_party {
namespace {

constexpr milliseconds kMetadataTimeout{4'000};

std::string_view without_query(std::string_view url) { return url.substr(0, url.find_first_of("?#")); }

/// DEVIATION RFC 8414 §3.3: the issuer is not compared with an identifier known before, since a manifest names none; it
/// must lie on the authorization endpoint's own origin, and the document must name both endpoints of the manifest.
bool is_issuer_at(std::string_view issuer, const HttpUrl& endpoint) {
  const auto url = parse_http_url(issuer);
  return url && url->origin() == endpoint.origin() && !url->has_query && !url->has_fragment && !url->has_userinfo;
}

std::string find_revocation_endpoint(const json::object& document, const KnownEndpoints& known) {
  const auto url = parse_http_url(text_of(document, "revocation_endpoint"));
  if (!url || url->has_userinfo || url->has_fragment) return {};
  // It will be sent tokens and the client secret, so only the servers that handed them out are believed.
  const bool is_known =
      url->origin() == known.authorization_endpoint.origin() || url->origin() == known.token_endpoint.origin();
  return is_known ? url->text : std::string();
}

/// Whether nothing was heard of the server. An answer that cannot be used, such as a page of any length, is one.
bool is_silence(net::FetchError::Kind kind) {
  switch (kind) {
    case net::FetchError::Kind::unresolvable:
    case net::FetchError::Kind::unreachable:
    case net::FetchError::Kind::timed_out:
    case net::FetchError::Kind::tls_failed:
      return true;
    case net::FetchError::Kind::bad_url:
    case net::FetchError::Kind::forbidden_address:
    case net::FetchError::Kind::too_large:
    case net::FetchError::Kind::bad_answer:
      return false;
  }
  return false;
}

}  // namespace

std::optional<ProviderMetadata> judge_metadata(std::string_view text, const KnownEndpoints& known) {
  const auto parsed = parse_json(text);
  if (!parsed || !parsed->is_object()) return std::nullopt;
  const json::object& document = parsed->get_object();
  const std::string_view authorization_endpoint = text_of(document, "authorization_endpoint");
  if (authorization_endpoint.empty() ||
      without_query(authorization_endpoint) != without_query(known.authorization_endpoint.text)) {
    return std::nullopt;
  }
  if (text_of(document, "token_endpoint") != known.token_endpoint.text) return std::nullopt;
  const std::string_view issuer = text_of(document, "issuer");
  if (!is_issuer_at(issuer, known.authorization_endpoint)) return std::nullopt;

  ProviderMetadata metadata;
  metadata.issuer = oauth::Issuer(std::string(issuer));
  if (lists(document, "code_challenge_methods_supported", "S256")) metadata.code_challenge = CodeChallengeSupport::s256;
  if (is_true(document, "authorization_response_iss_parameter_supported")) {
    metadata.issuer_parameter = IssuerParameter::promised;
  }
  metadata.revocation_endpoint = find_revocation_endpoint(document, known);
  return metadata;
}

Task<Discovery> discover_metadata(net::Fetcher& fetcher, KnownEndpoints known, net::AddressPolicy addresses) {
  // RFC 8414 §3, and OpenID Connect Discovery §4 for servers that publish only that.
  constexpr std::array<std::string_view, 2> kPaths{"/.well-known/oauth-authorization-server",
                                                   "/.well-known/openid-configuration"};
  Discovery discovery;
  for (const std::string_view path : kPaths) {
    net::FetchRequest request;
    request.url = known.authorization_endpoint.origin() + std::string(path);
    request.headers.push_back({"Accept", "application/json"});
    request.policy = {addresses, 64 * 1024, kMetadataTimeout};
    const auto answer = co_await fetcher.fetch(std::move(request));
    if (!answer && is_silence(answer.error().kind)) {
      // The other path lies on the same server.
      discovery.doubt = DiscoveryDoubt{DiscoveryDoubt::Kind::unreachable, answer.error().message};
      co_return discovery;
    }
    if (answer && answer->status >= 500) {
      discovery.doubt = DiscoveryDoubt{DiscoveryDoubt::Kind::server_error,
                                       fmt::format("It answered with status {}.", answer->status)};
    }
    if (!answer || answer->status != 200) continue;
    if (auto metadata = judge_metadata(answer->body, known)) co_return Discovery{std::move(metadata), std::nullopt};
  }
  co_return discovery;
}

}  // namespace chatelaine::relying_party
