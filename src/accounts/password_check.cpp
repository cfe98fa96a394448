#include "accounts/password_check.hpp"

#include <fmt/format.h>

#include "base/unavailable.hpp"

namespace chatelaine::accounts {
namespace {

std::string describe(seconds wait) {
  if (wait < std::chrono::minutes{2}) return fmt::format("{} seconds", wait.count());
  return fmt::format("{} minutes", std::chrono::ceil<std::chrono::minutes>(wait).count());
}

}  // namespace

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
  const auto rounded = std::chrono::ceil<seconds>(wait);
  pages::ErrorPage page;
  page.status = 429;
  page.title = "Too many attempts";
  page.what_happened =
      "Too many wrong passwords were sent for this account, or from your network. Nothing was checked this time, and "
      "nothing was changed.";
  page.what_to_do = fmt::format(
      "Wait {}, go back and try again. A browser in which you have signed in before does not wait for what others try.",
      describe(rounded));
  net::Response response = pages::render_error(context.renderer, page);
  response.add_header("Retry-After", std::to_string(rounded.count()));
  return response;
}

}  // namespace chatelaine::accounts
