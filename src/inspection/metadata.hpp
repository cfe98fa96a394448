#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "inspection/cross_origin.hpp"
#include "inspection/finding.hpp"
#include "inspection/target.hpp"

/// What an authorization server says of itself (RFC 8414, OpenID Connect Discovery).
namespace chatelaine::inspection {

/// Where an issuer's metadata is looked for.
enum class MetadataForm : std::uint8_t {
  oauth_before_path,   ///< `/.well-known/oauth-authorization-server/tenant` (RFC 8414 §3.1)
  openid_before_path,  ///< `/.well-known/openid-configuration/tenant` (RFC 8414 §5)
  openid_after_path,   ///< `/tenant/.well-known/openid-configuration` (OpenID Connect Discovery §4.1)
};

struct FormedUrl {
  MetadataForm form;
  std::string url;
};
/// Two for an issuer without a path, three for one with a path, which a slash at its end does not change.
[[nodiscard]] std::vector<FormedUrl> list_metadata_urls(const HttpUrl& issuer);

/// How we came to ask for an issuer.
enum class IssuerSource : std::uint8_t {
  typed,     ///< it is the URL that was given
  guessed,   ///< an origin on which nobody named an issuer
  resource,  ///< a resource's metadata names it, byte for byte
};

struct FormedVisit {
  MetadataForm form;
  Visit visit;
};

struct MetadataFacts {
  std::string issuer;
  IssuerSource source = IssuerSource::typed;
  std::vector<FormedVisit> visits;
  /// The first document that is there, for the client origins; of nobody where there is none.
  SharedVisit shared;
};

/// The first of the visits that found a JSON object.
[[nodiscard]] const FormedVisit* find_metadata(const std::vector<FormedVisit>& visits);

struct MetadataJudgement {
  Findings findings;
  std::optional<json::object> document;
  /// What the document itself calls its issuer.
  std::string issuer;
};
/// Where, how, and under whose name the metadata is served. Without any, that is `absence`: a fault, or a warning for a
/// plugin, whose hosts do without.
[[nodiscard]] MetadataJudgement judge_metadata(const MetadataFacts& facts, Verdict absence);

}  // namespace chatelaine::inspection
