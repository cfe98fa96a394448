#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/clients/initial_access_token.hpp"

namespace chatelaine::storage {

/// A client that somebody registers of whom we know nothing (RFC 7591 §3, open registration).
struct OpenRegistration {
  oauth::Client client;
  /// Of a public client: what it has in common with others that ask for the same (oauth::digest_metadata).
  std::optional<crypto::Sha256> metadata_digest;
  /// When it is removed, unless a consent or a grant has come of it until then.
  Instant unused_until;
};

/// What all strangers' registrations together are kept within.
struct RegistrationBounds {
  /// So many public clients that ask for the same are clients of their own; those after them are one.
  std::uint32_t most_of_their_own = 0;
  /// So many clients that nobody has used yet there may be.
  std::uint32_t most_unused = 0;
  /// Where there are so many, one that was registered before makes room.
  Instant makes_room_before;
};

/// Which clients to list, newest first.
struct ClientPage {
  /// A client's place in that order; it holds when the client has gone.
  struct Place {
    Instant created_at;
    oauth::ClientId id;
  };

  /// Where the page before this one ended.
  std::optional<Place> before;
  std::uint32_t most = 50;
};

/// What of a client is another after a change, as the names of its metadata (RFC 7591 §2), in the order of
/// oauth::Client with a blank between: "redirect_uris scope". Empty where nothing is.
[[nodiscard]] std::string describe_change(const oauth::Client& before, const oauth::Client& after);

class Clients {
 public:
  virtual ~Clients() = default;
  /// Null where there is none. Cached; see Storage::change_count.
  virtual Task<std::shared_ptr<const oauth::Client>> find_client(oauth::ClientId id) = 0;
  /// Oldest first.
  virtual Task<std::vector<oauth::Client>> list_clients() = 0;
  /// Newest first, by `created_at` and then by id. Bounded, since strangers may register by the thousand.
  virtual Task<std::vector<oauth::Client>> list_newest_clients(ClientPage page) = 0;
  virtual Task<std::uint64_t> count_clients() = 0;
  /// False where the id is taken; nothing is changed then.
  virtual Task<bool> add_client(const oauth::Client& client) = 0;
  /// Replaces everything but `id` and `created_at`. False where there is none. The ledger is told what is another now
  /// (describe_change).
  virtual Task<bool> update_client(const oauth::Client& client, Instant now) = 0;
  /// Keeps what a client's own document says, accepted at `now`: adds the client, or replaces everything but
  /// `created_at` of one that came of a document too. Where its redirect URIs, authentication methods or keys are
  /// others than before, what users have allowed it is forgotten in the same step, so that they are asked again; their
  /// grants go on. False where the id is another kind of client's, or where it would be a new one and there are `most`
  /// already, accepted in the last two hours, that nobody has allowed anything. remove_expired removes such a client an
  /// hour after it was last accepted.
  virtual Task<bool> put_document_client(const oauth::Client& client, Instant now, std::uint32_t most) = 0;
  /// Keeps a stranger's client, and gives it as it is kept. Where a public one asks for the same as
  /// `most_of_their_own` others, it is kept without its registration access token, to be shared: whoever asks for the
  /// same from then on is given that one, which nobody can change, and its time begins anew. Nothing where it was not
  /// kept: there are too many that nobody uses, or the id is taken.
  virtual Task<std::optional<oauth::Client>> register_client(const OpenRegistration& registration,
                                                             const RegistrationBounds& bounds) = 0;
  /// Uses the initial access token once and keeps the client: both or neither. False where the token is unknown, used
  /// up or expired, or the id is taken.
  virtual Task<bool> register_client_with_token(const oauth::Client& client, oauth::InitialAccessTokenId token_id,
                                                Instant now) = 0;
  /// As `update_client`, for a client that changes itself. `client.replaced_registration_token_hash` is of the token
  /// that it presented: false where that is neither its own nor the one before it. Where its redirect URIs change,
  /// users are asked again: what they have allowed it is forgotten.
  virtual Task<bool> replace_registration(const oauth::Client& client, Instant now) = 0;
  /// Removes the client with its codes, consents, grants and access tokens; the ledger keeps that they ended. False
  /// where there is none.
  virtual Task<bool> remove_client(oauth::ClientId id, Instant now) = 0;
};

}  // namespace chatelaine::storage
