#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "crypto/digest.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::storage {

using ConfirmationId = Id<struct ConfirmationTag>;

enum class ConfirmationState : std::uint8_t { asked, approved, denied };
[[nodiscard]] std::string_view to_string(ConfirmationState state);
[[nodiscard]] std::optional<ConfirmationState> parse_confirmation_state(std::string_view text);

/// A call of the API that its user is asked about before it goes through (docs/adr/0021).
struct Confirmation {
  ConfirmationId id;
  oauth::GrantId grant_id;
  /// Of everything that the call says: an approval is for this call and no other.
  crypto::Sha256 call_hash;
  /// As the ledger names it.
  std::string operation;
  /// What a person reads, whole: method, path, query and described headers, and the body where it is text.
  std::string call;
  std::string body;
  Instant asked_at;
  Instant expires_at;
  ConfirmationState state = ConfirmationState::asked;
  /// The grant's, as storage has it.
  oauth::ClientId client_id;
};

class Confirmations {
 public:
  /// So many questions of one grant may wait at a time.
  static constexpr std::uint32_t kMostWaiting = 20;

  virtual ~Confirmations() = default;
  /// Keeps the question and gives its id; of one that is there already and has not expired: that one's, whatever has
  /// been decided. Nothing where too many wait, or the grant is gone or has ended.
  virtual Task<std::optional<ConfirmationId>> ask_confirmation(const Confirmation& question, Instant now) = 0;
  /// The question about this call, if there is one that has not expired.
  virtual Task<std::optional<Confirmation>> find_confirmation_of_call(oauth::GrantId grant_id, crypto::Sha256 call_hash,
                                                                      Instant now) = 0;
  /// The user's own question by that id, if it has not expired and its grant has not ended.
  virtual Task<std::optional<Confirmation>> find_confirmation(ConfirmationId id, oauth::UserId user_id,
                                                              Instant now) = 0;
  /// What waits for the user's word, the oldest first.
  virtual Task<std::vector<Confirmation>> list_waiting_confirmations(oauth::UserId user_id, Instant now) = 0;
  /// Decides a question of that user's that waits; the ledger records it. False where there is none.
  virtual Task<bool> decide_confirmation(ConfirmationId id, oauth::UserId user_id, ConfirmationState decision,
                                         Instant now, Instant expires_at) = 0;
  /// Takes the approval away, so that it serves once. True: there was one.
  virtual Task<bool> spend_confirmation(ConfirmationId id, Instant now) = 0;
};

}  // namespace chatelaine::storage
