#pragma once

#include <functional>
#include <string>

#include "inspection/outside.hpp"
#include "rehearsal/answers.hpp"
#include "rehearsal/part.hpp"

namespace chatelaine::rehearsal {

/// What a code is exchanged by.
struct Exchange {
  const oauth::AssistantProfile& profile;
  const Server& server;
  const UsedRedirect& redirect;
  const OneTime& one_time;
  const oauth::AuthorizationCodeSecret& code;
  /// What goes with the next request of a client that proves itself by a key; empty for others.
  std::function<std::string()> make_assertion;
};

/// Exchanges the code as the assistant does. What is refused is sent once more in another way, and if that is taken,
/// the first way was at fault: with the profile's other method, which `client` has from then on; else as a form, with
/// redirect_uri; else, where that was the way, as JSON. All arguments outlive the await; `sent` as in `judge_tokens`.
[[nodiscard]] Task<TokenJudgement> exchange_code(inspection::Outside& outside, const Exchange& exchange, Client& client,
                                                 Sent sent);

}  // namespace chatelaine::rehearsal
