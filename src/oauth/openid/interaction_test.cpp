#include "oauth/openid/interaction.hpp"

#include <gtest/gtest.h>

#include "oauth/facts_for_tests.hpp"

namespace chatelaine::oauth {
namespace {

const Subject kAda("user-1815");
const Subject kGrace("user-1906");
constexpr auto kMinute = std::chrono::minutes(1);

/// Ada signed in an hour ago and has allowed what is asked for.
InteractionFacts ada_at_ease() {
  return {.present = Presence{kAda, kNow - std::chrono::hours(1)},
          .expected = std::nullopt,
          .consent = ConsentDecision::remembered,
          .asked_at = std::nullopt};
}
InteractionFacts with(const std::function<void(InteractionFacts&)>& change) {
  auto facts = ada_at_ease();
  change(facts);
  return facts;
}
AuthenticationRequest asking(std::vector<Prompt> prompts, std::optional<seconds> max_age = {}) {
  AuthenticationRequest request;
  request.prompts = std::move(prompts);
  request.max_age = max_age;
  return request;
}

using Facts = InteractionFacts;
const auto kNobody = [](Facts& facts) { facts.present.reset(); };
const auto kNotAllowed = [](Facts& facts) { facts.consent = ConsentDecision::ask; };
const auto kGraceExpected = [](Facts& facts) { facts.expected = kGrace; };
/// Asked two minutes ago, and signed in one minute ago.
const auto kSignedInForThis = [](Facts& facts) {
  facts.asked_at = kNow - 2 * kMinute;
  facts.present->authenticated_at = kNow - kMinute;
};
/// Asked a minute ago, and still the sign-in of an hour ago.
const auto kOnlyAsked = [](Facts& facts) { facts.asked_at = kNow - kMinute; };

struct Row {
  const char* sentence;
  AuthenticationRequest request;
  Facts facts;
  Interaction expected;
};

/// OpenID Connect Core §3.1.2.3, §3.1.2.4: a sign-in, another account, a consent, or nothing.
TEST(Interaction, WhatIsAskedNext) {
  const Row rows[] = {
      {"nothing, where a request asks for nothing", asking({}), ada_at_ease(), Interaction::none},
      {"§3.1.2.3: a sign-in, where nobody is there", asking({}), with(kNobody), Interaction::sign_in},
      {"§3.1.2.4: consent, where it is not remembered", asking({}), with(kNotAllowed), Interaction::consent},
      {"§3.1.2.1: prompt=consent asks also where it is", asking({Prompt::consent}), ada_at_ease(),
       Interaction::consent},
      {"§3.1.2.1: prompt=login asks for a new sign-in", asking({Prompt::login}), ada_at_ease(),
       Interaction::sign_in_again},
      {"and again, where the person was asked and did not", asking({Prompt::login}), with(kOnlyAsked),
       Interaction::sign_in_again},
      {"and no more, where the person did", asking({Prompt::login}), with(kSignedInForThis), Interaction::none},
      {"prompt=login of nobody is a sign-in", asking({Prompt::login}), with(kNobody), Interaction::sign_in},
      {"§3.1.2.1: max_age, within", asking({}, seconds(3600)), ada_at_ease(), Interaction::none},
      {"max_age, a second too old", asking({}, seconds(3599)), ada_at_ease(), Interaction::sign_in_again},
      {"max_age=0 is prompt=login", asking({}, seconds(0)), ada_at_ease(), Interaction::sign_in_again},
      {"and is content with a sign-in for this request", asking({}, seconds(0)), with(kSignedInForThis),
       Interaction::none},
      {"max_age holds also for a sign-in for this request that was a minute ago", asking({}, seconds(30)),
       with(kSignedInForThis), Interaction::sign_in_again},
      {"§3.1.2.1: prompt=select_account asks as whom", asking({Prompt::select_account}), ada_at_ease(),
       Interaction::choose_account},
      {"once", asking({Prompt::select_account}), with(kOnlyAsked), Interaction::none},
      {"and not somebody who has just signed in for this", asking({Prompt::select_account}), with(kSignedInForThis),
       Interaction::none},
      {"before a new sign-in, which it offers as well", asking({Prompt::login, Prompt::select_account}), ada_at_ease(),
       Interaction::choose_account},
      {"which follows all the same", asking({Prompt::login, Prompt::select_account}), with(kOnlyAsked),
       Interaction::sign_in_again},
      {"§3.1.2.2: id_token_hint names another person", asking({}), with(kGraceExpected), Interaction::sign_in_again},
      {"id_token_hint names the one who is there", asking({}), with([](Facts& facts) { facts.expected = kAda; }),
       Interaction::none},
      {"sign-in comes before consent", asking({Prompt::consent, Prompt::login}), ada_at_ease(),
       Interaction::sign_in_again},
      {"and consent after it", asking({Prompt::consent, Prompt::login}), with(kSignedInForThis), Interaction::consent},
      {"§3.1.2.1: prompt=none, where nothing must be asked", asking({Prompt::none}), ada_at_ease(), Interaction::none},
  };
  for (const auto& row : rows) {
    const auto interaction = decide_interaction(row.request, row.facts, kNow);
    ASSERT_TRUE(interaction) << row.sentence << ": " << interaction.error().description;
    EXPECT_EQ(*interaction, row.expected) << row.sentence;
  }
}

struct RefusedRow {
  const char* sentence;
  AuthenticationRequest request;
  Facts facts;
  ErrorCode code;
};

/// OpenID Connect Core §3.1.2.2, §3.1.2.6: each with the code that says what was missing.
TEST(Interaction, WhatMustNotBeAskedIsAnError) {
  const RefusedRow rows[] = {
      {"§3.1.2.6: login_required, where nobody is there", asking({Prompt::none}), with(kNobody),
       ErrorCode::login_required},
      {"login_required, where the sign-in is too old", asking({Prompt::none}, seconds(1)), ada_at_ease(),
       ErrorCode::login_required},
      {"§3.1.2.2: login_required, where another person is there", asking({Prompt::none}), with(kGraceExpected),
       ErrorCode::login_required},
      {"§3.1.2.6: consent_required", asking({Prompt::none}), with(kNotAllowed), ErrorCode::consent_required},
      {"§3.1.2.2: another person signed in for this request than was expected", asking({}), with([](Facts& facts) {
         kSignedInForThis(facts);
         kGraceExpected(facts);
       }),
       ErrorCode::login_required},
  };
  for (const auto& row : rows) {
    const auto interaction = decide_interaction(row.request, row.facts, kNow);
    ASSERT_FALSE(interaction) << row.sentence;
    EXPECT_EQ(interaction.error().code, row.code) << row.sentence;
  }
}

}  // namespace
}  // namespace chatelaine::oauth
