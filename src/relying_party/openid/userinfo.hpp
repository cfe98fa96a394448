#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/task.hpp"
#include "net/fetch.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::relying_party {

/// OpenID Connect Core §5.3.2: judges a UserInfo answer, whose `sub` must be the ID token's. The error is for the log.
[[nodiscard]] std::expected<json::object, std::string> judge_userinfo(const net::FetchedDocument& answer,
                                                                      const oauth::Subject& subject);

/// Asks the endpoint, which may stand in one of the `networks` (net::FetchPolicy). The other arguments outlive the
/// await.
[[nodiscard]] Task<std::expected<json::object, std::string>> fetch_userinfo(net::Fetcher& fetcher,
                                                                            const std::string& endpoint,
                                                                            std::vector<net::AddressBlock> networks,
                                                                            const oauth::AccessTokenSecret& token,
                                                                            const oauth::Subject& subject);

}  // namespace chatelaine::relying_party
