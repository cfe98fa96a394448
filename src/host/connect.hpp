#pragma once

#include <optional>
#include <string>

#include "base/form.hpp"
#include "base/task.hpp"
#include "host/context.hpp"
#include "host/documents.hpp"
#include "host/host_error.hpp"

namespace chatelaine::host {

/// How long a "Sign in with …" may take from the button to the callback, and how long a connect link works.
inline constexpr milliseconds kConnectLifetime{std::chrono::minutes{10}};
/// The cookie that binds an attempt to a browser (net::cookie_name adds the prefix).
inline constexpr std::string_view kConnectCookie = "chatelaine_host_connect";

struct BegunConnection {
  /// The provider's authorization endpoint with everything that it needs to know.
  std::string authorization_url;
  /// The whole value of a Set-Cookie header.
  std::string set_cookie;
};

/// Begins "Sign in with …": finds the provider's metadata, keeps the attempt and makes the URL. `browser_cookie` is
/// what the browser sent as kConnectCookie: it is used on, so that two tabs do not disturb each other. Refused where
/// the user is connected and the connection is in order: another account does not take its place unasked (THREATS N21).
[[nodiscard]] Task<Outcome<BegunConnection>> begin_connection(const HostContext& host, storage::PluginId plugin_id,
                                                              oauth::UserId user_id,
                                                              std::optional<std::string> browser_cookie);

/// What came back to `/aip/{plugin_id}/oauth/callback`.
struct ConnectionCallback {
  storage::PluginId plugin_id;
  /// The query, each parameter once.
  Form query;
  std::optional<std::string> browser_cookie;
  /// Who is signed in at the browser, if anybody.
  std::optional<oauth::UserId> signed_in;
};

/// The refusal of begin_connection and make_connect_link, where it applies.
[[nodiscard]] Task<Outcome<void>> check_not_connected(const HostContext& host, const PluginDocuments& documents,
                                                      storage::PluginId plugin_id, oauth::UserId user_id);

struct FinishedConnection {
  storage::PluginId plugin_id;
  oauth::UserId user_id;
  std::string plugin_name;
};

/// Ends it: state taken (single use, at most ten minutes old), the same plugin, browser and user, the right issuer, the
/// code exchanged, the tokens sealed and kept. Nothing is stored where any of that fails.
[[nodiscard]] Task<Outcome<FinishedConnection>> finish_connection(const HostContext& host, ConnectionCallback callback);

/// `plugin connect`: a link `URL/plugins/{plugin_id}/connect?ticket=ctl_ct_…` that lets whoever opens it first, within
/// ten minutes, sign in to the plugin for this user. Refused as begin_connection is.
[[nodiscard]] Task<Outcome<std::string>> make_connect_link(const HostContext& host, storage::PluginId plugin_id,
                                                           oauth::UserId user_id);
/// Takes the ticket of such a link (single use) and gives its user.
[[nodiscard]] Task<Outcome<oauth::UserId>> redeem_connect_ticket(const HostContext& host, storage::PluginId plugin_id,
                                                                 std::string ticket);

}  // namespace chatelaine::host
