#include <fmt/format.h>

#include <array>
#include <ostream>

#include "app/cli/command.hpp"
#include "app/cli/plugin_verbs.hpp"
#include "app/cli/table.hpp"
#include "app/log/escape.hpp"
#include "base/block_on.hpp"
#include "host/call.hpp"
#include "host/connect.hpp"
#include "host/disconnect.hpp"
#include "host/plugins.hpp"
#include "host/remove.hpp"
#include "host/verify.hpp"

namespace chatelaine::app {
namespace {

constexpr Argument kId{ArgumentKind::positional, "ID", "", "The plugin_id, as `plugin list` shows it"};
constexpr Argument kUser{ArgumentKind::required_value, "--user", "EMAIL", "For this user of the host"};

storage::PluginId plugin_of(const Arguments& arguments) { return storage::PluginId(arguments.get("ID")); }

oauth::UserId user_of(const Arguments& arguments, const host::HostContext& context) {
  return take_or_fail(block_on(host::find_user(context, arguments.get("--user")))).id;
}

ExitCode verify(const Arguments& arguments, Console& console) {
  const HostSession session(arguments);
  const auto plugin = take_or_fail(block_on(host::verify_plugin(session.context(), plugin_of(arguments))));
  print_warnings(console, plugin.warnings);
  if (wants_json(arguments))
    print_json(console, json::object{{"plugin_id", plugin.plugin_id.value()},
                                     {"name", plugin.name},
                                     {"verified", true},
                                     {"verified_at", format_rfc3339(plugin.verified_at)}});
  else
    console.out << fmt::format("Verified {}: users can sign in to it.\n", escape_controls(plugin.name));
  return ExitCode::done;
}

ExitCode list(const Arguments& arguments, Console& console) {
  const HostSession session(arguments);
  json::array rows;
  TextTable table({"PLUGIN_ID", "DOMAIN", "NAME", "STATE", "CLIENT_ID"});
  for (const host::PluginSummary& plugin : block_on(host::list_plugins(session.context()))) {
    const std::string_view state = host::to_string(plugin.state);
    json::object row{{"plugin_id", plugin.plugin_id.value()},
                     {"domain", plugin.domain},
                     {"name", plugin.name},
                     {"state", state},
                     {"client_id", plugin.client_id.value()},
                     {"callback_url", plugin.callback_url.value()},
                     {"verification_token", plugin.verification_token},
                     {"installed_at", format_rfc3339(plugin.installed_at)},
                     {"verified_at", nullptr}};
    if (plugin.verified_at) row["verified_at"] = format_rfc3339(*plugin.verified_at);
    rows.push_back(std::move(row));
    table.add({plugin.plugin_id.value(), plugin.domain, plugin.name, std::string(state), plugin.client_id.value()});
  }
  if (wants_json(arguments))
    print_json(console, rows);
  else
    table.print(console.out);
  return ExitCode::done;
}

ExitCode connect(const Arguments& arguments, Console& console) {
  const HostSession session(arguments);
  const auto user = user_of(arguments, session.context());
  const std::string link =
      take_or_fail(block_on(host::make_connect_link(session.context(), plugin_of(arguments), user)));
  if (wants_json(arguments))
    print_json(console, json::object{{"connect_url", link}});
  else
    console.out << fmt::format("Open this link to sign in to the plugin; it works once, for {}:\n{}\n",
                               format_duration(host::kConnectLifetime), link);
  return ExitCode::done;
}

std::vector<host::Argument> read_call_arguments(const Arguments& arguments) {
  std::vector<host::Argument> read;
  for (const std::string& text : arguments.all("KEY=VALUE")) {
    auto argument = host::parse_argument(text);
    if (!argument) throw WrongUsage(argument.error());
    read.push_back(std::move(*argument));
  }
  return read;
}

ExitCode call(const Arguments& arguments, Console& console) {
  auto values = read_call_arguments(arguments);
  const HostSession session(arguments);
  const auto user = user_of(arguments, session.context());
  const host::CallAnswer answer = take_or_fail(block_on(host::call_operation(
      session.context(), plugin_of(arguments), user, arguments.get("OPERATION"), std::move(values))));
  if (wants_json(arguments)) {
    print_json(console, host::to_json(answer));
  } else {
    console.err << fmt::format("{}\n", answer.status);
    console.out << (console.is_out_terminal ? escape_controls(answer.body) : answer.body) << '\n';
  }
  return answer.status < 400 ? ExitCode::done : ExitCode::failed;
}

ExitCode disconnect(const Arguments& arguments, Console& console) {
  const HostSession session(arguments);
  const auto user = user_of(arguments, session.context());
  const auto done = take_or_fail(block_on(host::disconnect_plugin(session.context(), plugin_of(arguments), user)));
  if (wants_json(arguments))
    print_json(console, json::object{{"revocation", host::to_string(done.revocation)}, {"message", done.message}});
  else
    console.out << escape_controls(done.message) << '\n';
  return ExitCode::done;
}

ExitCode remove(const Arguments& arguments, Console& console) {
  const HostSession session(arguments);
  const auto removed = take_or_fail(block_on(host::remove_plugin(session.context(), plugin_of(arguments))));
  if (wants_json(arguments))
    print_json(console, json::object{{"removed", arguments.get("ID")},
                                     {"connections", removed.connections},
                                     {"revoked", removed.revoked}});
  else
    console.out << fmt::format(
        "Removed {} with everybody's connections to it ({}, {} of them revoked at its server).\n", arguments.get("ID"),
        removed.connections, removed.revoked);
  return ExitCode::done;
}

const std::array kCommands = {
    Command{
        "check",
        "Judges a manifest: every fault named, with the place and what was expected.",
        "chatelaine plugin check ai-plugin.json",
        "faults and warnings; as JSON {\"ok\",\"faults\":[{\"path\",\"code\",\"message\",\"expected\"}],"
        "\"warnings\":[…]}. Faults exit 1, warnings alone 0.",
        {{ArgumentKind::positional, "FILE|DOMAIN", "", "A file, - for stdin, or a domain, whose OpenAPI is judged too"},
         {ArgumentKind::value, "--domain", "DOMAIN", "Where a file will be served: for its relative URLs"},
         {ArgumentKind::flag, "--allow-local", "", "Take URLs on loopback, as a host with allow_local does"}},
        check_plugin},
    Command{"install",
            "Installs the plugin of a domain and issues its verification token.",
            "chatelaine plugin install api.example.com --client-id ID --client-secret-stdin < secret.txt",
            "id, callback URL and verification token; as JSON {\"plugin_id\",\"callback_url\",\"verification_token\","
            "\"state\"}. Without --client-id it shows the callback URL and then asks, on a terminal; elsewhere the "
            "plugin waits for its credentials.",
            {{ArgumentKind::positional, "DOMAIN", "", "Where /.well-known/ai-plugin.json is"},
             {ArgumentKind::value, "--client-id", "ID", "What the provider knows this host by"},
             {ArgumentKind::flag, "--client-secret-stdin", "", "Read the secret from the first line of stdin"}},
            install_plugin},
    Command{"verify",
            "Fetches the manifest again and checks that it carries our verification token.",
            "chatelaine plugin verify plugin-0123456789abcdef0123456789abcdef",
            "a sentence; as JSON {\"plugin_id\",\"name\",\"verified\",\"verified_at\"}.",
            {kId},
            verify},
    Command{"list",
            "Lists the installed plugins.",
            "chatelaine plugin list",
            "a table; as JSON a list of {\"plugin_id\",\"domain\",\"name\",\"state\",\"client_id\",\"callback_url\","
            "\"verification_token\",\"installed_at\",\"verified_at\"}.",
            {},
            list},
    Command{"connect",
            "Makes a link with which a user signs in to a plugin.",
            "chatelaine plugin connect plugin-0123456789abcdef0123456789abcdef --user ada@example.com",
            "the link; as JSON {\"connect_url\"}.",
            {kId, kUser},
            connect},
    Command{
        "call",
        "Calls an operation of a plugin's API with the user's token.",
        "chatelaine plugin call plugin-0123456789abcdef0123456789abcdef createTodo title=Milk "
        "--user ada@example.com",
        "the answer's body, and its status on stderr; as JSON {\"status\",\"headers\",\"body\"}. A status of 400 or "
        "more exits 1.",
        {kId,
         {ArgumentKind::positional, "OPERATION", "", "Its operationId in the plugin's OpenAPI"},
         {ArgumentKind::positionals, "KEY=VALUE", "", "Its parameters and the members of its body"},
         kUser},
        call},
    Command{"disconnect",
            "Revokes a user's tokens at the provider and forgets them.",
            "chatelaine plugin disconnect plugin-0123456789abcdef0123456789abcdef --user ada@example.com",
            "a sentence; as JSON {\"revocation\",\"message\"}.",
            {kId, kUser},
            disconnect},
    Command{
        "remove",
        "Removes a plugin with everybody's connections to it, whose tokens are revoked as far as its server answers.",
        "chatelaine plugin remove plugin-0123456789abcdef0123456789abcdef",
        "a sentence; as JSON {\"removed\",\"connections\",\"revoked\"}.",
        {kId},
        remove},
};

}  // namespace

CommandGroup plugin_commands() {
  return {"plugin", "The host's plugins: the APIs that its users' assistants call.", kCommands};
}

}  // namespace chatelaine::app
