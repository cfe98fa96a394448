#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "inspection/outside.hpp"
#include "rehearsal/mcp_talk.hpp"
#include "rehearsal/part.hpp"

namespace chatelaine::rehearsal {

/// The URL of a GET that needs no parameters, in the API that `description` (of `base`, where that was found)
/// describes; nothing where there is none, or no description.
[[nodiscard]] std::optional<std::string> find_safe_call(std::string_view description, const HttpUrl& base);

/// Calls the API with access tokens, as the assistant does: an operation of a plugin or an action, the tools of a
/// connector.
class ApiCaller {
 public:
  ApiCaller(inspection::Outside& outside, const oauth::AssistantProfile& profile);

  /// What it will call. `description`: of a plugin's or action's API.
  void prepare(const Given& given, const Server& server, const std::optional<inspection::Visit>& description);

  /// The first call, and all that goes with it.
  [[nodiscard]] Task<Remarks> call_first(std::string_view access_token);
  /// A call whose answer shows whether the token is taken; nothing where it is not known what to call.
  [[nodiscard]] Task<std::optional<inspection::Visit>> call_again(std::string_view access_token);

 private:
  [[nodiscard]] Task<Remarks> call_tools(std::string access_token);
  /// Whether `initialize` has brought a conversation; what was noticed goes into `remarks`.
  [[nodiscard]] Task<bool> begin_conversation(std::string access_token, Remarks& remarks);

  inspection::Outside& outside_;
  const oauth::AssistantProfile& profile_;
  std::string url_;
  McpConversation conversation_;
};

}  // namespace chatelaine::rehearsal
