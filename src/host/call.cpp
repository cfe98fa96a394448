#include "host/call.hpp"

#include <fmt/format.h>

#include "base/ascii.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"
#include "host/fresh_token.hpp"
#include "host/plugins.hpp"

namespace chatelaine::host {
namespace {

using Kind = HostError::Kind;
using Fetched = std::expected<net::FetchedDocument, net::FetchError>;

Outcome<CallRequest> prepare(const PluginDocuments& documents, std::string_view operation_id,
                             const std::vector<Argument>& arguments) {
  const openapi::Operation* operation = documents.description.find_operation(operation_id);
  if (operation == nullptr) {
    std::vector<std::string> ids;
    ids.reserve(documents.description.operations.size());
    for (const openapi::Operation& known : documents.description.operations) ids.push_back(known.id);
    return refuse(Kind::not_found,
                  fmt::format("The plugin has no operation \"{}\". It has: {}.", operation_id, fmt::join(ids, ", ")));
  }
  auto request = make_call_request(documents.api_base, *operation, arguments);
  if (!request) return refuse(Kind::bad_request, std::move(request.error()));
  return std::move(*request);
}

/// RFC 6750 §2.1.
net::FetchRequest authorize(const CallRequest& call, const oauth::AccessTokenSecret& token,
                            net::AddressPolicy addresses) {
  net::FetchRequest request{
      call.method, call.url, call.headers, call.body, {addresses, kMostAnswerBytes, kCallTimeout}};
  request.headers.push_back({"Authorization", "Bearer " + std::string(token.reveal())});
  return request;
}

Outcome<CallAnswer> to_answer(const CallRequest& call, Fetched fetched) {
  if (!fetched) return refuse(Kind::plugin_fault, "The plugin's API gave no answer: " + fetched.error().message);
  return CallAnswer{fetched->status, std::move(fetched->headers), std::move(fetched->body), call.method, call.url};
}

}  // namespace

Task<Outcome<CallAnswer>> call_operation(const HostContext& host, storage::PluginId plugin_id, oauth::UserId user_id,
                                         std::string operation_id, std::vector<Argument> arguments) {
  const auto plugin = co_await find_usable_plugin(host, plugin_id);
  if (!plugin) co_return std::unexpected(plugin.error());
  const auto user = co_await check_user(host, user_id);
  if (!user) co_return std::unexpected(user.error());
  const auto call = prepare(*plugin->documents, operation_id, arguments);
  if (!call) co_return std::unexpected(call.error());
  const net::AddressPolicy addresses = plugin->documents->addresses;

  auto token = co_await find_fresh_token(host, *plugin, user_id, std::nullopt);
  if (!token) co_return std::unexpected(std::move(token.error()));
  net::FetchRequest first = authorize(*call, token->access_token, addresses);
  Fetched fetched = co_await host.fetcher.fetch(std::move(first));
  if (fetched && fetched->status == 401 && token->is_refreshable) {
    // The API may know sooner than we that a token has ended: one more try with a new one, and no more than one.
    token = co_await find_fresh_token(host, *plugin, user_id, token->version);
    if (!token) co_return std::unexpected(std::move(token.error()));
    net::FetchRequest second = authorize(*call, token->access_token, addresses);
    fetched = co_await host.fetcher.fetch(std::move(second));
  } else if (fetched && fetched->status == 401) {
    // Nothing but a new sign-in leads on from here; the list of plugins offers it from now on.
    co_await host.storage.connections().fail_refresh(token->connection_id, token->version, true);
    co_return refuse(
        Kind::needs_sign_in,
        "The plugin's API does not take your access any more (status 401), and the plugin's server gave no "
        "refresh token. Sign in to the plugin again.");
  }
  host.log.info("operation called", {{"plugin", plugin_id.value()},
                                     {"operation", operation_id},
                                     {"user", user->email},
                                     {"status", fetched ? std::to_string(fetched->status) : "none"}});
  co_return to_answer(*call, std::move(fetched));
}

json::object to_json(const CallAnswer& answer) {
  json::object headers;
  for (const net::Header& header : answer.headers) {
    json::value& value = headers[make_valid_utf8(to_lower(header.name))];
    const std::string before = value.is_string() ? std::string(value.get_string()) + ", " : std::string();
    value = before + make_valid_utf8(header.value);
  }
  return {{"status", answer.status}, {"headers", std::move(headers)}, {"body", make_valid_utf8(answer.body)}};
}

}  // namespace chatelaine::host
