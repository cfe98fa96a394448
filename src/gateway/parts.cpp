#include "gateway/parts.hpp"

namespace chatelaine::gateway {
namespace {

Task<crypto::SigningKey> read_signing_key(tokens::KeyRing& keys) {
  const auto current = co_await keys.current();
  // ES256, whatever signs access tokens: it is always there, and quick.
  co_return current->signing_key(crypto::SignatureAlgorithm::ES256);
}

}  // namespace

GuardParts make_guard_parts(tokens::Verifier& verifier, tokens::KeyRing& keys, CallLedger& ledger) {
  return {.verify = [&verifier](std::string_view token) { return verifier.verify(token); },
          .signing_key = [&keys] { return read_signing_key(keys); },
          .record = [&ledger](storage::CallRecord call) { ledger.record(std::move(call)); }};
}

SendUpstream make_sender(net::Upstream* upstream) {
  if (upstream == nullptr) return nullptr;
  return [upstream](net::UpstreamRequest request) { return upstream->send(std::move(request)); };
}

}  // namespace chatelaine::gateway
