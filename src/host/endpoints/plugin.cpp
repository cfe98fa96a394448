#include <fmt/format.h>

#include "base/json.hpp"
#include "host/domain.hpp"
#include "host/endpoints/endpoints.hpp"
#include "host/install.hpp"
#include "host/plugins.hpp"
#include "host/remove.hpp"
#include "host/verify.hpp"

namespace chatelaine::host {
namespace {

/// What happened last, shown above the steps.
struct News {
  std::string notice;
  std::string problem;
  std::vector<Finding> faults;
  std::vector<Finding> warnings;
};

std::string make_snippet(const PageContext& context, const PluginSummary& plugin) {
  const json::object tokens{
      {"verification_tokens", json::object{{context.host.settings.name, plugin.verification_token}}}};
  const std::string text = pretty_json(tokens);
  // The member alone, as it stands inside `auth`.
  return text.substr(2, text.size() - 5);
}

void add_state(pages::Data& data, const PluginSummary& plugin) {
  const bool has_credentials = plugin.state != PluginState::needs_credentials;
  data.show("has_credentials", has_credentials).show("needs_credentials", !has_credentials);
  data.show("waits_for_credentials", !has_credentials)
      .show("needs_verification", plugin.state == PluginState::needs_verification)
      .show("is_verified", plugin.state == PluginState::usable);
  data.set("verified_at", plugin.verified_at ? format_instant(*plugin.verified_at) : std::string());
  data.set("verified_at_date", plugin.verified_at ? format_rfc3339(*plugin.verified_at) : std::string());
}

net::Response render_plugin(const PageContext& context, const accounts::SignedIn& person, const PluginSummary& plugin,
                            int status, const News& news) {
  pages::Data data = begin_data(context, person);
  const auto domain = parse_plugin_domain(plugin.domain, context.host.settings);
  data.set("domain", plugin.domain)
      .set("callback_url", plugin.callback_url.value())
      .set("client_id", plugin.client_id.value())
      .set("token", plugin.verification_token)
      .set("host_key", context.host.settings.name)
      .set("snippet", make_snippet(context, plugin))
      .set("manifest_url", domain ? domain->manifest_url.text : std::string())
      .set("credentials_action", plugin_path(plugin.plugin_id, "/credentials"))
      .set("verify_action", plugin_path(plugin.plugin_id, "/verify"))
      .set("remove_action", plugin_path(plugin.plugin_id, "/remove"));
  add_state(data, plugin);
  add_findings(data, news.faults, news.warnings);
  if (!news.notice.empty()) data.add("notice", one_text(news.notice));
  if (!news.problem.empty()) data.add("problem", one_text(news.problem));
  return context.renderer.render(status, "host_plugin", plugin.name, data);
}

/// The page again, after a form.
Task<net::Response> render_after(const PageContext& context, const accounts::SignedIn& person,
                                 storage::PluginId plugin_id, News news) {
  const auto plugin = co_await find_plugin(context.host, plugin_id);
  if (!plugin) co_return render_host_error(context, plugin.error());
  co_return render_plugin(context, person, *plugin, news.problem.empty() ? 200 : 422, news);
}

}  // namespace

Task<net::Response> show_plugin(const PageContext& context, const net::Request& request) {
  auto person = co_await admit(context, request, Audience::developers);
  if (!person) co_return std::move(person.error());
  const auto plugin = co_await find_plugin(context.host, plugin_id_of(request));
  if (!plugin) co_return render_host_error(context, plugin.error());
  co_return render_plugin(context, *person, *plugin, 200, {});
}

Task<net::Response> post_credentials(const PageContext& context, const net::Request& request) {
  auto own = co_await admit_form(context, request, Audience::developers);
  if (!own) co_return std::move(own.error());
  relying_party::ClientCredentials credentials{oauth::ClientId(std::string(own->form.get_or_empty("client_id"))),
                                               oauth::ClientSecret(own->form.get_or_empty("client_secret"))};
  const storage::PluginId plugin_id = plugin_id_of(request);
  const auto given = co_await give_credentials(context.host, plugin_id, std::move(credentials));
  if (given) co_return net::make_redirect(plugin_path(plugin_id));
  News news;
  news.problem = given.error().message;
  co_return co_await render_after(context, own->person, plugin_id, std::move(news));
}

Task<net::Response> post_verify(const PageContext& context, const net::Request& request) {
  auto own = co_await admit_form(context, request, Audience::developers);
  if (!own) co_return std::move(own.error());
  const storage::PluginId plugin_id = plugin_id_of(request);
  const auto verified = co_await verify_plugin(context.host, plugin_id);
  News news;
  if (verified) {
    news.notice = "Verified: the manifest carries the token.";
    news.warnings = verified->warnings;
  } else {
    news.problem = verified.error().message;
    news.faults = verified.error().findings;
    // The sentence says all there is to say of the token.
    std::erase_if(news.faults, [](const Finding& fault) { return fault.code.ends_with("_verification_token"); });
  }
  co_return co_await render_after(context, own->person, plugin_id, std::move(news));
}

Task<net::Response> post_remove(const PageContext& context, const net::Request& request) {
  auto own = co_await admit_form(context, request, Audience::developers);
  if (!own) co_return std::move(own.error());
  const auto removed = co_await remove_plugin(context.host, plugin_id_of(request));
  if (!removed) co_return render_host_error(context, removed.error());
  std::string notice =
      fmt::format("The plugin was removed, and with it {} connections; {} of them were revoked at its server.",
                  removed->connections, removed->revoked);
  co_return co_await render_home(context, own->person, std::move(notice));
}

}  // namespace chatelaine::host
