#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "inspection/outside.hpp"
#include "oauth/assistants/assistant_profile.hpp"
#include "rehearsal/messages.hpp"
#include "rehearsal/part.hpp"
#include "rehearsal/refusal.hpp"
#include "relying_party/token_exchange.hpp"

/// What the assistant makes of the server's answers. Pure: answers in, remarks out.
namespace chatelaine::rehearsal {

struct RegistrationJudgement {
  Remarks remarks;
  std::optional<Client> client;
};
/// RFC 7591 §3.2: what the registration endpoint answered to a request for the method `wanted`.
[[nodiscard]] RegistrationJudgement judge_registration(const inspection::Visit& visit,
                                                       const oauth::AssistantProfile& profile, const Server& server,
                                                       oauth::AuthenticationMethod wanted);

struct ReturnJudgement {
  Remarks remarks;
  std::optional<oauth::AuthorizationCodeSecret> code;
};
/// RFC 6749 §4.1.2, RFC 9207 §2.4: where the browser was sent back to.
[[nodiscard]] ReturnJudgement judge_return(std::string_view location, const Speech& speech,
                                           const UsedRedirect& redirect, const OneTime& one_time);

struct TokenJudgement {
  Remarks remarks;
  std::optional<relying_party::TokenAnswer> tokens;
  /// `invalid_grant` …; empty where the answer is no error of OAuth.
  std::string error;
};
/// RFC 6749 §5: the answer to a code (`Point::token_answer`) or to a refresh token (`Point::refreshed`,
/// `refreshed_at_once`, `expired`), which is what `about` says.
[[nodiscard]] TokenJudgement judge_tokens(const inspection::Visit& visit, const oauth::AssistantProfile& profile,
                                          Point about, Sent sent);
/// What the first answer must have beyond being legal: a refresh token, and `expires_in`.
[[nodiscard]] Remarks judge_first_tokens(const relying_party::TokenAnswer& tokens,
                                         const oauth::AssistantProfile& profile);

/// What the API answered to a call with the token; `about`: `api_call`, or what the token came of. A call that fails
/// though the token was taken is about `call_answer`, and a fault where it is the API's (5xx).
[[nodiscard]] Remark judge_call(const inspection::Visit& visit, Point about);
/// MCP: what `tools/call` answered. A tool that fails (`isError`) answers with 200, and so does an error of JSON-RPC.
[[nodiscard]] Remark judge_tool_call(const inspection::Visit& visit, std::string_view tool);
/// A call with a token that has ended or was revoked: 401, or `worst`.
[[nodiscard]] Remark judge_refused_call(const inspection::Visit& visit, Point about, Verdict worst);

/// RFC 7009 §2.2.
[[nodiscard]] Remark judge_revocation(const inspection::Visit& visit);
/// RFC 6749 §5.2: a refresh after the grant has gone.
[[nodiscard]] Remarks judge_void_refresh(const inspection::Visit& visit, const oauth::AssistantProfile& profile,
                                         Sent sent);

/// RFC 7592 §2.3: what came of deleting the client that was registered. Nothing is a fault, since no assistant needs
/// it.
[[nodiscard]] Remark judge_removal(const inspection::Visit& visit, const oauth::ClientId& client);

/// GPT Actions: authorization URL, token URL and API under one root domain.
[[nodiscard]] Remarks judge_root_domains(const Server& server, const HttpUrl& api);

}  // namespace chatelaine::rehearsal
