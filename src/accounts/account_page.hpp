#pragma once

#include "accounts/context.hpp"

namespace chatelaine::accounts {

/// What the account page says beside what it always shows; empty texts are left out.
struct AccountPage {
  int status = 200;
  std::string notice;
  std::string current_problem;
  std::string new_problem;
};

/// Parameters are values or outlive the task.
[[nodiscard]] Task<net::Response> render_account(const Context& context, const SignedIn& signed_in, AccountPage page);

}  // namespace chatelaine::accounts
