#include "gateway/parts.hpp"

namespace chatelaine::gateway {
namespace {

Task<crypto::SigningKey> read_signing_key(tokens::KeyRing& keys) {
  const auto current = co_await keys.current();
  // ES256, whatever signs access tokens: it is always there, and quick.
  co_return current->signing_key(crypto::SignatureAlgorithm::ES256);
}

Task<std::optional<Instant>> find_sign_in(storage::Grants& grants, oauth::GrantId grant_id) {
  const auto grant = co_await grants.find_grant(grant_id);
  co_return grant ? std::optional(grant->authenticated_at) : std::nullopt;
}

Task<std::optional<oauth::Consent>> find_consent(storage::Storage& storage, const oauth::AccessToken& token,
                                                 const oauth::Resource& resource) {
  const auto grant = co_await storage.grants().find_grant(token.grant_id.value());
  if (!grant) co_return std::nullopt;
  co_return co_await storage.consents().find_consent(grant->user_id, token.client_id, resource);
}

Task<UsersAnswer> ask_with_id(storage::Confirmations& confirmations, IdSequence& ids, storage::Confirmation question,
                              Instant now) {
  question.id = ids.next<storage::ConfirmationTag>();
  co_return co_await ask_user(confirmations, question, now);
}

}  // namespace

GuardParts make_guard_parts(tokens::Verifier& verifier, tokens::KeyRing& keys, CallLedger& ledger,
                            storage::Storage& storage, IdSequence& ids) {
  return {
      .verify = [&verifier](std::string_view token) { return verifier.verify(token); },
      .signing_key = [&keys] { return read_signing_key(keys); },
      .record = [&ledger](storage::CallRecord call) { ledger.record(std::move(call)); },
      .find_sign_in = [&storage](oauth::GrantId grant_id) { return find_sign_in(storage.grants(), grant_id); },
      .find_consent = [&storage](const oauth::AccessToken& token,
                                 const oauth::Resource& resource) { return find_consent(storage, token, resource); },
      .ask_user = [&storage, &ids](
                      storage::Confirmation question,
                      Instant now) { return ask_with_id(storage.confirmations(), ids, std::move(question), now); }};
}

SendUpstream make_sender(net::Upstream* upstream) {
  if (upstream == nullptr) return nullptr;
  return [upstream](net::UpstreamRequest request) { return upstream->send(std::move(request)); };
}

}  // namespace chatelaine::gateway
