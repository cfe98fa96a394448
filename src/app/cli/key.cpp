#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <ostream>

#include "app/cli/command.hpp"
#include "app/cli/key_import.hpp"
#include "app/cli/key_options.hpp"
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

/// Adds a key that makes new tokens from `active_from`: a signing key where there is an algorithm. Gives its kid.
std::string add_key(Foundation& foundation, std::optional<crypto::SignatureAlgorithm> algorithm, Instant active_from) {
  const Instant now = foundation.clock.now();
  if (!algorithm)
    return block_on(tokens::add_refresh_token_key(*foundation.storage, foundation.sealer, now, active_from,
                                                  foundation.randomness, foundation.ids));
  const auto key = crypto::SigningKey::generate(*algorithm);
  block_on(tokens::add_signing_key(*foundation.storage, foundation.sealer, key, now, active_from, foundation.ids));
  return key.id().value();
}

json::value to_json(const std::optional<crypto::SignatureAlgorithm>& algorithm) {
  if (!algorithm) return nullptr;
  return json::string(to_string(*algorithm));
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
  TextTable table({"KID", "PURPOSE", "ALGORITHM", "STATE", "CREATED", "ACTIVE FROM", "RETIRED"});
  for (const KeyPurpose purpose : {KeyPurpose::sign_tokens, KeyPurpose::refresh_tokens}) {
    const auto keys = block_on(session->storage->keys().list_keys(purpose));
    for (const StoredKey& key : keys) {
      const StoredKey* making = tokens::find_active(keys, key.algorithm, now);
      const std::string_view state = state_of(key, making, now);
      json::object row{{"kid", key.name},
                       {"purpose", to_text(purpose)},
                       {"algorithm", to_json(key.algorithm)},
                       {"state", state},
                       {"created_at", format_rfc3339(key.created_at)},
                       {"active_from", format_rfc3339(key.active_from)},
                       {"retired_at", nullptr}};
      if (key.retired_at) row["retired_at"] = format_rfc3339(*key.retired_at);
      rows.push_back(std::move(row));
      table.add({key.name, std::string(to_text(purpose)),
                 key.algorithm ? std::string(to_string(*key.algorithm)) : std::string("-"), std::string(state),
                 format_instant(key.created_at), format_instant(key.active_from),
                 key.retired_at ? format_instant(*key.retired_at) : std::string("-")});
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
  if (purpose == KeyPurpose::refresh_tokens && arguments.has("--algorithm"))
    throw WrongUsage("--algorithm is for --purpose sign_tokens alone");
  Session session = open_provider(arguments);
  std::optional<crypto::SignatureAlgorithm> algorithm;
  if (purpose == KeyPurpose::sign_tokens)
    algorithm = find_algorithm(arguments, session.configuration()).value_or(crypto::SignatureAlgorithm::ES256);
  make_first_keys(session);
  const Instant now = session->clock.now();
  const Instant active_from = arguments.has("--now") ? now : now + publication_of(purpose);
  const std::string kid = add_key(*session, algorithm, active_from);
  if (wants_json(arguments))
    print_json(console, json::object{{"kid", kid},
                                     {"purpose", text},
                                     {"algorithm", to_json(algorithm)},
                                     {"active_from", format_rfc3339(active_from)}});
  else
    console.out << fmt::format("Added {}. It makes new tokens from {}; {}\n", kid, format_instant(active_from),
                               algorithm ? "the one before it verifies until the last token that it signed has ended."
                                         : "older keys go on verifying until they are retired.");
  return ExitCode::done;
}

/// A key among those of its purpose and algorithm.
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
    std::erase_if(keys, [&](const StoredKey& other) { return other.algorithm != found.algorithm; });
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

/// Whether there is to be a key of that kind: one of an algorithm that was switched off needs no successor.
bool is_needed(const StoredKey& key, const ProviderConfiguration& configuration) {
  const auto& algorithms = configuration.keys.algorithms;
  return !key.algorithm || std::ranges::find(algorithms, *key.algorithm) != algorithms.end();
}

/// Throws where the key's tokens are in use still.
void check_retirement(const Found& found, const ProviderConfiguration& configuration, Instant now) {
  const std::string& kid = found.key.name;
  const StoredKey* making = tokens::find_active(found.keys, found.key.algorithm, now);
  if (is_needed(found.key, configuration) && making != nullptr && making->id == found.key.id)
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
  const ProviderConfiguration& configuration = session.configuration().provider.value();
  if (!arguments.has("--force")) check_retirement(found, configuration, now);
  // There is always a key for new tokens: where this one was the last that is to go on, its successor comes first.
  const auto remains = [&](const StoredKey& key) {
    return key.id != found.key.id && !key.retired_at && key.active_from <= now;
  };
  if (is_needed(found.key, configuration) && std::ranges::none_of(found.keys, remains))
    add_key(*session, found.key.algorithm, now);
  if (!block_on(session->storage->keys().retire_key(found.key.id, now)))
    throw CommandFailed(fmt::format("{} is retired already", kid));
  if (wants_json(arguments))
    print_json(console, json::object{{"kid", kid}, {"retired_at", format_rfc3339(now)}});
  else
    console.out << fmt::format("Retired {}: what it made is void within a second{}.\n", kid,
                               found.key.algorithm ? ", and for those who cache the JWKS within a minute" : "");
  return ExitCode::done;
}

const std::array kCommands = {
    Command{"list",
            "Lists the keys that sign access tokens and protect refresh tokens.",
            "chatelaine key list",
            "a table; as JSON a list of {\"kid\",\"purpose\",\"algorithm\",\"state\",\"created_at\",\"active_from\","
            "\"retired_at\"}. The state is `published`, `in use`, `verifies` or `retired`.",
            {},
            list},
    Command{
        "rotate",
        "Adds a key. A signing key is published a minute (the JWKS' cache lifetime) and ten seconds before it signs, "
        "so that no verification fails, and the one before it retires by itself once the last token that it signed "
        "has ended; `[keys] rotate_every` does the same by the clock. A key for refresh tokens makes them after ten "
        "seconds.",
        "chatelaine key rotate --algorithm RS256",
        "a sentence; as JSON {\"kid\",\"purpose\",\"algorithm\",\"active_from\"}.",
        {{ArgumentKind::value, "--algorithm", "ALG", "One of `[keys] algorithms`; ES256 without it"},
         {ArgumentKind::value, "--purpose", "PURPOSE", "sign_tokens (the default) or refresh_tokens"},
         {ArgumentKind::flag, "--now", "", "Use it at once: where the one before it leaked"}},
        rotate},
    Command{"retire",
            "Makes a key verify nothing any more: every token that it made is void, in every process within a second, "
            "and for those who cache the JWKS within a minute. Sessions and refresh tokens go on. Without --force only "
            "a key that has a successor, and for refresh tokens once the last that it made has expired "
            "(refresh_lifetime). Where --force leaves none to make tokens, a new key does so at once.",
            "chatelaine key retire 3q2-7w",
            "a sentence; as JSON {\"kid\",\"retired_at\"}.",
            {{ArgumentKind::positional, "KID", "", "As `key list` shows it"},
             {ArgumentKind::flag, "--force", "",
              "Also the key that makes the new tokens, or made refresh tokens that may be in use"}},
            retire},
    Command{
        "import",
        "Adds a signing key that was made elsewhere: PEM (PKCS #8, SEC 1, PKCS #1) without a passphrase, or a private "
        "JWK, of P-256, RSA (2048 to 4096 bits) or Ed25519, in a file that its owner alone may read. Its kid is its "
        "RFC 7638 thumbprint. It is published and signs as after `key rotate`. Remove the file afterwards: the "
        "database holds the key sealed.",
        "chatelaine key import signing.pem --algorithm PS256",
        "a sentence; as JSON {\"kid\",\"algorithm\",\"active_from\"}.",
        {{ArgumentKind::positional, "FILE", "", "The private key"},
         {ArgumentKind::value, "--algorithm", "ALG",
          "What it signs with; without it the JWK's `alg`, or the key type's: ES256, RS256, EdDSA"},
         {ArgumentKind::flag, "--now", "", "Sign with it at once"}},
        import_key},
};

}  // namespace

CommandGroup key_commands() { return {"key", "The server's own keys.", kCommands}; }

}  // namespace chatelaine::app
