#include "app/cli/user_account.hpp"

#include <fmt/format.h>

#include "accounts/accounts.hpp"
#include "app/wiring/provider_settings.hpp"
#include "base/block_on.hpp"

namespace chatelaine::app {
json::object to_json(const storage::User& user) {
  return {{"id", format_id(user.id.value)},
          {"email", user.email},
          {"name", user.name},
          {"subject", user.subject.value()},
          {"role", storage::to_string(user.role)},
          {"enabled", user.enabled},
          {"has_password", user.password_hash.has_value()},
          {"created_at", format_rfc3339(user.created_at)}};
}

json::object to_json(const storage::User& user, const std::vector<storage::FederatedIdentity>& identities) {
  json::array sources;
  for (const auto& [who, user_id, linked_at] : identities) {
    sources.push_back(json::object{{"source", who.source},
                                   {"issuer", who.issuer.value()},
                                   {"subject", who.subject.value()},
                                   {"linked_at", format_rfc3339(linked_at)}});
  }
  json::object described = to_json(user);
  described["sources"] = std::move(sources);
  return described;
}

// DEVIATION OpenID Connect Core §2: the subject of somebody who was removed can be given again. It is the API's own id
// for a person, and whoever types it answers for whose it is; a fresh one never comes twice.
storage::User make_account(Foundation& foundation, std::string email, std::string name, std::string_view subject,
                           storage::Role role) {
  if (const auto checked = accounts::check_email(email); !checked)
    throw WrongUsage(fmt::format("{}: {}", email, checked.error()));
  if (!subject.empty() && !accounts::is_subject(subject))
    throw WrongUsage("a subject is 1 to 255 printable ASCII characters without blanks at its ends");
  storage::User user;
  user.id = foundation.ids.next<oauth::UserTag>();
  user.email = std::move(email);
  user.name = std::move(name);
  user.subject =
      oauth::Subject(subject.empty() ? format_id(foundation.ids.next<oauth::UserTag>().value) : std::string(subject));
  user.role = role;
  user.created_at = foundation.clock.now();
  return user;
}

void add_account(Foundation& foundation, const storage::User& user) {
  switch (block_on(foundation.storage->users().add_user(user))) {
    case storage::AddUserOutcome::added:
      return;
    case storage::AddUserOutcome::email_taken:
      throw CommandFailed(fmt::format("there is a user {} already", user.email));
    case storage::AddUserOutcome::subject_taken:
      throw CommandFailed(fmt::format("there is a user with the subject {} already", user.subject.value()));
  }
}

storage::User find_account(Foundation& foundation, const std::string& email) {
  auto user = block_on(foundation.storage->users().find_user_by_email(email));
  if (!user) throw CommandFailed(fmt::format("there is no user {}", email));
  return std::move(*user);
}

crypto::PasswordHash hash_chosen_password(const crypto::Password& password) {
  if (const auto checked = accounts::check_new_password(password); !checked) throw WrongUsage(checked.error());
  return crypto::hash_password(password);
}

std::string page_base_url(const Configuration& configuration, Side side) {
  switch (side) {
    case Side::provider:
      return configuration.provider.value().issuer.origin() + page_prefix(configuration.provider.value());
    case Side::host:
      return configuration.host.value().url.origin();
  }
  throw std::logic_error("no such side");
}

}  // namespace chatelaine::app
