#include "accounts/sessions.hpp"

#include <algorithm>

#include "base/base64url.hpp"
#include "oauth/handle.hpp"
#include "storage/fault.hpp"

namespace chatelaine::accounts {
namespace {

constexpr std::string_view kSessionPrefix = "ctl_se_";
constexpr milliseconds kTouchInterval{std::chrono::minutes{1}};

// The session that the cookie proves, alive or not.
Task<std::optional<storage::SessionOwner>> find_owner(const Context& context, const net::Request& request) {
  const auto cookie = request.cookie(context.session_cookie);
  if (!cookie) co_return std::nullopt;
  const auto handle = oauth::parse_handle(kSessionPrefix, *cookie);
  if (!handle) co_return std::nullopt;
  const storage::SessionId id{handle->id};
  auto owner = co_await context.storage.sessions().find_session(id);
  if (!owner || !crypto::equal_in_constant_time(owner->session.secret_hash, handle->hash())) co_return std::nullopt;
  co_return owner;
}

bool is_alive(const storage::Session& session, const SessionLifetimes& lifetimes, Instant now) {
  return now < session.expires_at && now < session.last_seen_at + lifetimes.idle;
}

// A disk that is full must not sign anybody out of what can still be read.
Task<void> touch(const Context& context, storage::Session& session, Instant now) {
  try {
    co_await context.storage.sessions().touch_session(session.id, now);
    session.last_seen_at = now;
  } catch (const storage::StorageFault& fault) {
    context.log.warning("A session's use could not be noted", {{"cause", fault.what()}});
  }
}

}  // namespace

Task<std::optional<SignedIn>> find_signed_in(const Context& context, const net::Request& request) {
  auto owner = co_await find_owner(context, request);
  const Instant now = context.clock.now();
  if (!owner || !owner->user.enabled || !is_alive(owner->session, context.settings.lifetimes, now)) {
    co_return std::nullopt;
  }
  // A shorter idle lifetime than the interval must not end a session that is in use.
  const milliseconds interval = std::min(kTouchInterval, context.settings.lifetimes.idle / 4);
  if (now - owner->session.last_seen_at >= interval) co_await touch(context, owner->session, now);
  // Bound to the hash: the session's own secret never leaves its cookie.
  std::string binding = base64url_encode(owner->session.secret_hash.view());
  co_return SignedIn{std::move(owner->user), owner->session, std::move(binding)};
}

NewSession make_session(const Context& context, oauth::UserId user_id, Instant authenticated_at) {
  const auto id = context.ids.next<storage::SessionTag>();
  const oauth::Handle handle = oauth::make_handle(id.value, context.randomness);
  const Instant now = context.clock.now();
  const auto lifetime = std::chrono::duration_cast<seconds>(context.settings.lifetimes.absolute);
  return {.session = {id, handle.hash(), user_id, authenticated_at, now, now + context.settings.lifetimes.absolute},
          .set_cookie = net::make_set_cookie(context.settings.cookie_security, context.session_cookie,
                                             oauth::format_handle(kSessionPrefix, handle), lifetime)};
}

Task<std::optional<std::string>> begin_session(const Context& context, const net::Request& request,
                                               const storage::User& user, Instant authenticated_at) {
  NewSession next = make_session(context, user.id, authenticated_at);
  const bool is_kept = co_await context.storage.sessions().begin_session(next.session, user.password_hash);
  if (!is_kept) co_return std::nullopt;
  co_await end_session(context, request);
  co_return std::move(next.set_cookie);
}

Task<void> end_session(const Context& context, const net::Request& request) {
  const auto owner = co_await find_owner(context, request);
  if (owner) co_await context.storage.sessions().end_session(owner->session.id);
}

}  // namespace chatelaine::accounts
