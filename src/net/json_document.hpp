#pragma once

#include <expected>
#include <string>

#include "net/document_cache.hpp"
#include "net/fetch.hpp"

namespace chatelaine::net {

/// A document that somebody publishes as JSON: its answer of status 200, or why it cannot be had, in a sentence for
/// its author. Redirects are not followed; 5xx and 429 may pass, as does what the network could not do.
[[nodiscard]] Task<std::expected<FetchedDocument, DocumentFault>> fetch_json_document(Fetcher& fetcher, std::string url,
                                                                                      FetchPolicy policy);

}  // namespace chatelaine::net
