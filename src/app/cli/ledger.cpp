#include <fmt/format.h>

#include <array>
#include <charconv>
#include <map>
#include <ostream>

#include "app/cli/command.hpp"
#include "app/cli/session.hpp"
#include "app/cli/table.hpp"
#include "app/cli/user_account.hpp"
#include "base/block_on.hpp"
#include "base/id.hpp"

namespace chatelaine::app {
namespace {

Instant read_moment(Session& session, std::string_view option, std::string_view text) {
  const auto ago = parse_duration(text);
  if (!ago) throw WrongUsage(fmt::format("{} takes how long ago, such as \"12h\" or \"7d\", not \"{}\"", option, text));
  return session->clock.now() - *ago;
}

storage::LedgerFilter::Part read_part(const Arguments& arguments) {
  using Part = storage::LedgerFilter::Part;
  if (arguments.has("--calls") && arguments.has("--events"))
    throw WrongUsage("--calls and --events together are everything: leave both out");
  if (arguments.has("--calls")) return Part::calls;
  return arguments.has("--events") ? Part::events : Part::everything;
}

/// By e-mail address; an account that was removed, and whose entries are still there, by its id.
oauth::UserId read_user(Session& session, const std::string& text) {
  const auto user = block_on(session->storage->users().find_user_by_email(text));
  if (user) return user->id;
  const auto id = parse_id(text);
  if (!id)
    throw CommandFailed(fmt::format(
        "there is no user {}; where the account was removed give its \"user_id\", which `ledger export` shows", text));
  return {*id};
}

storage::LedgerFilter read_filter(const Arguments& arguments, Session& session) {
  storage::LedgerFilter filter;
  filter.part = read_part(arguments);
  if (const auto email = arguments.find("--user")) filter.user_id = read_user(session, *email);
  if (const auto id = arguments.find("--client")) filter.client_id = oauth::ClientId(*id);
  if (const auto text = arguments.find("--since")) filter.since = read_moment(session, "--since", *text);
  if (const auto text = arguments.find("--until")) filter.until = read_moment(session, "--until", *text);
  return filter;
}

/// The names behind the ids, as far as they are still there; each is looked up once.
class Names {
 public:
  explicit Names(Foundation& foundation) : foundation_(foundation) {}

  /// The id where the account is gone.
  std::string name_user(oauth::UserId id) {
    const std::string& email = find_email(id);
    return email.empty() ? format_id(id.value) : email;
  }
  /// Empty where the account is gone.
  const std::string& find_email(oauth::UserId id) {
    const auto [known, is_new] = emails_.try_emplace(id);
    if (!is_new) return known->second;
    const auto user = block_on(foundation_.storage->users().find_user(id));
    if (user) known->second = user->email;
    return known->second;
  }
  /// Empty where the client is gone.
  std::string find_client(const oauth::ClientId& id) {
    const auto client = block_on(foundation_.storage->clients().find_client(id));
    return client == nullptr ? std::string() : client->name;
  }

