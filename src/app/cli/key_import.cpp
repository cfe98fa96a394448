#include "app/cli/key_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "app/cli/key_options.hpp"
#include "app/wiring/secret_file.hpp"
#include "base/block_on.hpp"
#include "crypto/private_key.hpp"
#include "tokens/key_ring.hpp"

namespace chatelaine::app {
namespace {

constexpr std::size_t kLargestFile = 64 * 1024;

/// Throws with a sentence that shows nothing of the key.
crypto::SigningKey read_key(const std::string& file, std::optional<crypto::SignatureAlgorithm> algorithm) {
  const auto text = read_secret_file(file, Permissions::ours_alone, kLargestFile);
  if (!text) throw CommandFailed(fmt::format("{} {}", file, text.error()));
  auto key = crypto::parse_private_key(text->reveal(), algorithm);
  if (!key) throw CommandFailed(fmt::format("{} cannot be imported: {}", file, key.error()));
  return std::move(*key);
}

bool is_known(Session& session, const crypto::KeyId& kid) {
  const auto keys = block_on(session->storage->keys().list_keys(storage::KeyPurpose::sign_tokens));
  return std::ranges::find(keys, kid.value(), &storage::StoredKey::name) != keys.end();
}

}  // namespace

ExitCode import_key(const Arguments& arguments, Console& console) {
  Session session = open_provider(arguments);
  const auto key = read_key(arguments.get("FILE"), find_algorithm(arguments, session.configuration()));
  check_algorithm(key.algorithm(), session.configuration());
  make_first_keys(session);
  // RFC 8725 §3.1: one key, one algorithm; the thumbprint does not tell RS256 from PS256.
  if (is_known(session, key.id()))
    throw CommandFailed(fmt::format("{} is among the keys already, or was until it was retired", key.id().value()));
  const Instant now = session->clock.now();
  const Instant active_from = arguments.has("--now") ? now : now + tokens::kPublishedBeforeSigning;
  block_on(tokens::add_signing_key(*session->storage, session->sealer, key, now, active_from, session->ids));
  if (wants_json(arguments))
    print_json(console, json::object{{"kid", key.id().value()},
                                     {"algorithm", to_string(key.algorithm())},
                                     {"active_from", format_rfc3339(active_from)}});
  else
    console.out << fmt::format("Imported {} for {}. It makes new tokens from {}; remove the file now.\n",
                               key.id().value(), to_string(key.algorithm()), format_instant(active_from));
  return ExitCode::done;
}

}  // namespace chatelaine::app
