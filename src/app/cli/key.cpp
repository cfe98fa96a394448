#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>

#include "app/cli/command.hpp"
#include "app/cli/session.hpp"
#include "app/cli/table.hpp"
#include "base/block_on.hpp"
#include "tokens/key_ring.hpp"
#include "tokens/stored_key.hpp"

namespace chatelaine::app {
namespace {

using storage::KeyPurpose;
using storage::StoredKey;
using tokens::is_retired;

std::string_view to_text(KeyPurpose purpose) {
  switch (purpose) {
    case KeyPurpose::sign_tokens:
      return "sign_tokens";
    case KeyPurpose::refresh_tokens:
      return "refresh_tokens";
  }
  return "";
}

std::string_view state_of(const StoredKey& key, const StoredKey* making, Instant now) {
  if (is_retired(key, now)) return "retired";
  if (&key == making) return "in use";
  return key.active_from > now ? "published" : "verifies";
}

/// Opens the provider with its keys, made where this is their first use.
void make_first_keys(Session& session) {
  tokens::KeyRing ring(*session->storage, session->sealer, session->clock, session->randomness, session->ids);
  static_cast<void>(block_on(ring.current()));
}

/// Adds a key that makes new tokens from `active_from`. Gives its kid.
std::string add_key(Foundation& foundation, KeyPurpose purpose, Instant active_from) {
  const Instant now = foundation.clock.now();
  switch (purpose) {
    case KeyPurpose::sign_tokens:
      return block_on(tokens::add_signing_key(*foundation.storage, foundation.sealer, now, active_from, foundation.ids))
          .value();
    case KeyPurpose::refresh_tokens:
      return block_on(tokens::add_refresh_token_key(*foundation.storage, foundation.sealer, now, active_from,
                                                    foundation.randomness, foundation.ids));
  }
  throw std::logic_error("no such purpose");
}

/// How long a new key is known before it makes tokens: verifiers that have cached the JWKS must have it by then;
/// refresh tokens are verified by our own processes alone.
milliseconds publication_of(KeyPurpose purpose) {
  switch (purpose) {
    case KeyPurpose::sign_tokens:
      return tokens::kPublishedBeforeSigning;
    case KeyPurpose::refresh_tokens:
      return tokens::kKeyChangeMargin;
  }
  throw std::logic_error("no such purpose");
}

ExitCode list(const Arguments& arguments, Console& console) {
  Session session = open_provider(arguments);
  make_first_keys(session);
  const Instant now = session->clock.now();
  json::array rows;
  TextTable table({"KID", "PURPOSE", "STATE", "CREATED", "ACTIVE FROM"});
  for (const KeyPurpose purpose : {KeyPurpose::sign_tokens, KeyPurpose::refresh_tokens}) {
    const auto keys = block_on(session->storage->keys().list_keys(purpose));
    const StoredKey* making = tokens::find_active(keys, now);
    for (const StoredKey& key : keys) {
      const std::string_view state = state_of(key, making, now);
      json::object row{{"kid", key.name},
                       {"purpose", to_text(purpose)},
                       {"state", state},
                       {"created_at", format_rfc3339(key.created_at)},
                       {"active_from", format_rfc3339(key.active_from)},
                       {"retired_at", nullptr}};
      if (key.retired_at) row["retired_at"] = format_rfc3339(*key.retired_at);
      rows.push_back(std::move(row));
      table.add({key.name, std::string(to_text(purpose)), std::string(state), format_instant(key.created_at),
                 format_instant(key.active_from)});
    }
  }
  if (wants_json(arguments))
    print_json(console, rows);
  else
    table.print(console.out);
  return ExitCode::done;
}

ExitCode rotate(const Arguments& arguments, Console& console) {
  const std::string text = arguments.get("--purpose", "sign_tokens");
  if (text != "sign_tokens" && text != "refresh_tokens")
    throw WrongUsage("--purpose takes sign_tokens or refresh_tokens");
  const KeyPurpose purpose = text == "sign_tokens" ? KeyPurpose::sign_tokens : KeyPurpose::refresh_tokens;
  Session session = open_provider(arguments);
  make_first_keys(session);
  const Instant now = session->clock.now();
  const Instant active_from = arguments.has("--now") ? now : now + publication_of(purpose);
  const std::string kid = add_key(*session, purpose, active_from);
  if (wants_json(arguments))
    print_json(console, json::object{{"kid", kid}, {"purpose", text}, {"active_from", format_rfc3339(active_from)}});
  else
    console.out << fmt::format(
        "Added {}. It makes new tokens from {}; older keys go on verifying until they are "
        "retired.\n",
        kid, format_instant(active_from));
  return ExitCode::done;
}

/// A key among those of its purpose.
struct Found {
  std::vector<StoredKey> keys;
  StoredKey key;
};

Found find_key(Session& session, const std::string& kid) {
  for (const KeyPurpose purpose : {KeyPurpose::sign_tokens, KeyPurpose::refresh_tokens}) {
    auto keys = block_on(session->storage->keys().list_keys(purpose));
    const auto key = std::ranges::find(keys, kid, &StoredKey::name);
    if (key == keys.end()) continue;
    StoredKey found = *key;
    return {std::move(keys), std::move(found)};
  }
  throw CommandFailed(fmt::format("there is no key {}", kid));
}

/// When the last refresh token that the key made expires: one lifetime after its successor took over.
Instant find_last_expiry(const Found& found, milliseconds refresh_lifetime) {
  Instant replaced_at = Instant::max() - refresh_lifetime;
  for (const StoredKey& other : found.keys)
    if (other.id != found.key.id && other.active_from >= found.key.active_from)
      replaced_at = std::min(replaced_at, other.active_from);
  return replaced_at + refresh_lifetime;
}

/// Throws where the key's tokens are in use still.
void check_retirement(const Found& found, const ProviderConfiguration& configuration, Instant now) {
  const std::string& kid = found.key.name;
  if (const StoredKey* making = tokens::find_active(found.keys, now); making != nullptr && making->id == found.key.id)
    throw CommandFailed(
        fmt::format("{} makes the new tokens: rotate first, or say --force, after which every token that it made is "
                    "void and the next key takes over",
                    kid));
  // One that is not active yet has made nothing.
  if (found.key.purpose != KeyPurpose::refresh_tokens || found.key.active_from > now) return;
  const Instant last_expiry = find_last_expiry(found, configuration.tokens.refresh_lifetime);
  if (now < last_expiry)
    throw CommandFailed(
        fmt::format("refresh tokens that {} made may be in use until {}: wait, or say --force, after which their users "
                    "must sign in again",
                    kid, format_instant(last_expiry)));
}

ExitCode retire(const Arguments& arguments, Console& console) {
  const std::string kid = arguments.get("KID");
  Session session = open_provider(arguments);
  const Instant now = session->clock.now();
  const Found found = find_key(session, kid);
  if (is_retired(found.key, now)) throw CommandFailed(fmt::format("{} is retired already", kid));
  if (!arguments.has("--force")) check_retirement(found, session.configuration().provider.value(), now);
  // There is always a key for new tokens: where this one was the last, its successor comes first.
  const auto remains = [&](const StoredKey& key) {
    return key.id != found.key.id && !is_retired(key, now) && key.active_from <= now;
  };
  if (std::ranges::none_of(found.keys, remains)) add_key(*session, found.key.purpose, now);
  if (!block_on(session->storage->keys().retire_key(found.key.id, now)))
    throw CommandFailed(fmt::format("there is no key {}", kid));
  if (wants_json(arguments))
    print_json(console, json::object{{"kid", kid}, {"retired_at", format_rfc3339(now)}});
  else
    console.out << fmt::format("Retired {}: what it made is void within a second.\n", kid);
  return ExitCode::done;
}

const std::array kCommands = {
    Command{"list",
            "Lists the keys that sign access tokens and protect refresh tokens.",
            "chatelaine key list",
            "a table; as JSON a list of {\"kid\",\"purpose\",\"state\",\"created_at\",\"active_from\",\"retired_at\"}.",
            {},
            list},
    Command{"rotate",
            "Adds a key. A signing key is published five minutes (the JWKS' cache lifetime) and ten seconds before it "
            "signs, so that no verification fails; a key for refresh tokens makes them after ten seconds.",
            "chatelaine key rotate",
            "a sentence; as JSON {\"kid\",\"purpose\",\"active_from\"}.",
            {{ArgumentKind::value, "--purpose", "PURPOSE", "sign_tokens (the default) or refresh_tokens"},
             {ArgumentKind::flag, "--now", "", "Use it at once: where the one before it leaked"}},
            rotate},
    Command{"retire",
            "Makes a key verify nothing any more: every token that it made is void. Without --force only a key that "
            "has a successor, and for refresh tokens once the last that it made has expired (refresh_lifetime).",
            "chatelaine key retire 3q2-7w",
            "a sentence; as JSON {\"kid\",\"retired_at\"}.",
            {{ArgumentKind::positional, "KID", "", "As `key list` shows it"},
             {ArgumentKind::flag, "--force", "",
              "Also the key that makes the new tokens, or made refresh tokens that may be in use"}},
            retire},
};

}  // namespace

CommandGroup key_commands() { return {"key", "The server's own keys.", kCommands}; }

}  // namespace chatelaine::app
