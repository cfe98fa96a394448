#pragma once

#include "base/time.hpp"
#include "net/fetch.hpp"

namespace chatelaine::net {

/// Within which a document's own word counts on how long it may be kept.
struct FreshnessBounds {
  milliseconds least;
  milliseconds most;
  /// Where it says nothing (RFC 9111 §4.2.2).
  milliseconds otherwise;
};

/// RFC 9111 §4.2: how long the answer is fresh by its Cache-Control (`max-age`, `no-cache`, `no-store`) and Age, within
/// the bounds (draft-ietf-oauth-client-id-metadata-document-03 §5.2). Expires alone counts as nothing said.
[[nodiscard]] milliseconds find_freshness(const FetchedDocument& answer, const FreshnessBounds& bounds);

}  // namespace chatelaine::net
