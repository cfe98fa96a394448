#include "gateway/mcp/request_release.hpp"

#include <fmt/format.h>

#include "base/base64url.hpp"

namespace chatelaine::gateway::mcp {
namespace {

constexpr std::string_view kVersionHeader = "MCP-Protocol-Version";
constexpr std::string_view kVersionMember = "io.modelcontextprotocol/protocolVersion";
constexpr std::string_view kCapabilitiesMember = "io.modelcontextprotocol/clientCapabilities";

std::unexpected<MessageError> refuse_mismatch(std::string sentence) {
  return std::unexpected(MessageError{ErrorCode::header_mismatch, std::move(sentence)});
}

std::unexpected<MessageError> refuse_version(std::string_view requested) {
  json::array supported;
  for (const Release release : kReleases) supported.emplace_back(to_string(release));
  return std::unexpected(MessageError{ErrorCode::unsupported_protocol_version, "Unsupported protocol version", 400,
                                      json::object{{"supported", std::move(supported)}, {"requested", requested}}});
}

/// Release 2026-07-28, transports, value encoding: what no header can hold comes as `=?base64?…?=`.
std::optional<std::string> decode_header(std::string_view value) {
  constexpr std::string_view kBefore = "=?base64?";
  constexpr std::string_view kBehind = "?=";
  if (!value.starts_with(kBefore) || !value.ends_with(kBehind) || value.size() < kBefore.size() + kBehind.size())
    return std::string(value);
  value.remove_prefix(kBefore.size());
  value.remove_suffix(kBehind.size());
  return base64_decode(value);
}

std::expected<void, MessageError> check_mirrored(const net::Request& request, std::string_view name,
                                                 std::string_view expected) {
  const auto header = request.header(name);
  if (!header || request.has_repeated_header(name))
    return refuse_mismatch(fmt::format("Header mismatch: the header {} must come once.", name));
  const auto value = decode_header(*header);
  if (value != expected)
    return refuse_mismatch(fmt::format("Header mismatch: {} does not say what the body does.", name));
  return {};
}

/// Release 2026-07-28, transports, standard request headers.
std::expected<void, MessageError> check_headers(const net::Request& request, const Message& message) {
  // Of a notification that release leaves open what its headers say.
  if (!message.id) return {};
  if (auto checked = check_mirrored(request, "Mcp-Method", message.method); !checked) return checked;
  if (message.method != "tools/call") return {};
  const json::string* name = find_string(message.params, "name");
  return check_mirrored(request, "Mcp-Name", name == nullptr ? std::string_view() : std::string_view(*name));
}

std::expected<Release, MessageError> check_stateless(const net::Request& request, const Message& message,
                                                     std::optional<std::string_view> header) {
  const json::string* version = find_string(message.meta(), kVersionMember);
  if (version == nullptr)
    return std::unexpected(MessageError{ErrorCode::invalid_params, fmt::format("_meta has no {}.", kVersionMember)});
  if (header != std::string_view(*version)) {
    return refuse_mismatch(header ? fmt::format("Header mismatch: {} does not say what _meta does.", kVersionHeader)
                                  : fmt::format("Header mismatch: the header {} is missing.", kVersionHeader));
  }
  const auto release = parse_release(*version);
  if (!release) return refuse_version(*version);
  if (!is_stateless(*release)) return *release;
  const json::value* capabilities = message.meta().if_contains(kCapabilitiesMember);
  if (message.id && (capabilities == nullptr || !capabilities->is_object()))
    return std::unexpected(
        MessageError{ErrorCode::invalid_params, fmt::format("_meta has no {}.", kCapabilitiesMember)});
  if (auto checked = check_headers(request, message); !checked) return std::unexpected(std::move(checked.error()));
  return *release;
}

}  // namespace

std::expected<Release, MessageError> find_release(const net::Request& request, const Message& message) {
  const auto header = request.header(kVersionHeader);
  if (request.has_repeated_header(kVersionHeader))
    return refuse_mismatch(fmt::format("Header mismatch: the header {} must come once.", kVersionHeader));
  if (message.meta().contains(kVersionMember)) return check_stateless(request, message, header);
  if (message.method == "initialize") {
    const json::string* asked = find_string(message.params, "protocolVersion");
    return negotiate(asked == nullptr ? std::string_view() : std::string_view(*asked));
  }
  if (!header) return kReleases.back();
  const auto release = parse_release(*header);
  if (!release) return refuse_version(*header);
  return is_stateless(*release) ? check_stateless(request, message, header) : *release;
}

}  // namespace chatelaine::gateway::mcp
