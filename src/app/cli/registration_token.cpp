#include <fmt/format.h>

#include <array>
#include <charconv>
#include <ostream>

#include "app/cli/command.hpp"
#include "app/cli/session.hpp"
#include "app/cli/table.hpp"
#include "app/config/values.hpp"
#include "base/block_on.hpp"
#include "oauth/clients/initial_access_token.hpp"
#include "oauth/handle.hpp"

/// Initial access tokens (RFC 7591 §1.2): what an operator gives to those whose clients may register.
namespace chatelaine::app {
namespace {

std::uint32_t read_uses(std::string_view text) {
  std::uint32_t uses = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), uses);
  if (error != std::errc() || end != text.data() + text.size() || uses == 0)
    throw WrongUsage(fmt::format("--uses takes a number from 1 on, not \"{}\"", text));
  return uses;
}

milliseconds read_token_lifetime(std::string_view text) {
  const auto lifetime = read_lifetime(text);
  if (!lifetime) throw WrongUsage(fmt::format("--lifetime {}", lifetime.error()));
  return *lifetime;
}

std::string_view state_of(const oauth::InitialAccessToken& token, Instant now) {
  if (token.expires_at <= now) return "expired";
  return token.uses_left == 0 ? "used up" : "active";
}

json::object to_json(const oauth::InitialAccessToken& token, Instant now) {
  return {{"id", format_id(token.id.value)},
          {"name", token.name},
          {"state", state_of(token, now)},
          {"uses_left", token.uses_left},
          {"created_at", format_rfc3339(token.created_at)},
          {"expires_at", format_rfc3339(token.expires_at)}};
}

ExitCode add(const Arguments& arguments, Console& console) {
  oauth::InitialAccessToken token;
  token.name = arguments.get("NAME");
  if (token.name.empty()) throw WrongUsage("NAME must not be empty: the list shows the token by it");
  token.uses_left = read_uses(arguments.get("--uses", "1"));
  const milliseconds lifetime = read_token_lifetime(arguments.get("--lifetime", "7d"));
  Session session = open_provider(arguments);
  token.id = session->ids.next<oauth::InitialAccessTokenTag>();
  const oauth::Handle handle = oauth::make_handle(token.id.value, session->randomness);
  token.secret_hash = handle.hash();
  token.created_at = session->clock.now();
  token.expires_at = token.created_at + lifetime;
  block_on(session->storage->initial_access_tokens().add_initial_access_token(token));
  const std::string text = oauth::format_handle(oauth::prefix::kInitialAccessToken, handle);
  if (wants_json(arguments))
    print_json(console, json::object{{"id", format_id(token.id.value)}, {"initial_access_token", text}});
  else
    console.out << fmt::format("id                    {}\ninitial_access_token  {}\nIt is not shown again.\n",
                               format_id(token.id.value), text);
  return ExitCode::done;
}

ExitCode list(const Arguments& arguments, Console& console) {
  Session session = open_provider(arguments);
  const Instant now = session->clock.now();
  json::array rows;
  TextTable table({"ID", "NAME", "STATE", "USES_LEFT", "EXPIRES"});
  for (const auto& token : block_on(session->storage->initial_access_tokens().list_initial_access_tokens())) {
    rows.push_back(to_json(token, now));
    table.add({format_id(token.id.value), token.name, std::string(state_of(token, now)),
               std::to_string(token.uses_left), format_instant(token.expires_at)});
  }
  if (wants_json(arguments))
    print_json(console, rows);
  else
    table.print(console.out);
  return ExitCode::done;
}

ExitCode remove(const Arguments& arguments, Console& console) {
  const std::string text = arguments.get("ID");
  const auto value = parse_id(text);
  if (!value) throw WrongUsage(fmt::format("\"{}\" is not a token's id; `registration-token list` shows them", text));
  Session session = open_provider(arguments);
  const oauth::InitialAccessTokenId id{*value};
  if (!block_on(session->storage->initial_access_tokens().remove_initial_access_token(id, session->clock.now())))
    throw CommandFailed(fmt::format("there is no registration token {}", text));
  if (wants_json(arguments))
    print_json(console, json::object{{"removed", text}});
  else
    console.out << fmt::format("Removed {}: nobody registers with it any more. What has registered stays.\n", text);
  return ExitCode::done;
}

const std::array kCommands = {
    Command{"add",
            "Makes an initial access token (RFC 7591): whoever has it can register clients, also where `[registration] "
            "mode` is \"token\", and ones with `client_credentials`.",
            "chatelaine registration-token add \"Partner Ltd\" --uses 5 --lifetime 30d",
            "the token, once; as JSON {\"id\",\"initial_access_token\"}.",
            {{ArgumentKind::positional, "NAME", "", "Whom it is for"},
             {ArgumentKind::value, "--uses", "N", "How many clients may register with it; without it one"},
             {ArgumentKind::value, "--lifetime", "DURATION", "How long it works; without it 7d"}},
            add},
    Command{"list",
            "Lists the registration tokens, oldest first, until they expire.",
            "chatelaine registration-token list",
            "a table; as JSON a list of {\"id\",\"name\",\"state\",\"uses_left\",\"created_at\",\"expires_at\"}.",
            {},
            list},
    Command{"remove",
            "Ends a registration token. Clients that have registered with it stay.",
            "chatelaine registration-token remove AZJz0fVAAAE",
            "a sentence; as JSON {\"removed\"}.",
            {{ArgumentKind::positional, "ID", "", "As `registration-token list` shows it"}},
            remove},
};

}  // namespace

CommandGroup registration_token_commands() {
  return {"registration-token", "What lets others register clients themselves.", kCommands};
}

}  // namespace chatelaine::app
