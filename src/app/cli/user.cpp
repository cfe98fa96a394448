#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <ostream>
#include <vector>

#include "accounts/accounts.hpp"
#include "app/cli/command.hpp"
#include "app/cli/session.hpp"
#include "app/cli/table.hpp"
#include "app/cli/user_account.hpp"
#include "base/block_on.hpp"

namespace chatelaine::app {
namespace {

constexpr Argument kEmail{ArgumentKind::positional, "EMAIL", "", "Whose account"};
constexpr Argument kHost{ArgumentKind::flag, "--host", "",
                         "The host's accounts, where the configuration has both sides"};
constexpr Argument kPasswordStdin{ArgumentKind::flag, "--password-stdin", "",
                                  "Read the password from the first line of stdin"};

storage::Role read_role(std::string_view argument, std::string_view text) {
  const auto role = storage::parse_role(text);
  if (!role) throw WrongUsage(fmt::format("{} takes user, developer or administrator, not \"{}\"", argument, text));
  return *role;
}

std::string make_link(Session& session, const storage::User& user, milliseconds lifetime) {
  return block_on(accounts::make_one_time_link(*session->storage, user.id,
                                               page_base_url(session.configuration(), session.side()), lifetime,
                                               session->clock, session->randomness, session->ids));
}

/// Says on stderr that a password is of no use where `[accounts] passwords = false` and the account is no
/// administrator's.
void warn_of_password(const Session& session, Console& console, const storage::User& user) {
  if (session.side() != Side::provider || session.configuration().provider.value().passwords) return;
  if (user.role == storage::Role::administrator) return;
  console.err << fmt::format(
      "Note: [accounts] passwords = false lets administrators alone sign in with a password; {} signs in at a "
      "[[user_source]].\n",
      user.email);
}

ExitCode add(const Arguments& arguments, Console& console) {
  const bool invites = arguments.has("--invite");
  if (invites == arguments.has("--password-stdin"))
    throw WrongUsage("give the account a password with --password-stdin, or a link to choose one with --invite");
  const storage::Role role = read_role("--role", arguments.get("--role", "user"));
  Session session = open_side(arguments);
  storage::User user =
      make_account(*session, arguments.get("EMAIL"), arguments.get("--name"), arguments.get("--subject"), role);
  if (!invites) user.password_hash = hash_chosen_password(crypto::Password(read_secret_line(console).reveal()));
  add_account(*session, user);
  warn_of_password(session, console, user);
  json::object answer{{"user", to_json(user)}};
  if (invites) answer["invitation_url"] = make_link(session, user, accounts::kInvitationLifetime);
  if (wants_json(arguments)) {
    print_json(console, answer);
    return ExitCode::done;
  }
  console.out << fmt::format("Added {}.\n", user.email);
  if (invites)
    console.out << fmt::format("Send this link; it works once, for {}:\n{}\n",
                               format_duration(accounts::kInvitationLifetime),
                               std::string_view(answer["invitation_url"].as_string()));
  return ExitCode::done;
}

/// Who signs in at user sources, by account.
using Identities = std::map<oauth::UserId, std::vector<storage::FederatedIdentity>>;

ExitCode list(const Arguments& arguments, Console& console) {
  Session session = open_side(arguments);
  const auto users = block_on(session->storage->users().list_users());
  Identities identities;
  for (auto& identity : block_on(session->storage->federated_identities().list_federated_identities(std::nullopt)))
    identities[identity.user_id].push_back(std::move(identity));
  if (wants_json(arguments)) {
    json::array rows;
    for (const auto& user : users) rows.push_back(to_json(user, identities[user.id]));
    print_json(console, rows);
    return ExitCode::done;
  }
  TextTable table({"EMAIL", "NAME", "SUBJECT", "ROLE", "STATE", "CREATED"});
  for (const auto& user : users) {
    const bool has_way_in = user.password_hash || identities.contains(user.id);
    const std::string_view state = !user.enabled ? "disabled" : has_way_in ? "enabled" : "invited";
    table.add({user.email, user.name, user.subject.value(), std::string(storage::to_string(user.role)),
               std::string(state), format_instant(user.created_at)});
  }
  table.print(console.out);
  return ExitCode::done;
}

ExitCode show(const Arguments& arguments, Console& console) {
  Session session = open_side(arguments);
  const storage::User user = find_account(*session, arguments.get("EMAIL"));
  const auto identities = block_on(session->storage->federated_identities().list_federated_identities(user.id));
  if (wants_json(arguments)) {
    print_json(console, to_json(user, identities));
    return ExitCode::done;
  }
  TextTable table({"user", user.email});
  table.add({"id", format_id(user.id.value)});
  table.add({"name", user.name});
  table.add({"subject", user.subject.value()});
  table.add({"role", std::string(storage::to_string(user.role))});
  table.add({"enabled", user.enabled ? "yes" : "no"});
  table.add({"password", user.password_hash ? "chosen" : identities.empty() ? "not yet chosen" : "none"});
  for (const auto& identity : identities)
    table.add({"signs in at", fmt::format("{} as {} of {}", identity.who.source, identity.who.subject.value(),
                                          identity.who.issuer.value())});
  table.add({"created", format_instant(user.created_at)});
  table.print(console.out);
  return ExitCode::done;
}

/// Says that an account has changed: as JSON the account as it is now.
void print_changed(const Arguments& arguments, Console& console, const storage::User& user, std::string_view what) {
  if (wants_json(arguments))
    print_json(console, json::object{{"user", to_json(user)}});
  else
    console.out << fmt::format("{} {}.\n", what, user.email);
}

enum class Access { disabled, enabled };
ExitCode set_access(const Arguments& arguments, Console& console, Access access) {
  Session session = open_side(arguments);
  storage::User user = find_account(*session, arguments.get("EMAIL"));
  user.enabled = access == Access::enabled;
  if (!block_on(session->storage->users().set_enabled(user.id, user.enabled, session->clock.now())))
    throw CommandFailed(fmt::format("there is no user {}", user.email));
  print_changed(arguments, console, user, user.enabled ? "Enabled" : "Disabled");
  return ExitCode::done;
}
ExitCode disable(const Arguments& arguments, Console& console) {
  return set_access(arguments, console, Access::disabled);
}
ExitCode enable(const Arguments& arguments, Console& console) {
  return set_access(arguments, console, Access::enabled);
}

ExitCode set_password(const Arguments& arguments, Console& console) {
  if (!arguments.has("--password-stdin")) throw WrongUsage("give the password with --password-stdin");
  Session session = open_side(arguments);
  storage::User user = find_account(*session, arguments.get("EMAIL"));
  user.password_hash = hash_chosen_password(crypto::Password(read_secret_line(console).reveal()));
  if (!block_on(session->storage->users().set_password(user.id, *user.password_hash, session->clock.now())))
    throw CommandFailed(fmt::format("there is no user {}", user.email));
  warn_of_password(session, console, user);
  print_changed(arguments, console, user, "Set the password of");
  return ExitCode::done;
}

ExitCode set_role(const Arguments& arguments, Console& console) {
  const storage::Role role = read_role("ROLE", arguments.get("ROLE"));
  Session session = open_side(arguments);
  storage::User user = find_account(*session, arguments.get("EMAIL"));
  user.role = role;
  if (!block_on(session->storage->users().set_role(user.id, role, session->clock.now())))
    throw CommandFailed(fmt::format("there is no user {}", user.email));
  if (user.password_hash) warn_of_password(session, console, user);
  if (wants_json(arguments))
    print_json(console, json::object{{"user", to_json(user)}});
  else
    console.out << fmt::format("{} has the role {} now.\n", user.email, storage::to_string(role));
  return ExitCode::done;
}

ExitCode reset(const Arguments& arguments, Console& console) {
  Session session = open_side(arguments);
  const storage::User user = find_account(*session, arguments.get("EMAIL"));
  if (!user.enabled) throw CommandFailed(fmt::format("{} is disabled; enable the account first", user.email));
  warn_of_password(session, console, user);
  const std::string link = make_link(session, user, accounts::kResetLifetime);
  if (wants_json(arguments))
    print_json(console, json::object{{"user", to_json(user)}, {"reset_url", link}});
  else
    console.out << fmt::format("Send this link; it works once, for {}:\n{}\n",
                               format_duration(accounts::kResetLifetime), link);
  return ExitCode::done;
}

/// The sources that would make whoever signs in there as this user a new account.
std::vector<std::string> list_ways_back(Session& session, const storage::User& user) {
  std::vector<std::string> ways;
  if (session.side() != Side::provider) return ways;
  const auto& sources = session.configuration().provider.value().user_sources;
  for (const auto& identity : block_on(session->storage->federated_identities().list_federated_identities(user.id))) {
    const auto source = std::ranges::find(sources, identity.who.source, &UserSourceConfiguration::name);
    if (source != sources.end() && source->create_accounts) ways.push_back(source->name);
  }
  return ways;
}

ExitCode remove(const Arguments& arguments, Console& console) {
  Session session = open_side(arguments);
  const storage::User user = find_account(*session, arguments.get("EMAIL"));
  const auto ways_back = list_ways_back(session, user);
  if (!block_on(session->storage->users().remove_user(user.id, session->clock.now())))
    throw CommandFailed(fmt::format("there is no user {}", user.email));
  if (wants_json(arguments))
    print_json(console,
               json::object{{"removed", user.email}, {"ways_back", json::array(ways_back.begin(), ways_back.end())}});
  else
    console.out << fmt::format("Removed {}.\n", user.email);
  if (!wants_json(arguments) && !ways_back.empty())
    console.out << fmt::format(
        "Whoever it was gets a new account when they sign in at {} again; `user disable` keeps somebody out.\n",
        fmt::join(ways_back, ", "));
  return ExitCode::done;
}

constexpr std::string_view kRoles = "user; developer: also installs plugins on a host; administrator: everything";

const std::array kCommands = {
    Command{"add",
            "Adds an account.",
            "chatelaine user add ada@example.com --invite",
            "a sentence and, with --invite, the link; as JSON {\"user\":{…}} and \"invitation_url\".",
            {{ArgumentKind::positional, "EMAIL", "", "What the person signs in with"},
             {ArgumentKind::value, "--name", "NAME", "What pages call the person"},
             {ArgumentKind::value, "--subject", "ID",
              "What the API knows the user by, also if somebody who was removed had it; else a fresh one"},
             {ArgumentKind::value, "--role", "ROLE", kRoles},
             kPasswordStdin,
             {ArgumentKind::flag, "--invite", "", "Make a link with which the person chooses a password"},
             kHost},
            add},
    Command{"list",
            "Lists the accounts.",
            "chatelaine user list",
            "a table; as JSON a list of {\"id\",\"email\",\"name\",\"subject\",\"role\",\"enabled\",\"has_password\","
            "\"created_at\",\"sources\":[{\"source\",\"issuer\",\"subject\",\"linked_at\"}]}.",
            {kHost},
            list},
    Command{"show",
            "Shows one account.",
            "chatelaine user show ada@example.com",
            "a table; as JSON the account as in `user list`.",
            {kEmail, kHost},
            show},
    Command{"disable",
            "Ends an account's sessions, one-time link and grants and lets nobody in until it is enabled.",
            "chatelaine user disable ada@example.com",
            "a sentence; as JSON {\"user\":{…}}.",
            {kEmail, kHost},
            disable},
    Command{"enable",
            "Lets a disabled account in again.",
            "chatelaine user enable ada@example.com",
            "a sentence; as JSON {\"user\":{…}}.",
            {kEmail, kHost},
            enable},
    Command{"set-role",
            "Says what an account may do from its next request on; sessions and grants stay.",
            "chatelaine user set-role ada@example.com user",
            "a sentence; as JSON {\"user\":{…}}.",
            {kEmail, {ArgumentKind::positional, "ROLE", "", kRoles}, kHost},
            set_role},
    Command{"set-password",
            "Sets a password and ends the account's sessions, one-time link and grants.",
            "chatelaine user set-password ada@example.com --password-stdin < password.txt",
            "a sentence; as JSON {\"user\":{…}}.",
            {kEmail, kPasswordStdin, kHost},
            set_password},
    Command{"reset",
            "Makes a link with which a person who forgot the password chooses another, without a mail server.",
            "chatelaine user reset ada@example.com",
            "the link; as JSON {\"user\":{…},\"reset_url\"}.",
            {kEmail, kHost},
            reset},
    Command{"link",
            "Lets somebody who signs in at a user source come in as an account that is there.",
            "chatelaine user link ada@example.com --source contoso --subject 00u1a2b3",
            "a sentence; as JSON {\"user\":{…}} with its \"sources\".",
            {kEmail,
             {ArgumentKind::value, "--source", "NAME", "The [[user_source]]; needed"},
             {ArgumentKind::value, "--subject", "ID", "What the source calls the person (`sub`); needed"},
             {ArgumentKind::value, "--issuer", "URL",
              "The issuer of the person's tenant, where the source's has {tenantid}"}},
            link_user},
    Command{"unlink",
            "Ends that, until the person signs in there again where the source has `join_by_email` or makes accounts. "
            "Sessions go on; `user disable` ends them, and keeps somebody out.",
            "chatelaine user unlink ada@example.com --source contoso",
            "a sentence; as JSON {\"user\":{…}} with its \"sources\".",
            {kEmail, {ArgumentKind::value, "--source", "NAME", "The source, which need not be configured any more"}},
            unlink_user},
    Command{"remove",
            "Removes an account with everything that is theirs. Where they signed in at a source that makes accounts "
            "they can come back as somebody new: `user disable` keeps somebody out.",
            "chatelaine user remove ada@example.com",
            "a sentence; as JSON {\"removed\",\"ways_back\"}, the sources that would make them a new account.",
            {kEmail, kHost},
            remove},
    Command{
        "import",
        "Adds many accounts with the password hashes that they have (Argon2, bcrypt, PBKDF2, scrypt).",
        "chatelaine user import users.jsonl",
        "a sentence; as JSON {\"imported\"}. Each fault is named on stderr with its line, and then nothing is added.",
        {{ArgumentKind::positional, "FILE", "",
          "JSON Lines, or one JSON array, of {\"email\",\"name\",\"subject\",\"password_hash\"}; - is stdin"},
         kHost},
        import_users},
};

}  // namespace

CommandGroup user_commands() { return {"user", "The people who sign in.", kCommands}; }

}  // namespace chatelaine::app
