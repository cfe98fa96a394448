#include <fmt/format.h>

#include <array>
#include <ostream>

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

storage::Role read_role(const Arguments& arguments) {
  const auto role = storage::parse_role(arguments.get("--role", "user"));
  if (!role) throw WrongUsage("--role takes user, developer or administrator");
  return *role;
}

std::string make_link(Session& session, const storage::User& user, milliseconds lifetime) {
  return block_on(accounts::make_one_time_link(*session->storage, user.id,
                                               page_base_url(session.configuration(), session.side()), lifetime,
                                               session->clock, session->randomness, session->ids));
}

ExitCode add(const Arguments& arguments, Console& console) {
  const bool invites = arguments.has("--invite");
  if (invites == arguments.has("--password-stdin"))
    throw WrongUsage("give the account a password with --password-stdin, or a link to choose one with --invite");
  const storage::Role role = read_role(arguments);
  Session session = open_side(arguments);
  storage::User user =
      make_account(*session, arguments.get("EMAIL"), arguments.get("--name"), arguments.get("--subject"), role);
  if (!invites) user.password_hash = hash_chosen_password(crypto::Password(read_secret_line(console).reveal()));
  add_account(*session, user);
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

ExitCode list(const Arguments& arguments, Console& console) {
  Session session = open_side(arguments);
  const auto users = block_on(session->storage->users().list_users());
  if (wants_json(arguments)) {
    json::array rows;
    for (const auto& user : users) rows.push_back(to_json(user));
    print_json(console, rows);
    return ExitCode::done;
  }
  TextTable table({"EMAIL", "NAME", "SUBJECT", "ROLE", "STATE", "CREATED"});
  for (const auto& user : users) {
    const std::string_view state = !user.enabled ? "disabled" : user.password_hash ? "enabled" : "invited";
    table.add({user.email, user.name, user.subject.value(), std::string(storage::to_string(user.role)),
               std::string(state), format_instant(user.created_at)});
  }
  table.print(console.out);
  return ExitCode::done;
}

ExitCode show(const Arguments& arguments, Console& console) {
  Session session = open_side(arguments);
  const storage::User user = find_account(*session, arguments.get("EMAIL"));
  if (wants_json(arguments)) {
    print_json(console, to_json(user));
    return ExitCode::done;
  }
  TextTable table({"user", user.email});
  table.add({"id", format_id(user.id.value)});
  table.add({"name", user.name});
  table.add({"subject", user.subject.value()});
  table.add({"role", std::string(storage::to_string(user.role))});
  table.add({"enabled", user.enabled ? "yes" : "no"});
  table.add({"password", user.password_hash ? "chosen" : "not yet chosen"});
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
  print_changed(arguments, console, user, "Set the password of");
  return ExitCode::done;
}

ExitCode reset(const Arguments& arguments, Console& console) {
  Session session = open_side(arguments);
  const storage::User user = find_account(*session, arguments.get("EMAIL"));
  if (!user.enabled) throw CommandFailed(fmt::format("{} is disabled; enable the account first", user.email));
  const std::string link = make_link(session, user, accounts::kResetLifetime);
  if (wants_json(arguments))
    print_json(console, json::object{{"user", to_json(user)}, {"reset_url", link}});
  else
    console.out << fmt::format("Send this link; it works once, for {}:\n{}\n",
                               format_duration(accounts::kResetLifetime), link);
  return ExitCode::done;
}

ExitCode remove(const Arguments& arguments, Console& console) {
  Session session = open_side(arguments);
  const storage::User user = find_account(*session, arguments.get("EMAIL"));
  if (!block_on(session->storage->users().remove_user(user.id, session->clock.now())))
    throw CommandFailed(fmt::format("there is no user {}", user.email));
  if (wants_json(arguments))
    print_json(console, json::object{{"removed", user.email}});
  else
    console.out << fmt::format("Removed {}.\n", user.email);
  return ExitCode::done;
}

const std::array kCommands = {
    Command{"add",
            "Adds an account.",
            "chatelaine user add ada@example.com --invite",
            "a sentence and, with --invite, the link; as JSON {\"user\":{…}} and \"invitation_url\".",
            {{ArgumentKind::positional, "EMAIL", "", "What the person signs in with"},
             {ArgumentKind::value, "--name", "NAME", "What pages call the person"},
             {ArgumentKind::value, "--subject", "ID",
              "What the API knows the user by, also if somebody who was removed had it; else a fresh one"},
             {ArgumentKind::value, "--role", "ROLE",
              "user; developer: also installs plugins on a host; administrator: everything"},
             kPasswordStdin,
             {ArgumentKind::flag, "--invite", "", "Make a link with which the person chooses a password"},
             kHost},
            add},
    Command{"list",
            "Lists the accounts.",
            "chatelaine user list",
            "a table; as JSON a list of {\"id\",\"email\",\"name\",\"subject\",\"role\",\"enabled\",\"has_password\","
            "\"created_at\"}.",
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
    Command{"remove",
            "Removes an account with everything that is theirs.",
            "chatelaine user remove ada@example.com",
            "a sentence; as JSON {\"removed\"}.",
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
