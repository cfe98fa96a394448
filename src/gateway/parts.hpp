#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "base/task.hpp"
#include "gateway/call_ledger.hpp"
#include "gateway/confirmation.hpp"
#include "net/upstream.hpp"
#include "oauth/authorize/consent.hpp"
#include "oauth/tokens/access_token.hpp"
#include "tokens/key_ring.hpp"
#include "tokens/verifier.hpp"

namespace chatelaine::gateway {

/// What the gateway asks of others, as functions, so that tests can stand in for them. None may be a capturing
/// coroutine itself.
using VerifyToken = std::function<Task<std::expected<std::shared_ptr<const oauth::AccessToken>, tokens::TokenRefusal>>(
    std::string_view token)>;
using CurrentSigningKey = std::function<Task<crypto::SigningKey>()>;
using SendUpstream = std::function<Task<std::expected<net::Response, net::UpstreamError>>(net::UpstreamRequest)>;

/// Never waits.
using RecordCall = std::function<void(storage::CallRecord)>;

/// When the user of a grant signed in for it; nothing where the grant is gone.
using FindSignIn = std::function<Task<std::optional<Instant>>(oauth::GrantId grant_id)>;
/// What the user of the token's grant has allowed its client at the resource; nothing where that is gone.
using FindConsent = std::function<Task<std::optional<oauth::Consent>>(const oauth::AccessToken& token,
                                                                      const oauth::Resource& resource)>;
/// See ask_user; the question needs no id yet.
using AskUser = std::function<Task<UsersAnswer>(storage::Confirmation question, Instant now)>;

struct GuardParts {
  VerifyToken verify;
  CurrentSigningKey signing_key;
  RecordCall record;
  FindSignIn find_sign_in;
  FindConsent find_consent;
  AskUser ask_user;
};

/// The real ones; what they refer to outlives them.
[[nodiscard]] GuardParts make_guard_parts(tokens::Verifier& verifier, tokens::KeyRing& keys, CallLedger& ledger,
                                          storage::Storage& storage, IdSequence& ids);
/// Empty where `upstream` is null.
[[nodiscard]] SendUpstream make_sender(net::Upstream* upstream);

}  // namespace chatelaine::gateway
