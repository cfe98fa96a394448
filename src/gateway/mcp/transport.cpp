#include "gateway/mcp/transport.hpp"

#include <algorithm>
#include <utility>

#include "base/ascii.hpp"
#include "gateway/mcp/message.hpp"

namespace chatelaine::gateway::mcp {

net::Response refuse(int status, std::string sentence) {
  return answer_error({ErrorCode::invalid_request, std::move(sentence), status}, std::nullopt);
}

Refused check_origin(const net::Request& request, const McpSettings& settings) {
  const auto origin = request.header("Origin");
  const auto is_allowed = [&](std::string_view allowed) { return allowed == "*" || allowed == *origin; };
  if (!origin || *origin == settings.origin || std::ranges::any_of(settings.allowed_origins, is_allowed))
    return std::nullopt;
  return refuse(403, "Pages of this origin may not call this server: [mcp] allowed_origins names those that may.");
}

bool accepts(const net::Request& request, std::string_view type) {
  const auto header = request.header("Accept");
  if (!header) return true;
  const std::string accepted = to_lower(*header);
  const std::string_view group = type.substr(0, type.find('/') + 1);
  return accepted.contains("*/*") || accepted.contains(type) || accepted.contains(std::string(group) + "*");
}

Refused check_post_headers(const net::Request& request) {
  if (!accepts(request, "application/json") || !accepts(request, "text/event-stream"))
    return refuse(406, "The client must accept both application/json and text/event-stream.");
  const auto type = request.header("Content-Type").value_or("");
  if (!net::equals_ignoring_case(type.substr(0, std::min(type.find_first_of("; "), type.size())), "application/json"))
    return refuse(415, "A message comes as application/json.");
  return std::nullopt;
}

net::Response report_body_error(net::BodyError error) {
  switch (error) {
    case net::BodyError::too_large:
      return refuse(413, "The message is larger than 4 MiB.");
    case net::BodyError::timed_out:
      return refuse(408, "The message took too long to arrive.");
    case net::BodyError::broken:
      return refuse(400, "The message broke off before its end.");
  }
  return refuse(400, "The message could not be read.");
}

}  // namespace chatelaine::gateway::mcp
