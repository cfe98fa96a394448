#include <fmt/format.h>

#include <istream>
#include <optional>
#include <ostream>

#include "app/cli/plugin_verbs.hpp"
#include "base/block_on.hpp"
#include "host/install.hpp"

namespace chatelaine::app {
namespace {

using relying_party::ClientCredentials;

/// What `--client-id` and `--client-secret-stdin` say; they come together.
std::optional<ClientCredentials> read_credentials(const Arguments& arguments, Console& console) {
  const auto id = arguments.find("--client-id");
  if (id.has_value() != arguments.has("--client-secret-stdin"))
    throw WrongUsage("--client-id and --client-secret-stdin come together");
  if (!id) return std::nullopt;
  if (id->empty()) throw WrongUsage("--client-id must not be empty");
  return ClientCredentials{oauth::ClientId(*id), oauth::ClientSecret(read_secret_line(console).reveal())};
}

std::optional<ClientCredentials> ask_for_credentials(Console& console) {
  console.err << "Client id: " << std::flush;
  std::string id;
  if (!std::getline(console.in, id) || id.empty()) return std::nullopt;
  return ClientCredentials{oauth::ClientId(id),
                           oauth::ClientSecret(ask_for_secret(console, "Client secret (not shown): ").reveal())};
}

void print_installed(const Arguments& arguments, Console& console, const host::InstalledPlugin& plugin,
                     std::string_view host_name) {
  print_warnings(console, plugin.warnings);
  if (wants_json(arguments)) {
    print_json(console, json::object{{"plugin_id", plugin.plugin_id.value()},
                                     {"callback_url", plugin.callback_url.value()},
                                     {"verification_token", plugin.verification_token},
                                     {"state", host::to_string(plugin.state)}});
    return;
  }
  console.out << fmt::format("plugin_id           {}\ncallback_url        {}\nverification_token  {}\n",
                             plugin.plugin_id.value(), plugin.callback_url.value(), plugin.verification_token);
  switch (plugin.state) {
    case host::PluginState::needs_credentials:
      console.out << fmt::format(
          "Register the callback URL at the provider, then run this again with --client-id and "
          "--client-secret-stdin.\n");
      break;
    case host::PluginState::needs_verification:
      console.out << fmt::format(
          "Put the token into the manifest as auth.verification_tokens.{}, then run: chatelaine plugin verify {}\n",
          host_name, plugin.plugin_id.value());
      break;
    case host::PluginState::usable:
      console.out << "It can be used.\n";
      break;
  }
}

}  // namespace

ExitCode install_plugin(const Arguments& arguments, Console& console) {
  const HostSession session(arguments);
  const host::HostContext& context = session.context();
  host::InstallRequest request{arguments.get("DOMAIN"), std::nullopt};
  const bool asks = console.is_terminal && !wants_json(arguments) && !arguments.has("--client-id") &&
                    !arguments.has("--client-secret-stdin");
  if (!asks) request.credentials = read_credentials(arguments, console);
  host::InstalledPlugin plugin = take_or_fail(block_on(host::install_plugin(context, std::move(request))));
  if (asks && plugin.state == host::PluginState::needs_credentials) {
    // The provider gives id and secret only once it knows where to send people back to.
    console.err << fmt::format("Register this callback URL at the provider:\n  {}\n", plugin.callback_url.value());
    if (auto credentials = ask_for_credentials(console))
      plugin = take_or_fail(block_on(host::give_credentials(context, plugin.plugin_id, std::move(*credentials))));
  }
  print_installed(arguments, console, plugin, context.settings.name);
  return ExitCode::done;
}

}  // namespace chatelaine::app
