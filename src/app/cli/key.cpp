#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <ostream>

#include "app/cli/command.hpp"
#include "app/cli/session.hpp"
#include "app/cli/table.hpp"
#include "base/block_on.hpp"
#include "tokens/key_ring.hpp"

namespace chatelaine::app {
namespace {

using storage::KeyPurpose;
using storage::StoredKey;

std::string_view to_text(KeyPurpose purpose) {
  switch (purpose) {
    case KeyPurpose::sign_tokens:
      return "sign_tokens";
    case KeyPurpose::refresh_tokens:
      return "refresh_tokens";
  }
  return "";
}

bool is_retired(const StoredKey& key, Instant now) { return key.retired_at && *key.retired_at <= now; }

/// The key that makes new tokens: the newest that is active and not retired.
const StoredKey* find_making(const std::vector<StoredKey>& keys, Instant now) {
  const StoredKey* making = nullptr;
  for (const StoredKey& key : keys)
    if (!is_retired(key, now) && key.active_from <= now &&
        (making == nullptr || making->active_from <= key.active_from))
      making = &key;
  return making;
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

/// Adds a key that makes new tokens from `active_from`; refresh keys always do at once. Gives its kid.
std::string add_key(Foundation& foundation, KeyPurpose purpose, Instant active_from) {
  const Instant now = foundation.clock.now();
  switch (purpose) {
    case KeyPurpose::sign_tokens:
      return block_on(tokens::add_signing_key(*foundation.storage, foundation.sealer, now, active_from, foundation.ids))
          .value();
    case KeyPurpose::refresh_tokens:
      return block_on(tokens::add_refresh_token_key(*foundation.storage, foundation.sealer, now, foundation.randomness,
                                                    foundation.ids));
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
    const StoredKey* making = find_making(keys, now);
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
  const std::string purpose = arguments.get("--purpose", "sign_tokens");
  if (purpose != "sign_tokens" && purpose != "refresh_tokens")
    throw WrongUsage("--purpose takes sign_tokens or refresh_tokens");
  Session session = open_provider(arguments);
  make_first_keys(session);
  const Instant now = session->clock.now();
  // Verifiers that have cached the JWKS must have the key before it signs; refresh tokens are verified by us alone.
  const bool waits = purpose == "sign_tokens" && !arguments.has("--now");
  const Instant active_from = waits ? now + tokens::kJwksCacheLifetime : now;
  const std::string kid =
      add_key(*session, purpose == "sign_tokens" ? KeyPurpose::sign_tokens : KeyPurpose::refresh_tokens, active_from);
  if (wants_json(arguments))
    print_json(console, json::object{{"kid", kid}, {"purpose", purpose}, {"active_from", format_rfc3339(active_from)}});
  else
    console.out << fmt::format(
        "Added {}. It makes new tokens from {}; older keys go on verifying until they are "
        "retired.\n",
        kid, format_instant(active_from));
  return ExitCode::done;
}

ExitCode retire(const Arguments& arguments, Console& console) {
  const std::string kid = arguments.get("KID");
  Session session = open_provider(arguments);
  const Instant now = session->clock.now();
  std::optional<StoredKey> found;
  bool is_in_use = false;
  bool is_last = false;
  for (const KeyPurpose purpose : {KeyPurpose::sign_tokens, KeyPurpose::refresh_tokens}) {
    const auto keys = block_on(session->storage->keys().list_keys(purpose));
    const auto key = std::ranges::find(keys, kid, &StoredKey::name);
    if (key == keys.end()) continue;
    found = *key;
    is_in_use = find_making(keys, now) == &*key;
    is_last = std::ranges::count_if(
                  keys, [&](const StoredKey& k) { return !is_retired(k, now) && k.active_from <= now; }) == 1;
  }
  if (!found) throw CommandFailed(fmt::format("there is no key {}", kid));
  if (is_retired(*found, now)) throw CommandFailed(fmt::format("{} is retired already", kid));
  if (is_in_use && !arguments.has("--force"))
    throw CommandFailed(
        fmt::format("{} makes the new tokens: rotate first, or say --force, after which every token that it made is "
                    "void and the next key takes over",
                    kid));
  // There is always a key for new tokens: where this one was the last, its successor comes first.
  if (is_in_use && is_last) add_key(*session, found->purpose, now);
  if (!block_on(session->storage->keys().retire_key(found->id, now)))
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
            "Adds a key. A signing key is published five minutes (the JWKS' cache lifetime) before it signs, so that "
            "no verification fails.",
            "chatelaine key rotate",
            "a sentence; as JSON {\"kid\",\"purpose\",\"active_from\"}.",
            {{ArgumentKind::value, "--purpose", "PURPOSE", "sign_tokens (the default) or refresh_tokens"},
             {ArgumentKind::flag, "--now", "", "Sign with it at once: for a key that leaked"}},
            rotate},
    Command{"retire",
            "Makes a key verify nothing any more: every token that it made is void.",
            "chatelaine key retire 3q2-7w",
            "a sentence; as JSON {\"kid\",\"retired_at\"}.",
            {{ArgumentKind::positional, "KID", "", "As `key list` shows it"},
             {ArgumentKind::flag, "--force", "", "Also the key that makes the new tokens"}},
            retire},
};

}  // namespace

CommandGroup key_commands() { return {"key", "The server's own keys.", kCommands}; }

}  // namespace chatelaine::app
