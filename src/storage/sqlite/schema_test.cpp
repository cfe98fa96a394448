// A database of an older version is brought up to date with what it holds.

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string_view>

#include "storage/conformance/backend.hpp"
#include "storage/conformance/samples.hpp"
#include "storage/sqlite/schema_steps.hpp"
#include "storage/sqlite/sqlite_storage.hpp"

namespace chatelaine::storage {
namespace {

using namespace conformance;

/// Runs statements on a connection of its own, as an older version did.
void execute(const std::filesystem::path& file, const std::string& sql) {
  sqlite3* connection = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &connection), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(connection);
  sqlite3_close(connection);
}

/// The schema as it stood before the step that holds `words`.
void make_schema_before(const std::filesystem::path& file, std::string_view words) {
  int version = 0;
  for (const std::string_view step : sqlite::kSchemaSteps) {
    if (step.find(words) != std::string_view::npos) break;
    execute(file, std::string(step));
    ++version;
  }
  execute(file, "PRAGMA user_version = " + std::to_string(version));
}

class Schema : public testing::Test {
 protected:
  std::unique_ptr<Storage> open() { return open_sqlite(file_, clock_, log_); }

  TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_.path() / "chatelaine.sqlite";
  SystemClock clock_;
  SilentLog log_;
};

/// RFC 8707: what was for one resource is for a list of one.
TEST_F(Schema, OneResourceBecomesAListOfOne) {
  make_schema_before(file_, "RENAME COLUMN resource TO resources");
  execute(
      file_,
      "INSERT INTO users VALUES (1, 'ada@example.com', 'Ada', 'subject-1', NULL, 'user', 1, 0);"
      "INSERT INTO clients (id, name, authentication_methods, redirect_uris, grant_types, scope, pkce, created_at)"
      " VALUES ('todo-helper', 'Todo', '[\"none\"]', '[]', '[\"authorization_code\"]', 'a', 'required', 0);"
      "INSERT INTO authorization_codes (id, secret_hash, client_id, user_id, subject, redirect_uri,"
      " redirect_uri_was_sent, scope, resource, authenticated_at, expires_at) VALUES (2, zeroblob(32), 'todo-helper', "
      "1,"
      " 'subject-1', 'https://c.example', 1, 'a', 'https://api.example/\"q\"', 0, 4102444800000);"
      "INSERT INTO grants (id, client_id, user_id, subject, scope, resource, authenticated_at, created_at, expires_at,"
      " salt, generation, rotated_at, grace_uses) VALUES (3, 'todo-helper', 1, 'subject-1', 'a', 'https://api.example',"
      " 0, 0, 4102444800000, zeroblob(16), 0, 0, 0);"
      "INSERT INTO access_tokens (id, secret_hash, issuer, subject, client_id, audience, scope, grant_id, issued_at,"
      " expires_at) VALUES (4, zeroblob(32), 'https://issuer.example', 'subject-1', 'todo-helper',"
      " 'https://api.example', 'a', 3, 0, 4102444800000);");
  const auto storage = open();
  EXPECT_EQ(block_on(storage->authorization_codes().find_authorization_code({2}))->resources,
            std::vector{oauth::Resource("https://api.example/\"q\"")});
  EXPECT_EQ(block_on(storage->grants().find_grant({3}))->resources,
            std::vector{oauth::Resource("https://api.example")});
  EXPECT_EQ(block_on(storage->access_tokens().find_access_token({4}))->token.audience,
            std::vector{oauth::Resource("https://api.example")});
}

/// RFC 7662 §4: who could ask about every token still can, about those for the default resource; nobody else can.
TEST_F(Schema, WhoIntrospectedStillDoes) {
  make_schema_before(file_, "ADD COLUMN introspects");
  const auto add = [&](const std::string& id, const std::string& grant, const std::string& method,
                       const std::string& origin) {
    execute(file_,
            "INSERT INTO clients (id, name, secret_hash, authentication_methods, redirect_uris, grant_types, scope, "
            "pkce, origin, created_at) VALUES ('" +
                id + "', 'X', zeroblob(32), '[\"" + method + "\"]', '[]', '[\"" + grant + "\"]', '', 'required', '" +
                origin + "', 0)");
  };
  add("api", "client_credentials", "client_secret_basic", "command");
  add("api-with-key", "client_credentials", "private_key_jwt", "command");
  add("assistant", "authorization_code", "client_secret_basic", "command");
  add("device", "urn:ietf:params:oauth:grant-type:device_code", "client_secret_basic", "command");
  add("app", "client_credentials", "none", "command");
  add("stranger", "client_credentials", "client_secret_basic", "registration");
  const auto storage = open();
  const auto introspects = [&](const char* id) {
    return block_on(storage->clients().find_client(oauth::ClientId(id)))->introspects;
  };
  for (const char* id : {"api", "api-with-key"}) EXPECT_EQ(introspects(id), std::nullopt) << id;
  for (const char* id : {"assistant", "device", "app", "stranger"}) {
    EXPECT_EQ(introspects(id), std::vector<oauth::Resource>{}) << id;
  }
}

/// RFC 6749 §4.1.3: no client of before may leave redirect_uri out of its exchange.
TEST_F(Schema, WhoRepeatedRedirectUriStillDoes) {
  make_schema_before(file_, "ADD COLUMN exchange_redirect_uri");
  execute(file_,
          "INSERT INTO clients (id, name, secret_hash, authentication_methods, redirect_uris, grant_types, scope, pkce,"
          " created_at) VALUES ('coze', 'Coze', zeroblob(32), '[\"client_secret_basic\"]', '[\"https://c.example\"]',"
          " '[\"authorization_code\"]', 'a', 'optional', 0)");
  const auto storage = open();
  EXPECT_EQ(block_on(storage->clients().find_client(oauth::ClientId("coze")))->exchange_redirect_uri,
            oauth::ExchangeRedirectUri::repeated);
}

}  // namespace
}  // namespace chatelaine::storage
