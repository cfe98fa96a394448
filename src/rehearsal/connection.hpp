#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "base/time.hpp"
#include "rehearsal/answers.hpp"
#include "rehearsal/api_caller.hpp"
#include "rehearsal/messages.hpp"
#include "rehearsal/redaction.hpp"
#include "rehearsal/stage.hpp"

namespace chatelaine::rehearsal {

/// What was asked for in a browser, and the code that it brought.
struct Authorization {
  UsedRedirect redirect;
  OneTime one_time;
  oauth::AuthorizationCodeSecret code;
};

/// Who speaks with whom; all of it outlives what is made of it.
struct Parties {
  const oauth::AssistantProfile& profile;
  const Server& server;
  /// Its method becomes the one that the token endpoint takes.
  Client& client;
};

/// The tokens that an assistant holds, and what it does with them: from the exchange of the code until it gives them
/// back. Each verb is a step of a rehearsal, and those after `begin` need that it is open.
class Connection {
 public:
  /// All references outlive it. `caller` is prepared before `begin`; what is secret goes into `redaction`.
  Connection(const Stage& stage, const Parties& parties, const Authorization& authorization, ApiCaller& caller,
             Redaction& redaction);

  /// Exchanges the code.
  [[nodiscard]] Task<Remarks> begin();
  /// Whether the exchange has brought tokens.
  [[nodiscard]] bool is_open() const { return is_open_; }
  [[nodiscard]] std::string_view access_token() const { return access_token_.reveal(); }

  /// Refreshes, and calls with what came of it.
  [[nodiscard]] Task<Remarks> refresh(Point about);
  [[nodiscard]] Task<Remarks> refresh_at_once();
  /// Waits for the access token's end, but no longer than `wait`: then it is refused, and can be refreshed.
  [[nodiscard]] Task<Remarks> outlive(seconds wait);
  [[nodiscard]] Task<Remarks> revoke();

 private:
  [[nodiscard]] std::string make_assertion();
  [[nodiscard]] Speech proven_speech();
  [[nodiscard]] std::vector<std::string_view> sent() const;
  void take_tokens(relying_party::TokenAnswer tokens);
  [[nodiscard]] Task<Remarks> try_token(Point about);
  [[nodiscard]] inspection::Question make_refresh();

  const Stage& stage_;
  const oauth::AssistantProfile& profile_;
  const Server& server_;
  Client& client_;
  const Authorization& authorization_;
  ApiCaller& caller_;
  Redaction& redaction_;
  bool is_open_ = false;
  oauth::AccessTokenSecret access_token_;
  std::optional<oauth::RefreshTokenSecret> refresh_token_;
  std::optional<seconds> expires_in_;
  /// Since the refreshes at once.
  bool is_grant_lost_ = false;
};

}  // namespace chatelaine::rehearsal
