#include "accounts/password_check.hpp"

#include "base/unavailable.hpp"

namespace chatelaine::accounts {

Task<std::expected<bool, milliseconds>> check_password(const Context& context, const limits::Throttle::Attempt& attempt,
                                                       const crypto::Password& password, const storage::User* user) {
  const auto wait = context.throttle->admit(attempt, context.throttle_limits->get(), context.clock.now());
  if (wait) co_return std::unexpected(*wait);
  std::optional<crypto::PasswordHash> hash;
  if (user != nullptr) hash = user->password_hash;
  try {
    const bool is_right = co_await context.passwords.check(password, hash);
    const bool is_proven = is_right && user != nullptr && user->enabled;
    if (is_proven) context.throttle->succeed(attempt);
    co_return is_proven;
  } catch (const Unavailable&) {
    context.throttle->take_back(attempt);
    throw;
  }
}

net::Response say_wait(const Context& context, milliseconds wait) {
  return pages::render_wait(context.renderer, wait,
                            "Too many wrong passwords were sent for this account, or from your network. Nothing was "
                            "checked this time, and nothing was changed.",
                            "A browser in which you have signed in before does not wait for what others try.");
}

}  // namespace chatelaine::accounts
