#include "oauth/grants/device_code.hpp"

#include "oauth/handle.hpp"
#include "provider/endpoints/token/grants.hpp"
#include "provider/endpoints/token/new_grant.hpp"
#include "provider/notes.hpp"

namespace chatelaine::provider::endpoints {
namespace {

/// The code that the handle names, where its secret is right.
Task<std::optional<oauth::DeviceCode>> find_code(const Context& context, const Form& form) {
  const auto handle = oauth::parse_handle(oauth::prefix::kDeviceCode, form.get_or_empty("device_code"));
  if (!handle) co_return std::nullopt;
  const oauth::DeviceCodeId id{handle->id};
  auto code = co_await context.storage.device_codes().find_device_code(id);
  if (code && !crypto::equal_in_constant_time(code->secret_hash, handle->hash())) code.reset();
  co_return code;
}

Task<TokenResult> redeem(const Context& context, const net::Request& request, const oauth::Client& client,
                         const oauth::DeviceCode& code, oauth::RedeemDeviceCode decision) {
  const auto keys = co_await context.keys.current();
  GrantFacts facts{.client_id = code.client_id,
                   .user_id = decision.allowed.user_id,
                   .subject = std::move(decision.allowed.subject),
                   .scope = std::move(decision.scope),
                   .resources = code.resources,
                   .authenticated_at = decision.allowed.authenticated_at};
  const auto grant = make_grant(context, std::move(facts), context.clock.now());
  auto first = co_await mint_first_tokens(context, *keys, client, grant, std::move(decision.target), {});

  const bool is_won =
      co_await context.storage.device_codes().redeem_device_code(code.id, grant, first.access_token.row);
  if (!is_won) {
    // Another poll was first, or the user was disabled or has taken it back (THREATS N53).
    co_return oauth::refuse(oauth::ErrorCode::invalid_grant,
                            "The device code is not valid any more: ask for another one.");
  }
  note_user(request, grant.user_id);
  note_link(request, "grant", grant.id.value);
  note_step(request, FlightOutcome::went_on, "The device code was exchanged: a grant has begun.");
  co_return answer_with_grant(context, *keys, client, grant, std::move(first));
}

}  // namespace

Task<TokenResult> exchange_device_code(const Context& context, const net::Request& request, const oauth::Client& client,
                                       const Form& form) {
  const auto code = co_await find_code(context, form);
  if (code) note_link(request, "device", code->id.value);
  const auto now = context.clock.now();
  auto decision = oauth::decide_device_code(code ? &*code : nullptr, client, form, context.settings().resources, now);
  if (auto* error = std::get_if<oauth::OAuthError>(&decision)) co_return std::unexpected(std::move(*error));
  if (std::holds_alternative<oauth::PollDeviceCode>(decision)) {
    const auto poll = co_await context.storage.device_codes().poll_device_code(code->id, now);
    co_return std::unexpected(oauth::describe_poll(poll));
  }
  co_return co_await redeem(context, request, client, *code, std::get<oauth::RedeemDeviceCode>(std::move(decision)));
}

}  // namespace chatelaine::provider::endpoints
