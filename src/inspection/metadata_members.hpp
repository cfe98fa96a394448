#pragma once

#include <string_view>

#include "base/json.hpp"
#include "inspection/finding.hpp"
#include "net/fetch.hpp"

namespace chatelaine::inspection {

/// What the metadata's members promise to clients: the three that decide whether today's assistants connect at all
/// (`pkce`, `issuer_parameter`, `client_id_documents`), and the rest. `issuer` is whose they are; a plugin's
/// hosts are registered by hand and use no PKCE, and an issuer may have such clients alone: `importance`. `addresses`:
/// those that the target leads to.
[[nodiscard]] Findings judge_members(const json::object& document, std::string_view issuer, Importance importance,
                                     net::AddressPolicy addresses);

}  // namespace chatelaine::inspection
