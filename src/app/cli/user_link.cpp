#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "app/cli/user_account.hpp"
#include "base/block_on.hpp"
#include "relying_party/openid/id_token_check.hpp"
#include "user_sources/user_source.hpp"

namespace chatelaine::app {
namespace {

const UserSourceConfiguration& find_source(const Configuration& configuration, std::string_view name) {
  const auto& sources = configuration.provider.value().user_sources;
  const auto found = std::ranges::find(sources, name, &UserSourceConfiguration::name);
  if (found == sources.end()) throw WrongUsage(fmt::format("--source: there is no [[user_source]] \"{}\"", name));
  return *found;
}

/// Whose ID tokens name the person.
oauth::Issuer choose_issuer(const Arguments& arguments, const UserSourceConfiguration& source) {
  const auto issuers = user_sources::list_issuers(oauth::Issuer(source.issuer), source.tenants);
  const auto named = arguments.find("--issuer");
  if (!named && issuers.size() == 1) return issuers.front();
  if (!named) throw WrongUsage("--issuer is needed: the source has several tenants");
  const oauth::Issuer issuer{std::string(*named)};
  if (std::ranges::find(issuers, issuer) == issuers.end())
    throw WrongUsage(fmt::format("--issuer: {} is none of the source's", *named));
  return issuer;
}

std::string needed(const Arguments& arguments, std::string_view name) {
  auto value = arguments.get(name);
  if (value.empty()) throw WrongUsage(fmt::format("{} is needed", name));
  return value;
}

/// Whether somebody is linked to the account already, so that there is nothing to do.
bool is_theirs(Session& session, const storage::FederatedIdentity& identity) {
  const auto user = block_on(session->storage->federated_identities().find_federated_user(identity.who));
  return user && user->id == identity.user_id;
}

void print_user(const Arguments& arguments, Console& console, Session& session, const storage::User& user,
                std::string_view sentence) {
  if (!wants_json(arguments)) {
    console.out << sentence << '\n';
    return;
  }
  const auto identities = block_on(session->storage->federated_identities().list_federated_identities(user.id));
  print_json(console, json::object{{"user", to_json(user, identities)}});
}

}  // namespace

ExitCode link_user(const Arguments& arguments, Console& console) {
  const std::string name = needed(arguments, "--source");
  const std::string subject = needed(arguments, "--subject");
  if (!relying_party::is_foreign_subject(subject))
    throw WrongUsage("--subject: a source's sub is 1 to 255 printable ASCII characters (OpenID Connect Core §2)");
  Session session = open_provider(arguments);
  const oauth::Issuer issuer = choose_issuer(arguments, find_source(session.configuration(), name));
  const storage::User user = find_account(*session, arguments.get("EMAIL"));
  const storage::FederatedIdentity identity{
      .who = {name, issuer, oauth::Subject(subject)}, .user_id = user.id, .linked_at = session->clock.now()};
  switch (block_on(session->storage->federated_identities().link_federated_identity(identity))) {
    case storage::LinkOutcome::linked:
      break;
    case storage::LinkOutcome::identity_taken:
      if (is_theirs(session, identity)) break;
      throw CommandFailed(fmt::format("{} of {} has an account already", subject, name));
    case storage::LinkOutcome::account_has_another:
      throw CommandFailed(
          fmt::format("{} signs in at {} as somebody else already; unlink that first", user.email, name));
    case storage::LinkOutcome::no_such_user:
      throw CommandFailed(fmt::format("{} is disabled; enable the account first", user.email));
  }
  print_user(arguments, console, session, user, fmt::format("{} of {} comes in as {}.", subject, name, user.email));
  return ExitCode::done;
}

ExitCode unlink_user(const Arguments& arguments, Console& console) {
  const std::string name = needed(arguments, "--source");
  Session session = open_provider(arguments);
  const storage::User user = find_account(*session, arguments.get("EMAIL"));
  if (!block_on(
          session->storage->federated_identities().unlink_federated_identity(user.id, name, session->clock.now())))
    throw CommandFailed(fmt::format("{} does not sign in at {}", user.email, name));
  print_user(arguments, console, session, user, fmt::format("{} comes in from {} no more.", user.email, name));
  return ExitCode::done;
}

}  // namespace chatelaine::app
