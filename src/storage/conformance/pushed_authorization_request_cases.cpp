#include <gtest/gtest.h>

#include <algorithm>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

bool push(Storage& storage, const oauth::PushedAuthorizationRequest& request,
          std::optional<std::uint32_t> most = std::nullopt) {
  return block_on(storage.pushed_authorization_requests().add_pushed_authorization_request(request, most));
}
auto find(Storage& storage, std::int64_t id) {
  return block_on(storage.pushed_authorization_requests().find_pushed_authorization_request({id}));
}
bool spend(Storage& storage, std::int64_t id) {
  return block_on(storage.pushed_authorization_requests().spend_pushed_authorization_request({id}));
}

const Case kCases[] = {
    {"a pushed request is found as it was added, as often as it is asked for",
     [](Storage& storage) {
       furnish(storage);
       const auto pushed = some_pushed_request(5, "notes");
       EXPECT_TRUE(push(storage, pushed));
       for (int i = 0; i < 2; ++i) {
         const auto found = find(storage, 5);
         ASSERT_TRUE(found);
         EXPECT_EQ(found->id, pushed.id);
         EXPECT_EQ(found->secret_hash, pushed.secret_hash);
         EXPECT_EQ(found->client_id, pushed.client_id);
         EXPECT_EQ(found->parameters, pushed.parameters);
         EXPECT_EQ(found->expires_at, pushed.expires_at);
       }
       EXPECT_FALSE(find(storage, 6));
     }},
    {"of 32 at once one spends it, and then it is gone",
     [](Storage& storage) {
       furnish(storage);
       push(storage, some_pushed_request(5, "notes"));
       push(storage, some_pushed_request(6, "notes"));
       const auto won = race([&](int) { return spend(storage, 5) ? 1 : 0; });
       EXPECT_EQ(std::ranges::count(won, 1), 1);
       EXPECT_FALSE(find(storage, 5));
       EXPECT_TRUE(find(storage, 6));
       EXPECT_FALSE(spend(storage, 7));
     }},
    {"a request goes with its client, and none is kept of nobody",
     [](Storage& storage) {
       furnish(storage);
       push(storage, some_pushed_request(5, "notes"));
       push(storage, some_pushed_request(6, "todo-helper"));
       block_on(storage.clients().remove_client(oauth::ClientId("notes"), kNow));
       EXPECT_FALSE(find(storage, 5));
       EXPECT_TRUE(find(storage, 6));
       EXPECT_FALSE(push(storage, some_pushed_request(7, "notes")));
       EXPECT_FALSE(find(storage, 7));
     }},
    {"a client has no more of them than its bound, and room again once one is spent",
     [](Storage& storage) {
       furnish(storage);
       EXPECT_TRUE(push(storage, some_pushed_request(4, "todo-helper"), 2));
       EXPECT_TRUE(push(storage, some_pushed_request(5, "notes"), 2));
       EXPECT_TRUE(push(storage, some_pushed_request(6, "notes"), 2));
       EXPECT_FALSE(push(storage, some_pushed_request(7, "notes"), 2));
       EXPECT_FALSE(find(storage, 7));
       EXPECT_TRUE(push(storage, some_pushed_request(8, "notes")));
       EXPECT_FALSE(push(storage, some_pushed_request(9, "notes"), 2));
       EXPECT_TRUE(push(storage, some_pushed_request(10, "todo-helper"), 2));
       EXPECT_TRUE(spend(storage, 5));
       EXPECT_TRUE(spend(storage, 6));
       EXPECT_TRUE(push(storage, some_pushed_request(11, "notes"), 2));
     }},
};

}  // namespace

std::span<const Case> pushed_authorization_request_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