 private:
  Foundation& foundation_;
  std::map<oauth::UserId, std::string> emails_;
};

json::value text_or_null(const std::string& text) { return text.empty() ? json::value() : json::value(text); }

json::object to_json(const storage::LedgerEntry& entry, Names& names) {
  json::object object{{"id", entry.id.value}, {"at", format_rfc3339(entry.at)}, {"kind", to_string(entry.kind)}};
  if (entry.user_id) {
    object["user_id"] = format_id(entry.user_id->value);
    object["user"] = text_or_null(names.find_email(*entry.user_id));
  }
  if (entry.client_id) {
    object["client_id"] = entry.client_id->value();
    object["client_name"] = text_or_null(names.find_client(*entry.client_id));
  }
  if (entry.grant_id) object["grant_id"] = format_id(entry.grant_id->value);
  if (!entry.detail.empty()) object[entry.door ? "operation" : "detail"] = entry.detail;
  if (entry.door) object["door"] = to_string(*entry.door);
  if (entry.status) object["status"] = *entry.status;
  if (entry.took) object["took_ms"] = entry.took->count();
  if (entry.count) object["count"] = *entry.count;
  return object;
}

std::string describe(const storage::LedgerEntry& entry) {
  if (entry.count) return fmt::format("{}", *entry.count);
  if (!entry.status) return entry.detail;
  return fmt::format("{}: {}", entry.detail, *entry.status);
}

ExitCode list(const Arguments& arguments, Console& console) {
  Session session = open_side(arguments);
  storage::LedgerFilter filter = read_filter(arguments, session);
  filter.order = storage::LedgerFilter::Order::newest_first;
  filter.most = read_most(arguments.get("--most", "50"));
  Names names(*session);
  json::array rows;
  TextTable table({"WHEN", "WHAT", "USER", "CLIENT", "DETAIL"});
  for (const storage::LedgerEntry& entry : block_on(session->storage->ledger().list_entries(filter))) {
    rows.push_back(to_json(entry, names));
    table.add({format_instant(entry.at), std::string(to_string(entry.kind)),
               entry.user_id ? names.name_user(*entry.user_id) : "", entry.client_id ? entry.client_id->value() : "",
               describe(entry)});
  }
  if (wants_json(arguments))
    print_json(console, rows);
  else
    table.print(console.out);
  return ExitCode::done;
}

storage::LedgerEntryId read_entry_id(std::string_view text) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size())
    throw WrongUsage(fmt::format("--after takes an entry's \"id\" as it was exported, not \"{}\"", text));
  return {id};
}

ExitCode export_entries(const Arguments& arguments, Console& console) {
  Session session = open_side(arguments);
  storage::LedgerFilter filter = read_filter(arguments, session);
  if (const auto id = arguments.find("--after")) filter.after = read_entry_id(*id);
  Names names(*session);
  for (;;) {
    const auto entries = block_on(session->storage->ledger().list_entries(filter));
    for (const storage::LedgerEntry& entry : entries) print_json(console, to_json(entry, names));
    if (!console.out) throw CommandFailed("the output could not be written");
    if (entries.size() < filter.most) return ExitCode::done;
    filter.after = entries.back().id;
  }
}

constexpr Argument kUser{ArgumentKind::value, "--user", "USER",
                         "Of this user alone: the e-mail address, or the id of an account that was removed"};
constexpr Argument kClient{ArgumentKind::value, "--client", "ID", "Of this client alone"};
constexpr Argument kSince{ArgumentKind::value, "--since", "AGO", "Not older than this, such as 7d"};
constexpr Argument kUntil{ArgumentKind::value, "--until", "AGO", "Older than this, such as 12h"};
constexpr Argument kCalls{ArgumentKind::flag, "--calls", "", "Calls of the API alone"};
constexpr Argument kEvents{ArgumentKind::flag, "--events", "", "Security events alone"};
constexpr Argument kHost{ArgumentKind::flag, "--host", "", "The host's ledger, where the file has both sides"};

#define ENTRY_SHAPE                                                                                                 \
  "{\"id\",\"at\",\"kind\",\"user_id\",\"user\",\"client_id\",\"client_name\",\"grant_id\",\"operation\",\"door\":" \
  "\"gateway|mcp|check\",\"status\",\"took_ms\",\"detail\",\"count\"}, without what does not apply; \"user\" and "  \
  "\"client_name\" are null where they are gone"

const std::array kCommands = {
    Command{"list",
            "Shows what was done, newest first.",
            "chatelaine ledger list --user ada@example.com --since 7d",
            "a table; as JSON a list of " ENTRY_SHAPE ".",
            {kUser,
             kClient,
             kSince,
             kUntil,
             kCalls,
             kEvents,
             kHost,
             {ArgumentKind::value, "--most", "NUMBER", "So many entries; 50 without it"}},
            list},
    Command{"export",
            "Prints the ledger as JSON lines, oldest first.",
            "chatelaine ledger export --since 30d",
            "a line for each entry: " ENTRY_SHAPE ".",
            {kUser,
             kClient,
             kSince,
             kUntil,
             kCalls,
             kEvents,
             kHost,
             {ArgumentKind::value, "--after", "ID", "What came after this entry: where an export before ended"}},
            export_entries},
};

}  // namespace

CommandGroup ledger_commands() { return {"ledger", "What was done, by whom and when.", kCommands}; }

}  // namespace chatelaine::app
