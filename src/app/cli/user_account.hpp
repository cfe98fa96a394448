#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/cli/session.hpp"
#include "storage/federated_identities.hpp"
#include "storage/users.hpp"

namespace chatelaine::app {

/// `{"id","email","name","subject","role","enabled","has_password","created_at"}`.
[[nodiscard]] json::object to_json(const storage::User& user);

/// The same with `"sources"`, a list of `{"source","issuer","subject","linked_at"}`: where the person signs in, which
/// are all that the user has.
[[nodiscard]] json::object to_json(const storage::User& user,
                                   const std::vector<storage::FederatedIdentity>& identities);

/// A new enabled account without password; an empty subject becomes a fresh one. Throws WrongUsage where the e-mail
/// address or the subject is none.
[[nodiscard]] storage::User make_account(Foundation& foundation, std::string email, std::string name,
                                         std::string_view subject, storage::Role role);

/// Adds it, or ends the command with a sentence that says what is taken.
void add_account(Foundation& foundation, const storage::User& user);

/// The account of that address, or the command ends.
[[nodiscard]] storage::User find_account(Foundation& foundation, const std::string& email);

/// Hashes a password that a person chose, once it is a good one; throws WrongUsage otherwise.
[[nodiscard]] crypto::PasswordHash hash_chosen_password(const crypto::Password& password);

/// Where the side's pages begin: its origin and the prefix of its pages.
[[nodiscard]] std::string page_base_url(const Configuration& configuration, Side side);

/// `user import`, in user_import.cpp.
[[nodiscard]] ExitCode import_users(const Arguments& arguments, Console& console);
/// `user link` and `user unlink`, in user_link.cpp.
[[nodiscard]] ExitCode link_user(const Arguments& arguments, Console& console);
[[nodiscard]] ExitCode unlink_user(const Arguments& arguments, Console& console);

}  // namespace chatelaine::app
