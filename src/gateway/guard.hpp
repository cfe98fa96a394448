#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/log.hpp"
#include "base/time.hpp"
#include "gateway/identity.hpp"
#include "gateway/parts.hpp"
#include "gateway/settings.hpp"
#include "net/request.hpp"
#include "net/response.hpp"

namespace chatelaine::gateway {

/// The call goes through, and nobody is named to the API: a preflight, or a public path.
struct WithoutIdentity {};

/// The call goes through in this caller's name.
struct Caller {
  /// Nothing of one that was only admitted.
  std::shared_ptr<const Identity> identity;
  /// As it came, in the request's own memory.
  std::string_view token;
  /// What the token says, of its scope only what means something here.
  std::shared_ptr<const oauth::AccessToken> access;
  /// As the ledger and the limits name it (name_call).
  std::string operation;
  storage::CallDoor door = storage::CallDoor::gateway;
  Instant began;
  /// Null where no description tells of the call.
  const openapi::Operation* described = nullptr;
  /// The call goes through only after Guard::confirm.
  bool awaits_approval = false;
  /// How the tightest of the limits stands; nothing where none counts.
  std::optional<limits::BucketState> limit;
};

/// What becomes of a call; a response refuses it.
using Decision = std::variant<WithoutIdentity, Caller, net::Response>;

/// Decides on calls of the API: of those that come through the Gateway, and of those that a proxy asks about (Check).
/// Thread-safe.
class Guard {
 public:
  /// `clock` and `log` outlive it.
  Guard(GuardParts parts, const Clock& clock, Log& log);
  ~Guard();
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

  /// Looks at method, path and headers of `call` alone. In this order: a path that could be read in two ways is 400;
  /// TRACE 405; preflights and public paths go through without identity; no token is 401, an unreadable Authorization
  /// 400, a token that is of no use 401; one that allows nothing here 403; an unlisted operation 404; a closed one
  /// and a missing scope 403; a sign-in that is too old for a call that asks for a fresh one 401. `call` and `settings`
  /// outlive the task. A call that is refused although its token is good is recorded.
  [[nodiscard]] Task<Decision> decide(const net::Request& call, const GatewaySettings& settings,
                                      storage::CallDoor door);
  /// Asks its user about a call that awaits that. `body`: what the API will read. Nothing: the call may go through,
  /// once; a refusal is recorded. The arguments outlive the task.
  [[nodiscard]] Task<std::optional<net::Response>> confirm(const net::Request& call, std::string_view body,
                                                           const Caller& caller, const GatewaySettings& settings);
  /// Who calls, for a door that has more to say than one call: the same of the token alone, whatever is called. Nothing
  /// is recorded or counted, and nobody named to the API.
  [[nodiscard]] Task<std::expected<Caller, net::Response>> admit(const net::Request& request,
                                                                 const GatewaySettings& settings);
  /// Records what became of a call that went through.
  void note(const Caller& caller, const GatewaySettings& settings, int status);
  /// The body of an answer to that caller, for as long as the token lives (THREATS N13).
  [[nodiscard]] std::unique_ptr<net::BodySource> guard(std::unique_ptr<net::BodySource> body, const Caller& caller);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chatelaine::gateway
