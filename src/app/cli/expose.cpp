#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <ostream>

#include "app/cli/command.hpp"
#include "app/cli/configuration_file.hpp"
#include "app/cli/gpt_action.hpp"
#include "app/cli/kept_calls.hpp"
#include "app/cli/session.hpp"
#include "app/cli/table.hpp"
#include "app/config/edit.hpp"
#include "app/config/read.hpp"
#include "app/config/render.hpp"
#include "app/wiring/api_changes.hpp"
#include "app/wiring/api_description.hpp"
#include "app/wiring/provider_server.hpp"
#include "app/wiring/provider_settings.hpp"
#include "openapi/exposure.hpp"

namespace chatelaine::app {
namespace {

/// The configuration's file as it is being changed, and what the change consists of.
struct Exposure {
  std::filesystem::path file;
  std::string before;  ///< empty: there is none yet
  std::string text;
  openapi::Description description;
  std::vector<std::string> new_scopes;
  /// A scope and an operation that it opens from now on, or that the description has no more.
  std::vector<std::pair<std::string, std::string>> added;
  std::vector<std::pair<std::string, std::string>> removed;
  /// Of `[api] closed`, those that the description has no more.
  std::vector<std::string> no_longer_closed;
  /// `[api] upstream` is not set, and no proxy asks: calls end here.
  bool has_no_api = false;
  /// Sentences: what keeps a server from starting with that description.
  std::vector<std::string> conflicts;
  /// What tokens may call more than when this was last written, and is in none of the lists above.
  ApiChanges changes;
  bool knows_before = true;
  /// Operations that models cannot call, with the reasons.
  std::vector<openapi::Fault> no_tools;
};

Configuration parse_text(const Exposure& exposure) {
  Configuration configuration = take_configuration(parse_configuration(exposure.text, exposure.file));
  if (!configuration.provider)
    throw WrongUsage(fmt::format("{} has no issuer: an API is exposed by the provider", exposure.file.string()));
  return configuration;
}

void take_edit(Exposure& exposure, Edited edited) {
  if (!edited) throw CommandFailed(fmt::format("{} {}", exposure.file.string(), edited.error()));
  exposure.text = std::move(*edited);
}

void begin_new_file(Exposure& exposure, const Arguments& arguments, const std::string& openapi) {
  StarterValues values;
  values.issuer = arguments.get("--issuer", "http://127.0.0.1:8080");
  values.listen = choose_listen(arguments, values.issuer);
  values.upstream = arguments.get("--upstream");
  values.openapi = openapi;
  // A title that no line can hold is none.
  const std::string& title = exposure.description.title;
  if (std::ranges::none_of(title, [](unsigned char c) { return c < 0x20 || c == 0x7f; })) values.name = title;
  exposure.text = render_starter_file(values);
  static_cast<void>(check_text(exposure.text, exposure.file));
}

/// Where the file has an `[api] openapi` already that is this one, its spelling stays.
void change_file(Exposure& exposure, const Arguments& arguments, const std::string& openapi) {
  for (const std::string_view option : {"--issuer", "--listen"})
    if (arguments.has(option))
      throw WrongUsage(fmt::format("{} is for a new configuration; {} is there already: change it in the file", option,
                                   exposure.file.string()));
  exposure.text = exposure.before = read_text(exposure.file);
  const Configuration configuration = parse_text(exposure);
  if (configuration.provider->api.openapi != openapi)
    take_edit(exposure, set_api_key(exposure.text, "openapi", openapi));
  if (const auto upstream = arguments.find("--upstream"))
    take_edit(exposure, set_api_key(exposure.text, "upstream", *upstream));
  static_cast<void>(parse_text(exposure));
}

/// What a scope of the file opens is what it opened, without what the description has no more, and with what is new.
void merge_scope(Exposure& exposure, const openapi::ScopeOpening& before,
                 const std::vector<openapi::ScopeOpening>& proposed) {
  std::vector<std::string> operations;
  const std::vector<std::string> named = before.operations.value_or(std::vector<std::string>());
  for (const std::string& name : named) {
    if (openapi::find_named_operation(exposure.description, name) != nullptr)
      operations.push_back(name);
    else
      exposure.removed.emplace_back(before.name, name);
  }
  const auto found = std::ranges::find(proposed, before.name, &openapi::ScopeOpening::name);
  if (found != proposed.end()) {
    for (const std::string& name : *found->operations) exposure.added.emplace_back(before.name, name);
    std::ranges::copy(*found->operations, std::back_inserter(operations));
  }
  // A scope of the file's own word gets an empty list: what the file gains later must not stand open.
  const bool is_new_list = found != proposed.end() && !before.operations;
  if (is_new_list || operations != named)
    take_edit(exposure, set_scope_operations(exposure.text, before.name, operations));
}

std::vector<std::string> merge_closed(Exposure& exposure, const std::vector<std::string>& before) {
  std::vector<std::string> closed;
  for (const std::string& name : before) {
    const bool is_there = openapi::find_named_operation(exposure.description, name) != nullptr;
    (is_there ? closed : exposure.no_longer_closed).push_back(name);
  }
  if (closed != before) take_edit(exposure, set_api_list(exposure.text, "closed", closed));
  return closed;
}

void write_scopes(Exposure& exposure) {
  const ProviderConfiguration configuration = *parse_text(exposure).provider;
  auto base_path = find_base_path(exposure.description, configuration.api);
  if (!base_path) throw WrongUsage(base_path.error());
  exposure.description.base_path = *std::move(base_path);
  const auto closed = merge_closed(exposure, configuration.api.closed);
  const auto before = list_openings(configuration);
  const auto proposed = openapi::propose_scopes(exposure.description, before, closed);
  for (const openapi::ScopeOpening& opening : before) merge_scope(exposure, opening, proposed);
  for (const openapi::ScopeOpening& scope : proposed) {
    if (std::ranges::find(before, scope.name, &openapi::ScopeOpening::name) != before.end()) continue;
    take_edit(exposure, add_scope(exposure.text, {scope.name, scope.description, scope.operations}));
    exposure.new_scopes.push_back(scope.name);
    for (const std::string& name : *scope.operations) exposure.added.emplace_back(scope.name, name);
  }
}

/// What is added by a scope's list of operations is told there.
bool is_told(const Exposure& exposure, const openapi::Description& description, const std::string& call) {
  return std::ranges::any_of(exposure.added, [&](const auto& added) {
    return openapi::find_named_operation(description, added.second) == openapi::find_named_operation(description, call);
  });
}

/// Holds the calls that are open now against those that were kept; gives the text that is to be kept.
std::string compare_with_kept(Exposure& exposure, const Configuration& configuration, const ApiDescription& api) {
  const auto calls = list_open_calls(api.description, make_gateway_settings(configuration, api).confirmation);
  const auto kept = read_kept_calls(exposure.file);
  exposure.knows_before = exposure.before.empty() || kept;
  if (kept) {
    exposure.changes = compare_open_calls(*kept, calls);
    std::erase_if(exposure.changes.widened,
                  [&](const WidenedCall& widened) { return is_told(exposure, api.description, widened.call); });
  }
  return write_open_calls(calls);
}

/// What the server would say of it.
void look_ahead(Exposure& exposure, const Configuration& configuration, const ApiDescription& api) {
  exposure.conflicts = find_path_conflicts(api.description, list_own_paths(configuration));
  if (!configuration.provider->mcp.enabled) return;
  for (openapi::Fault& fault : make_api_tools(api).left_out) {
    const openapi::Operation* operation = api.description.find_operation(fault.path);
    const bool is_closed = operation != nullptr && operation->demand == openapi::Demand::closed;
    if (!is_closed) exposure.no_tools.push_back(std::move(fault));
  }
}

std::string_view to_string(openapi::Effect effect) {
  switch (effect) {
    case openapi::Effect::read:
      return "read";
    case openapi::Effect::change:
      return "change";
    case openapi::Effect::remove:
      return "remove";
  }
  return "";
}

json::array list_changes(const std::vector<std::pair<std::string, std::string>>& changes) {
  json::array list;
  for (const auto& [scope, operation] : changes)
    list.push_back(json::object{{"scope", scope}, {"operation", operation}});
  return list;
}

json::array list_widened(const std::vector<WidenedCall>& widened) {
  const auto list_scope = [](const oauth::Scope& scope) {
    return json::array(scope.tokens().begin(), scope.tokens().end());
  };
  json::array list;
  for (const WidenedCall& call : widened)
    list.push_back(json::object{{"call", call.call},
                                {"scopes", list_scope(call.scope)},
                                {"before", call.before ? json::value(list_scope(*call.before)) : json::value()}});
  return list;
}

json::array list_texts(const std::vector<std::string>& texts) { return json::array(texts.begin(), texts.end()); }

json::object to_json(const Exposure& exposure, const ProviderConfiguration& configuration) {
  json::array scopes;
  for (const ScopeConfiguration& scope : configuration.scopes) {
    const bool is_new = std::ranges::find(exposure.new_scopes, scope.name) != exposure.new_scopes.end();
    scopes.push_back(json::object{{"name", scope.name}, {"description", scope.description}, {"new", is_new}});
  }
  json::array operations;
  for (const openapi::Operation& operation : exposure.description.operations)
    operations.push_back(json::object{{"id", operation.id},
                                      {"method", operation.method},
                                      {"path", exposure.description.base_path + operation.path},
                                      {"summary", openapi::describe_operation(operation)},
                                      {"effect", to_string(openapi::weigh_effect(operation))},
                                      {"closed", operation.demand == openapi::Demand::closed},
                                      {"scopes", json::array(operation.scopes.begin(), operation.scopes.end())}});
  json::array no_tools;
  for (const openapi::Fault& fault : exposure.no_tools)
    no_tools.push_back(json::object{{"operation", fault.path}, {"why", fault.message}});
  return {
      {"config", exposure.file.string()},
      {"changed", exposure.text != exposure.before},
      {"scopes", std::move(scopes)},
      {"operations", std::move(operations)},
      {"added", list_changes(exposure.added)},
      {"removed", list_changes(exposure.removed)},
      {"widened", exposure.knows_before ? list_widened(exposure.changes.widened) : json::value()},
      {"no_longer_confirmed", exposure.knows_before ? list_texts(exposure.changes.no_longer_confirmed) : json::value()},
      {"no_longer_closed", list_texts(exposure.no_longer_closed)},
      {"conflicts", list_texts(exposure.conflicts)},
      {"has_no_api", exposure.has_no_api},
      {"no_tools", std::move(no_tools)}};
}

std::string join_scopes(const openapi::Operation& operation) {
  if (operation.demand == openapi::Demand::closed) return "closed";
  std::string joined;
  for (const std::string& scope : operation.scopes) joined += fmt::format("{}{}", joined.empty() ? "" : " ", scope);
  return joined.empty() ? "none: any token" : joined;
}

/// As a diff reads: what the scopes open now, and no more; and what else a token may do now.
void print_changes(const Exposure& exposure, std::ostream& out) {
  const auto name_scope = [](const oauth::Scope& scope) {
    return scope.empty() ? std::string("any token") : scope.to_string();
  };
  for (const auto& [scope, operation] : exposure.added) out << fmt::format("+ {}: {}\n", scope, operation);
  for (const WidenedCall& widened : exposure.changes.widened)
    out << fmt::format("+ {}: {} ({}{})\n", name_scope(widened.scope), widened.call,
                       widened.before ? "before: " + name_scope(*widened.before) : "new",
                       widened.scope.empty() ? "; nobody is asked" : "");
  for (const auto& [scope, operation] : exposure.removed) out << fmt::format("- {}: {}\n", scope, operation);
  for (const std::string& operation : exposure.no_longer_closed) out << fmt::format("- [api] closed: {}\n", operation);
  for (const std::string& call : exposure.changes.no_longer_confirmed)
    out << fmt::format("- confirmed by its user: {}\n", call);
  if (!exposure.knows_before)
    out << fmt::format("What the description opened before is not known; it is kept from now on, in {}.\n",
                       kept_calls_file(exposure.file).string());
}

void print_text(const Exposure& exposure, const Arguments& arguments, Console& console) {
  TextTable table({"needs", "call", "what it does"});
  for (const openapi::Operation& operation : exposure.description.operations)
    table.add({join_scopes(operation), operation.method + " " + exposure.description.base_path + operation.path,
               openapi::describe_operation(operation)});
  table.print(console.out);
  print_changes(exposure, console.out);
  for (const openapi::Fault& fault : exposure.no_tools)
    console.out << fmt::format("No tool: {}: {}\n", fault.path, fault.message);
  for (const std::string& conflict : exposure.conflicts)
    console.out << fmt::format("The server will not start: {}\n", conflict);
  if (arguments.has("--dry-run")) {
    console.out << fmt::format("Nothing was written to {}.\n", exposure.file.string());
  } else if (exposure.text == exposure.before) {
    console.out << fmt::format("{} says so already.\n", exposure.file.string());
  } else if (exposure.before.empty()) {
    console.out << fmt::format(
        "Written to {}. Edit the scopes' names and sentences there, add the people who may sign in with `chatelaine "
        "user add`, and start the server with `chatelaine serve`.\n",
        exposure.file.string());
  } else {
    console.out << fmt::format("Written to {}. A running server reads it after `kill -HUP`.\n", exposure.file.string());
  }
  if (exposure.has_no_api)
    console.out << "No API stands behind this server yet, and it answers every call with 404: run this again with "
                   "--upstream URL, the address of the API, or set [api] upstream. A running server is started anew "
                   "for that.\n";
}

void check_action_options(const Arguments& arguments) {
  if (arguments.has("--redirect-id") && !arguments.has("--gpt-action"))
    throw WrongUsage("--redirect-id goes with --gpt-action");
  if (arguments.has("--dry-run") && arguments.has("--gpt-action"))
    throw WrongUsage("--gpt-action makes a client, and --dry-run makes nothing: leave one of them out");
}

/// Before anything is written: a wrong redirect id is to change nothing.
std::optional<oauth::Client> make_wanted_action(const Arguments& arguments, const Configuration& configuration) {
  if (!arguments.has("--gpt-action")) return std::nullopt;
  return make_gpt_action_client(
      configuration, arguments.has("--redirect-id") ? arguments.all("--redirect-id") : std::vector<std::string>());
}

std::optional<ActionSettings> register_wanted_action(const std::optional<oauth::Client>& client,
                                                     const Configuration& configuration) {
  if (!client) return std::nullopt;
  Session session(configuration, Side::provider);
  return register_gpt_action(session, *client);
}

void write_configuration(const Exposure& exposure) {
  if (exposure.text == exposure.before) return;
  if (exposure.before.empty())
    write_new_file(exposure.file, exposure.text);
  else
    replace_file(exposure.file, exposure.text);
}

ExitCode expose(const Arguments& arguments, Console& console) {
  check_action_options(arguments);
  const std::string openapi = std::filesystem::absolute(arguments.get("OPENAPI")).lexically_normal().string();
  auto api = read_api_description(openapi);
  if (!api) throw WrongUsage(api.error());
  Exposure exposure;
  exposure.file =
      std::filesystem::absolute(find_configuration_file(arguments.find("--config")).value_or("chatelaine.toml"));
  exposure.description = std::move(api->description);
  if (std::filesystem::exists(exposure.file))
    change_file(exposure, arguments, openapi);
  else
    begin_new_file(exposure, arguments, openapi);
  write_scopes(exposure);
  const Configuration configuration = parse_text(exposure);
  // As the server will read it.
  auto exposed = read_exposed_api(*configuration.provider);
  if (!exposed) throw WrongUsage(exposed.error());
  look_ahead(exposure, configuration, *exposed);
  exposure.has_no_api = has_no_api(configuration.provider->api);
  const std::string open_calls = compare_with_kept(exposure, configuration, *exposed);
  exposure.description = std::move(exposed->description);
  const auto action_client = make_wanted_action(arguments, configuration);
  if (!arguments.has("--dry-run")) write_configuration(exposure);
  const auto action = register_wanted_action(action_client, configuration);
  if (wants_json(arguments)) {
    json::object answer = to_json(exposure, *configuration.provider);
    if (action) answer["gpt_action"] = to_json(*action);
    print_json(console, answer);
  } else {
    print_text(exposure, arguments, console);
    if (action) print_text(*action, console);
  }
  // Last: what nobody was told is told by the next run.
  console.out.flush();
  if (console.out && !arguments.has("--dry-run")) keep_open_calls(exposure.file, open_calls);
  return ExitCode::done;
}

const std::array kCommands = {
    Command{"expose",
            "Puts an API behind the gateway: reads its OpenAPI description, proposes scopes for the operations that "
            "ask for none, and writes them into chatelaine.toml, which is made where there is none. Run again after "
            "the description has changed: it shows what tokens may do more than before, which it keeps beside the "
            "configuration in chatelaine.exposed.json. What nobody shall call belongs into [api] closed.",
            "chatelaine expose openapi.yaml --upstream http://127.0.0.1:3000",
            "each operation with the scopes that it needs, what changed (+ and -), what cannot be a tool of the MCP "
            "server, and which paths stand in the way of the server's own; as JSON "
            "{\"config\",\"changed\",\"scopes\":[{\"name\",\"description\",\"new\"}],\"operations\":[{\"id\","
            "\"method\",\"path\",\"summary\",\"effect\":\"read|change|remove\",\"closed\",\"scopes\"}],"
            "\"added\":[{\"scope\",\"operation\"}],\"removed\":[…],\"widened\":[{\"call\",\"scopes\",\"before\"}],"
            "\"no_longer_confirmed\":[…],\"no_longer_closed\":[…],"
            "\"conflicts\":[…],\"has_no_api\",\"no_tools\":[{\"operation\",\"why\"}]}, \"widened\" and "
            "\"no_longer_confirmed\" null "
            "where nothing is kept to compare with; with --gpt-action also "
            "{\"gpt_action\":{\"client_id\",\"client_secret\",\"authorization_url\",\"token_url\",\"scope\","
            "\"token_exchange_method\",\"schema_url\",\"privacy_policy_url\",\"callback_urls\",\"advice\"}}.",
            {{ArgumentKind::positional, "OPENAPI", "", "The description: OpenAPI 3.0 or 3.1, YAML or JSON"},
             {ArgumentKind::value, "--upstream", "URL", "Where the API runs"},
             {ArgumentKind::value, "--issuer", "URL",
              "For a new configuration: the server's public URL; http://127.0.0.1:8080 without it"},
             {ArgumentKind::value, "--listen", "ADDRESS",
              "For a new configuration: where the server listens; a loopback issuer's own port without it"},
             {ArgumentKind::flag, "--gpt-action", "",
              "Also registers a client for an action of a custom GPT, and prints what its author types into the form: "
              "id, secret, URLs, scopes, and the callback URL on both of its hosts"},
             {ArgumentKind::values, "--redirect-id", "ID",
              "With --gpt-action: the id in the callback URL that the GPT's editor shows, g- left out; may stand "
              "several times"},
             {ArgumentKind::flag, "--dry-run", "", "Shows what would be written, and writes nothing"}},
            expose},
};

}  // namespace

CommandGroup expose_commands() {
  return {"expose", "Puts an API behind the gateway, with a scope for each operation.", kCommands};
}

}  // namespace chatelaine::app
