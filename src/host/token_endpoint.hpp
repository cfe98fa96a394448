#pragma once

#include "host/documents.hpp"
#include "relying_party/token_exchange.hpp"

namespace chatelaine::host {

/// Where the verified manifest says that tokens are to be had.
[[nodiscard]] inline relying_party::TokenEndpoint token_endpoint_of(const PluginDocuments& documents) {
  return {documents.manifest.authorization_url.text, documents.manifest.encoding, documents.addresses};
}

}  // namespace chatelaine::host
