#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "base/uri.hpp"
#include "net/fetch.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::relying_party {

/// The two endpoints that a client knows already: a plugin's `client_url` and `authorization_url`.
struct KnownEndpoints {
  HttpUrl authorization_endpoint;
  HttpUrl token_endpoint;
};

enum class CodeChallengeSupport : std::uint8_t { none, s256 };
/// Whether `authorization_response_iss_parameter_supported` promises `iss` (RFC 9207 §3).
enum class IssuerParameter : std::uint8_t { not_promised, promised };

/// What a provider's metadata adds to what its manifest says.
struct ProviderMetadata {
  oauth::Issuer issuer;
  CodeChallengeSupport code_challenge = CodeChallengeSupport::none;
  IssuerParameter issuer_parameter = IssuerParameter::not_promised;
  /// Empty where there is none, or where it lies on another origin than the two known endpoints.
  std::string revocation_endpoint;
};

/// Reads a metadata document (RFC 8414 §2) and believes it only if it speaks of the endpoints that we know: the same
/// authorization endpoint (its query aside), the same token endpoint, an issuer on the authorization endpoint's origin.
[[nodiscard]] std::optional<ProviderMetadata> judge_metadata(std::string_view document, const KnownEndpoints& known);

/// Why there may be metadata that was not seen.
struct DiscoveryDoubt {
  enum class Kind : std::uint8_t {
    unreachable,  ///< no answer came, or not in time
    server_error  ///< status 5xx
  };
  Kind kind;
  std::string message;
};

struct Discovery {
  /// Nothing where neither document is there or neither is believed: the plugins of 2023 have none, and answer whatever
  /// they like for paths that they do not know.
  std::optional<ProviderMetadata> metadata;
  /// Beside no metadata: what keeps "there is none" from being certain.
  std::optional<DiscoveryDoubt> doubt;
};

/// Asks the authorization endpoint's origin for `/.well-known/oauth-authorization-server`, then for
/// `/.well-known/openid-configuration`.
[[nodiscard]] Task<Discovery> discover_metadata(net::Fetcher& fetcher, KnownEndpoints known,
                                                net::AddressPolicy addresses);

}  // namespace chatelaine::relying_party
