#include <algorithm>
#include <map>

#include "host/connection_state.hpp"
#include "host/endpoints/endpoints.hpp"
#include "host/plugins.hpp"

namespace chatelaine::host {
namespace {

using Connections = std::map<storage::PluginId, storage::Connection>;

Task<Connections> find_connections(const PageContext& context, oauth::UserId user_id) {
  auto list = co_await context.host.storage.connections().list_connections(user_id);
  Connections out;
  for (storage::Connection& connection : list) out.emplace(connection.plugin_id, std::move(connection));
  co_return out;
}

/// The first character, whole, for a mark in place of a logo (nothing is loaded from another origin).
std::string initial_of(std::string_view name) {
  std::size_t length = name.empty() ? 0 : 1;
  while (length < name.size() && (static_cast<unsigned char>(name[length]) & 0xc0) == 0x80) ++length;
  return std::string(name.substr(0, length));
}

/// Browsers apply form-action to every hop that a button's answer leads to, not to the first alone: providers send
/// people on from their authorization endpoint, often to a sign-in on another host that no manifest names. So any https
/// origin may follow; over http, on loopback, the plugins' own.
std::vector<std::string> list_form_targets(const std::vector<PluginSummary>& plugins) {
  std::vector<std::string> targets;
  const auto add = [&](std::string target) {
    if (std::ranges::find(targets, target) == targets.end()) targets.push_back(std::move(target));
  };
  for (const PluginSummary& plugin : plugins) {
    if (plugin.state != PluginState::usable) continue;
    add(plugin.sign_in_origin.starts_with("http://") ? plugin.sign_in_origin : "https:");
  }
  return targets;
}

pages::Data describe(const PageContext& context, const PluginSummary& plugin, const storage::Connection* connection,
                     bool may_manage) {
  pages::Data data;
  data.set("title_id", "title-" + plugin.plugin_id.value())
      .set("initial", initial_of(plugin.name))
      .set("name", plugin.name)
      .set("domain", plugin.domain)
      .set("description", plugin.description);
  pages::Data connect;
  connect.set("action", plugin_path(plugin.plugin_id, "/connect"));
  if (plugin.state != PluginState::usable || plugin.documents == nullptr) {
    data.show("unverified", true);
  } else if (connection == nullptr) {
    data.add("sign_in", std::move(connect));
  } else if (!is_in_order(context.host, *connection, *plugin.documents)) {
    data.add("sign_in_again", std::move(connect));
  } else {
    pages::Data connected;
    connected.set("open_url", plugin_path(plugin.plugin_id, "/use"))
        .set("since", format_instant(connection->connected_at))
        .set("since_date", format_rfc3339(connection->connected_at));
    data.add("connected", std::move(connected));
  }
  // Whatever has become of the plugin or of the connection: who is connected can leave.
  if (connection != nullptr) {
    data.add("disconnect", pages::Data().set("action", plugin_path(plugin.plugin_id, "/disconnect")));
  }
  if (may_manage) data.add("manage", pages::Data().set("manage_url", plugin_path(plugin.plugin_id)));
  return data;
}

}  // namespace

Task<net::Response> show_home(const PageContext& context, const net::Request& request) {
  auto person = co_await admit(context, request, Audience::everybody);
  if (!person) co_return std::move(person.error());
  co_return co_await render_home(context, *person, std::string());
}

Task<net::Response> render_home(const PageContext& context, const accounts::SignedIn& person, std::string notice) {
  const std::vector<PluginSummary> plugins = co_await list_plugins(context.host);
  const Connections connections = co_await find_connections(context, person.user.id);
  const bool may_manage = is_developer(person.user);

  pages::Data data = begin_data(context, person);
  if (!notice.empty()) data.add("notice", one_text(std::move(notice)));
  data.show("empty", plugins.empty());
  for (const PluginSummary& plugin : plugins) {
    const auto found = connections.find(plugin.plugin_id);
    const storage::Connection* connection = found == connections.end() ? nullptr : &found->second;
    data.add("plugins", describe(context, plugin, connection, may_manage));
  }
  if (may_manage) data.add("install", pages::Data().set("install_url", "/plugins/install"));
  const pages::PagePolicy policy{.form_targets = list_form_targets(plugins)};
  co_return context.renderer.render(200, "host_home", "Plugins", data, policy);
}

}  // namespace chatelaine::host
