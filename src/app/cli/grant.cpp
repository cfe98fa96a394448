#include <fmt/format.h>

#include <array>
#include <ostream>

#include "app/cli/command.hpp"
#include "app/cli/session.hpp"
#include "app/cli/table.hpp"
#include "app/cli/user_account.hpp"
#include "base/block_on.hpp"

namespace chatelaine::app {
namespace {

std::string_view state_of(const oauth::Grant& grant, Instant now) {
  if (grant.revoked_at) return "revoked";
  return grant.expires_at <= now ? "expired" : "active";
}

/// A grant's user as the operator knows them; the subject where the account is gone.
std::string find_email(Foundation& foundation, const oauth::Grant& grant) {
  const auto user = block_on(foundation.storage->users().find_user(grant.user_id));
  return user ? user->email : grant.subject.value();
}

/// The state as a table shows it: with the reason of its end.
std::string describe_state(const oauth::Grant& grant, Instant now) {
  std::string state(state_of(grant, now));
  if (grant.revocation_reason) state.append(": ").append(to_string(*grant.revocation_reason));
  return state;
}

json::object to_json(const oauth::Grant& grant, const std::string& email, Instant now) {
  json::array resources;
  for (const oauth::Resource& resource : grant.resources) resources.emplace_back(resource.value());
  json::object object{{"id", format_id(grant.id.value)},
                      {"user", email},
                      {"subject", grant.subject.value()},
                      {"client_id", grant.client_id.value()},
                      {"scope", grant.scope.to_string()},
                      {"resources", std::move(resources)},
                      {"state", state_of(grant, now)},
                      {"created_at", format_rfc3339(grant.created_at)},
                      {"refreshed_at", format_rfc3339(grant.rotated_at)},
                      {"expires_at", format_rfc3339(grant.expires_at)},
                      {"revoked_at", nullptr},
                      {"revocation_reason", nullptr}};
  if (grant.revoked_at) object["revoked_at"] = format_rfc3339(*grant.revoked_at);
  if (grant.revocation_reason) object["revocation_reason"] = to_string(*grant.revocation_reason);
  return object;
}

ExitCode list(const Arguments& arguments, Console& console) {
  Session session = open_provider(arguments);
  storage::GrantFilter filter;
  if (const auto email = arguments.find("--user")) filter.user_id = find_account(*session, *email).id;
  if (const auto id = arguments.find("--client")) filter.client_id = oauth::ClientId(*id);
  const Instant now = session->clock.now();
  json::array rows;
  TextTable table({"ID", "USER", "CLIENT", "SCOPE", "STATE", "CREATED"});
  for (const oauth::Grant& grant : block_on(session->storage->grants().list_grants(filter))) {
    const std::string email = find_email(*session, grant);
    rows.push_back(to_json(grant, email, now));
    table.add({format_id(grant.id.value), email, grant.client_id.value(), grant.scope.to_string(),
               describe_state(grant, now), format_instant(grant.created_at)});
  }
  if (wants_json(arguments))
    print_json(console, rows);
  else
    table.print(console.out);
  return ExitCode::done;
}

ExitCode revoke(const Arguments& arguments, Console& console) {
  const std::string text = arguments.get("ID");
  const auto value = parse_id(text);
  if (!value) throw WrongUsage(fmt::format("\"{}\" is not a grant's id; `chatelaine grant list` shows them", text));
  Session session = open_provider(arguments);
  const oauth::GrantId id{*value};
  const bool is_revoked =
      block_on(session->storage->grants().revoke_grant(id, oauth::RevocationReason::by_operator, session->clock.now()));
  if (!is_revoked) throw CommandFailed(fmt::format("the grant {} is unknown or had ended before", text));
  if (wants_json(arguments))
    print_json(console, json::object{{"revoked", text}});
  else
    console.out << fmt::format("Revoked {}: its refresh token and its access tokens work no more.\n", text);
  return ExitCode::done;
}

const std::array kCommands = {
    Command{"list",
            "Lists what users have allowed: each authorization with its refresh chain, newest first.",
            "chatelaine grant list --user ada@example.com",
            "a table; as JSON a list of {\"id\",\"user\",\"subject\",\"client_id\",\"scope\",\"resources\",\"state\","
            "\"created_at\",\"refreshed_at\",\"expires_at\",\"revoked_at\",\"revocation_reason\"}.",
            {{ArgumentKind::value, "--user", "EMAIL", "Of this user alone"},
             {ArgumentKind::value, "--client", "ID", "Of this client alone"}},
            list},
    Command{"revoke",
            "Ends a grant: its refresh token at once, its access tokens within a second.",
            "chatelaine grant revoke AZJz0fVAAAE",
            "a sentence; as JSON {\"revoked\"}.",
            {{ArgumentKind::positional, "ID", "", "As `grant list` shows it"}},
            revoke},
};

}  // namespace

CommandGroup grant_commands() { return {"grant", "What users have allowed.", kCommands}; }

}  // namespace chatelaine::app
