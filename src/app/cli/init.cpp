#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <ostream>

#include "app/cli/command.hpp"
#include "app/cli/configuration_file.hpp"
#include "app/cli/session.hpp"
#include "app/cli/user_account.hpp"
#include "app/config/render.hpp"
#include "base/base64url.hpp"
#include "base/block_on.hpp"
#include "tokens/key_ring.hpp"

namespace chatelaine::app {
namespace {

void make_directory(const std::filesystem::path& directory) {
  std::error_code error;
  if (std::filesystem::is_directory(directory, error)) return;
  std::filesystem::create_directories(directory.parent_path(), error);
  if (!std::filesystem::create_directory(directory, error))
    throw CommandFailed(fmt::format("{} cannot be made: {}", directory.string(), error.message()));
  std::filesystem::permissions(directory, std::filesystem::perms::owner_all);
}

/// An IP address behind the @ is no address that a browser's form takes.
std::string default_admin_email(const HttpUrl& issuer) {
  return "admin@" + (issuer.host.find(':') == std::string::npos ? issuer.host : "localhost");
}

/// Where an `init` before this one did not come to its end, its administrator gets the password that is printed now.
void keep_administrator(Foundation& foundation, const storage::User& admin) {
  const auto before = block_on(foundation.storage->users().find_user_by_email(admin.email));
  if (!before) return add_account(foundation, admin);
  if (before->role != storage::Role::administrator)
    throw CommandFailed(fmt::format("there is a user {} already, who is no administrator", admin.email));
  static_cast<void>(
      block_on(foundation.storage->users().set_password(before->id, *admin.password_hash, foundation.clock.now())));
}

ExitCode init(const Arguments& arguments, Console& console) {
  if (arguments.has("--config")) throw WrongUsage("init takes the directory as DIR, not --config");
  auto directory = std::filesystem::absolute(arguments.get("DIR", ".")).lexically_normal();
  // `new/` and `new` are one directory.
  if (!directory.has_filename()) directory = directory.parent_path();
  const auto file = (directory / "chatelaine.toml").lexically_normal();
  StarterValues values;
  values.issuer = arguments.get("--issuer", "http://127.0.0.1:8080");
  values.listen = choose_listen(arguments, values.issuer);
  values.upstream = arguments.get("--upstream");
  // Named from where the command runs; kept so that it holds from wherever the server runs.
  if (const auto openapi = arguments.find("--openapi")) values.openapi = std::filesystem::absolute(*openapi).string();
  const std::string text = render_starter_file(values);
  const Configuration configuration = check_text(text, file);
  if (std::filesystem::exists(file))
    throw CommandFailed(fmt::format("{} is there already; nothing was changed", file.string()));
  make_directory(directory);

  SilentLog log;
  Foundation foundation(directory, database_of(configuration, Side::provider), log);
  tokens::KeyRing ring(*foundation.storage, foundation.sealer, foundation.clock, foundation.randomness, foundation.ids,
                       configuration.provider->keys.algorithms);
  static_cast<void>(block_on(ring.current()));
  const crypto::Password password(base64url_encode(foundation.randomness.bytes(18)));
  storage::User admin =
      make_account(foundation, arguments.get("--admin-email", default_admin_email(configuration.provider->issuer)),
                   "Administrator", "", storage::Role::administrator);
  admin.password_hash = crypto::hash_password(password);
  keep_administrator(foundation, admin);
  write_new_file(file, text);

  if (wants_json(arguments)) {
    print_json(
        console,
        json::object{{"config", file.string()}, {"admin_email", admin.email}, {"admin_password", password.reveal()}});
    return ExitCode::done;
  }
  console.out << fmt::format(
      "configuration  {}\nadministrator  {}\npassword       {}\n"
      "The password is not shown again. Start the server with: chatelaine serve --config {}\n",
      file.string(), admin.email, password.reveal(), file.string());
  return ExitCode::done;
}

const std::array kCommands = {
    Command{
        "init",
        "Makes chatelaine.toml with comments, the database, the keys and the first administrator.",
        "chatelaine init /etc/chatelaine --issuer https://api.example.com --upstream http://127.0.0.1:3000",
        "where the configuration is, and the administrator's password, once; as JSON "
        "{\"config\",\"admin_email\",\"admin_password\"}.",
        {{ArgumentKind::optional_positional, "DIR", "", "Where; the current directory without it"},
         {ArgumentKind::value, "--issuer", "URL",
          "The server's public URL; http://127.0.0.1:8080 without it, to try things out"},
         {ArgumentKind::value, "--listen", "ADDRESS", "Where it listens; a loopback issuer's own port without it"},
         {ArgumentKind::value, "--upstream", "URL", "Where the API runs"},
         {ArgumentKind::value, "--openapi", "FILE", "The API's OpenAPI description"},
         {ArgumentKind::value, "--admin-email", "EMAIL", "The first administrator; admin@ISSUER'S HOST without it"}},
        init},
};

}  // namespace

CommandGroup init_commands() {
  return {"init", "Makes chatelaine.toml with comments, the database, the keys and the first administrator.",
          kCommands};
}

}  // namespace chatelaine::app
