#include <gtest/gtest.h>

#include <algorithm>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

namespace chatelaine::storage::conformance {
namespace {

constexpr std::uint32_t kMany = 1000;

void add(Storage& storage, std::int64_t id, std::uint32_t most = kMany) {
  const SignInAttempt attempt = some_sign_in_attempt(id);
  block_on(storage.sign_in_attempts().add_sign_in_attempt(attempt, most));
}

std::optional<SignInAttempt> take(Storage& storage, std::int64_t id, char state = 'a', char browser = 'b') {
  return block_on(storage.sign_in_attempts().take_sign_in_attempt({id}, some_hash(state), some_hash(browser)));
}

const Case kCases[] = {
    {"a sign-in attempt is taken once, as it was added",
     [](Storage& storage) {
       add(storage, 5);
       const auto taken = take(storage, 5);
       ASSERT_TRUE(taken);
       const SignInAttempt expected = some_sign_in_attempt(5);
       EXPECT_EQ(taken->id, expected.id);
       EXPECT_EQ(taken->state_hash, expected.state_hash);
       EXPECT_EQ(taken->browser_hash, expected.browser_hash);
       EXPECT_EQ(taken->source, expected.source);
       EXPECT_EQ(taken->return_to, expected.return_to);
       EXPECT_EQ(taken->subscriber, expected.subscriber);
       EXPECT_EQ(taken->is_again, expected.is_again);
       EXPECT_EQ(taken->max_age, expected.max_age);
       EXPECT_EQ(taken->began_at, expected.began_at);
       EXPECT_EQ(taken->expires_at, expected.expires_at);
       EXPECT_FALSE(take(storage, 5));
     }},
    {"RFC 6749 §10.12: with another state, or from another browser, nothing is taken away",
     [](Storage& storage) {
       add(storage, 5);
       EXPECT_FALSE(take(storage, 5, 'x', 'b'));
       EXPECT_FALSE(take(storage, 5, 'a', 'x'));
       EXPECT_FALSE(take(storage, 6));
       EXPECT_TRUE(take(storage, 5));
     }},
    {"of 32 who take one sign-in attempt at once one gets it",
     [](Storage& storage) {
       add(storage, 5);
       const auto taken = race([&](int) { return take(storage, 5) ? 1 : 0; });
       EXPECT_EQ(std::ranges::count(taken, 1), 1);
     }},
    {"of more sign-in attempts than are to be kept the oldest go",
     [](Storage& storage) {
       for (std::int64_t id = 1; id <= 5; ++id) add(storage, id, 3);
       EXPECT_FALSE(take(storage, 1));
       EXPECT_FALSE(take(storage, 2));
       EXPECT_TRUE(take(storage, 3));
       EXPECT_TRUE(take(storage, 4));
       EXPECT_TRUE(take(storage, 5));
     }},
    {"what a sign-in attempt need not say it does not say",
     [](Storage& storage) {
       SignInAttempt attempt = some_sign_in_attempt(5);
       attempt.subscriber.reset();
       attempt.max_age.reset();
       block_on(storage.sign_in_attempts().add_sign_in_attempt(attempt, kMany));
       const auto taken = take(storage, 5);
       ASSERT_TRUE(taken);
       EXPECT_FALSE(taken->subscriber);
       EXPECT_FALSE(taken->max_age);
     }},
    {"THREATS N44: who begins many sign-ins drops their own, and nobody else's",
     [](Storage& storage) {
       const auto add_of = [&](std::int64_t id, std::optional<crypto::Sha256> subscriber) {
         SignInAttempt attempt = some_sign_in_attempt(id);
         attempt.subscriber = subscriber;
         block_on(storage.sign_in_attempts().add_sign_in_attempt(attempt, 4));
       };
       add_of(1, some_hash('x'));
       add_of(2, std::nullopt);
       for (std::int64_t id = 3; id <= 9; ++id) add_of(id, some_hash('y'));
       EXPECT_TRUE(take(storage, 1));
       EXPECT_TRUE(take(storage, 2));
       EXPECT_FALSE(take(storage, 7));
       EXPECT_TRUE(take(storage, 8));
       EXPECT_TRUE(take(storage, 9));
     }},
};

}  // namespace

std::span<const Case> sign_in_attempt_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
