#include <gtest/gtest.h>

#include <algorithm>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

bool use(Storage& storage, const oauth::UsedClientAssertion& assertion) {
  return block_on(storage.used_client_assertions().use_client_assertion(assertion));
}

const Case kCases[] = {
    {"an assertion serves once, also where its expiry is told differently",
     [](Storage& storage) {
       auto assertion = some_assertion('a', "notes");
       EXPECT_TRUE(use(storage, assertion));
       EXPECT_FALSE(use(storage, assertion));
       assertion.expires_at += seconds(1);
       EXPECT_FALSE(use(storage, assertion));
     }},
    {"two clients may choose the same jti, and a client another",
     [](Storage& storage) {
       EXPECT_TRUE(use(storage, some_assertion('a', "notes")));
       EXPECT_TRUE(use(storage, some_assertion('a', "todo-helper")));
       EXPECT_TRUE(use(storage, some_assertion('b', "notes")));
     }},
    {"of 32 at once one uses it",
     [](Storage& storage) {
       const auto assertion = some_assertion('a', "notes");
       const auto won = race([&](int) { return use(storage, assertion) ? 1 : 0; });
       EXPECT_EQ(std::ranges::count(won, 1), 1);
     }},
    {"an assertion stays used when its client is removed",
     [](Storage& storage) {
       furnish(storage);
       EXPECT_TRUE(use(storage, some_assertion('a', "notes")));
       block_on(storage.clients().remove_client(oauth::ClientId("notes"), kNow));
       EXPECT_FALSE(use(storage, some_assertion('a', "notes")));
     }},
};

}  // namespace

std::span<const Case> used_client_assertion_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
