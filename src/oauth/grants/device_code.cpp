#include "oauth/grants/device_code.hpp"

#include <utility>

#include "oauth/grants/remaining_scope.hpp"

namespace chatelaine::oauth {

DeviceCodeDecision decide_device_code(const DeviceCode* code, const Client& client, const Form& request,
                                      const ProtectedResources& resources, Instant now) {
  const auto refused = [](ErrorCode error, std::string_view sentence, std::string detail = {}) -> DeviceCodeDecision {
    return refuse(error, std::string(sentence), std::move(detail)).error();
  };
  // One sentence for all of these: a stranger who tries codes learns nothing of them.
  constexpr std::string_view kUnknown = "The device code is unknown, used, or was issued to another client.";

  if (request.get_or_empty("device_code").empty())
    return refused(ErrorCode::invalid_request, "The parameter device_code is missing.");
  if (code == nullptr) return refused(ErrorCode::invalid_grant, kUnknown, "unknown device code");
  if (code->client_id != client.id) return refused(ErrorCode::invalid_grant, kUnknown, "device code of another client");
  auto scope = find_remaining_scope(code->scope, client);
  if (!scope) return std::move(scope.error());
  auto target = narrow_target(request, *scope, code->resources, resources);
  if (!target) return std::move(target.error());
  if (std::holds_alternative<DeviceDenied>(code->answer))
    return refused(ErrorCode::access_denied, "The user did not allow it.");
  if (code->expires_at <= now)
    return refused(ErrorCode::expired_token,
                   "The device code has expired: ask for another one once the user wants to try again.");
  const auto* allowed = std::get_if<DeviceAllowed>(&code->answer);
  if (allowed == nullptr) return PollDeviceCode{};
  return RedeemDeviceCode{*allowed, std::move(*scope), std::move(*target)};
}

DevicePoll judge_poll(const DeviceCode& code, Instant now) {
  return code.polled_at && now < *code.polled_at + code.interval ? DevicePoll::too_early : DevicePoll::in_time;
}

OAuthError describe_poll(DevicePoll poll) {
  switch (poll) {
    case DevicePoll::in_time:
      return refuse(ErrorCode::authorization_pending, "The user has not answered yet: ask again after the interval.")
          .error();
    case DevicePoll::too_early:
      return refuse(ErrorCode::slow_down,
                    "The user has not answered yet, and this came too early: from now on wait 5 seconds longer before "
                    "each request.")
          .error();
  }
  std::unreachable();
}

bool awaits_answer(const DeviceCode* found, const Client* client, Instant now) {
  return found != nullptr && std::holds_alternative<DeviceUnanswered>(found->answer) && now < found->expires_at &&
         client != nullptr && client->may_use(GrantType::device_code);
}

// The operator may have narrowed the client since the device asked.
Scope requested_scope(const DeviceCode& code, const Client& client) {
  return code.scope.intersected_with(client.grantable_scope());
}

}  // namespace chatelaine::oauth
