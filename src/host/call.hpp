#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "host/call_request.hpp"
#include "host/context.hpp"
#include "host/host_error.hpp"
#include "net/response.hpp"

namespace chatelaine::host {

/// What the API answered, whatever its status.
struct CallAnswer {
  int status = 0;
  std::vector<net::Header> headers;
  std::string body;
  /// What was asked, for whoever looks at the answer.
  std::string method;
  std::string url;
};

inline constexpr std::size_t kMostAnswerBytes = 1024 * 1024;
inline constexpr milliseconds kCallTimeout{30'000};

/// Calls an operation of the plugin's OpenAPI for a user: the token is refreshed before it ends, and once more after a
/// 401. An error where the request cannot be made, the user must sign in again, or the API cannot be reached.
[[nodiscard]] Task<Outcome<CallAnswer>> call_operation(const HostContext& host, storage::PluginId plugin_id,
                                                       oauth::UserId user_id, std::string operation_id,
                                                       std::vector<Argument> arguments);

/// `{"status":200,"headers":{"content-type":"…"},"body":"…"}`: names in lower case, repeated ones joined by ", "; the
/// body as text, bytes that are not UTF-8 replaced.
[[nodiscard]] boost::json::object to_json(const CallAnswer& answer);

}  // namespace chatelaine::host
