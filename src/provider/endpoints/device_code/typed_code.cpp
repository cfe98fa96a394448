#include "provider/endpoints/device_code/typed_code.hpp"

namespace chatelaine::provider::endpoints {

Task<std::optional<TypedCode>> find_typed_code(const Context& context, const oauth::UserCode& user_code) {
  const auto hash = oauth::hash_user_code(user_code);
  auto found = co_await context.storage.device_codes().find_device_code_by_user_code(hash);
  if (!found) co_return std::nullopt;
  auto client = co_await context.storage.clients().find_client(found->client_id);
  if (!oauth::awaits_answer(&*found, client.get(), context.clock.now())) co_return std::nullopt;
  auto scope = oauth::requested_scope(*found, *client);
  co_return TypedCode{std::move(*found), std::move(client), std::move(scope)};
}

}  // namespace chatelaine::provider::endpoints
