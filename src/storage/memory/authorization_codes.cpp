#include <algorithm>

#include "storage/memory/nouns.hpp"

namespace chatelaine::storage::memory {
namespace {

class MemoryAuthorizationCodes final : public AuthorizationCodes {
 public:
  explicit MemoryAuthorizationCodes(Tables& tables) : tables_(tables) {}

  Task<void> add_authorization_code(const oauth::AuthorizationCode& code, SessionId session_id) override {
    const std::scoped_lock lock(tables_.mutex);
    if (!tables_.is_session_of(session_id, code.user_id) || tables_.find_client(code.client_id) == nullptr) co_return;
    tables_.authorization_codes.emplace(code.id, code);
  }

  Task<std::optional<oauth::AuthorizationCode>> find_authorization_code(oauth::AuthorizationCodeId id) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.authorization_codes.find(id);
    if (found == tables_.authorization_codes.end()) co_return std::nullopt;
    co_return found->second;
  }

  Task<RedeemCodeOutcome> redeem_authorization_code(
      oauth::AuthorizationCodeId id, const oauth::Grant& grant,
      const std::optional<oauth::OpaqueAccessToken>& access_token) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto code = tables_.authorization_codes.find(id);
    if (code == tables_.authorization_codes.end()) co_return CodeUnknown{};
    if (tables_.find_enabled_user(code->second.user_id) == nullptr) co_return CodeUnknown{};
    if (code->second.grant_id) co_return CodeAlreadyRedeemed{*code->second.grant_id};
    code->second.grant_id = grant.id;
    code->second.expires_at = std::max(code->second.expires_at, grant.expires_at);
    tables_.add_grant(grant);
    tables_.keep(access_token);
    co_return CodeRedeemed{};
  }

 private:
  Tables& tables_;
};

}  // namespace

std::unique_ptr<AuthorizationCodes> make_authorization_codes(Tables& tables) {
  return std::make_unique<MemoryAuthorizationCodes>(tables);
}

}  // namespace chatelaine::storage::memory
