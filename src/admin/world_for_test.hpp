#pragma once

#include "accounts/world_for_test.hpp"
#include "admin/admin.hpp"

/// The accounts' world (accounts/world_for_test.hpp) with the pages for administrators in its router.
namespace chatelaine::admin::test {

using accounts::test::contains;
using accounts::test::header_of;
using accounts::test::Visitor;

struct World {
  explicit World(AdminSettings settings = {.page_prefix = "", .is_enabled = true});

  /// Somebody of that role, at a browser where they are signed in.
  Visitor sign_in(storage::Role role);
  /// A client that an operator added, of today.
  static oauth::Client make_client(const std::string& id);
  void add(const oauth::Client& client);
  /// A failed token request of now, unless the notes say otherwise.
  storage::FlightStep make_step(const std::string& request_id) const;
  void add(const std::vector<storage::FlightStep>& steps);
  /// Its `storage` is a memory's.
  [[nodiscard]] storage::Storage& storage() { return *people.storage; }

  accounts::test::World people;
  Live<AdminSettings> settings;
  Admin admin;

 private:
  static accounts::AccountsSettings make_accounts_settings(const AdminSettings& settings);
};

}  // namespace chatelaine::admin::test
