#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string_view>

#include "base/task.hpp"
#include "gateway/call_ledger.hpp"
#include "net/upstream.hpp"
#include "oauth/tokens/access_token.hpp"
#include "tokens/key_ring.hpp"
#include "tokens/verifier.hpp"

namespace chatelaine::gateway {

/// What the gateway asks of others, as functions, so that tests can stand in for them. None may be a capturing
/// coroutine itself.
using VerifyToken = std::function<Task<std::expected<std::shared_ptr<const oauth::AccessToken>, tokens::TokenFault>>(
    std::string_view token)>;
using CurrentSigningKey = std::function<Task<crypto::SigningKey>()>;
using SendUpstream = std::function<Task<std::expected<net::Response, net::UpstreamError>>(net::UpstreamRequest)>;

/// Never waits.
using RecordCall = std::function<void(storage::CallRecord)>;

struct GuardParts {
  VerifyToken verify;
  CurrentSigningKey signing_key;
  RecordCall record;
};

/// The real ones; what they refer to outlives them.
[[nodiscard]] GuardParts make_guard_parts(tokens::Verifier& verifier, tokens::KeyRing& keys, CallLedger& ledger);
/// Empty where `upstream` is null.
[[nodiscard]] SendUpstream make_sender(net::Upstream* upstream);

}  // namespace chatelaine::gateway
