#include "oauth/pkce.hpp"

#include <gtest/gtest.h>

#include "oauth/facts_for_tests.hpp"

namespace chatelaine::oauth {
namespace {

using Text = std::optional<std::string>;

struct ChallengeRow {
  std::string_view sentence;
  Text challenge;
  Text method;
  bool is_taken;
};
class Challenges : public testing::TestWithParam<ChallengeRow> {};
TEST_P(Challenges, AreReadAsTheRfcSays) {
  const auto& row = GetParam();
  const auto challenge = parse_code_challenge(row.challenge, row.method);
  ASSERT_EQ(challenge.has_value(), row.is_taken) << row.sentence;
  if (challenge) {
    EXPECT_EQ(challenge->has_value(), row.challenge && !row.challenge->empty()) << row.sentence;
  } else {
    EXPECT_EQ(challenge.error().code, ErrorCode::invalid_request) << row.sentence;
  }
}
INSTANTIATE_TEST_SUITE_P(
    Rfc7636Section43, Challenges,
    testing::Values(ChallengeRow{"RFC 7636 app. B: the example", kChallenge, "S256", true},
                    ChallengeRow{"RFC 7636 §4.3: none at all", {}, {}, true},
                    ChallengeRow{"RFC 6749 §3.1: empty values count as omitted", "", "", true},
                    ChallengeRow{"RFC 9700 §2.1.1, RFC 7636 §7.2: plain is refused", kVerifier, "plain", false},
                    // DEVIATION RFC 7636 §4.3: refused.
                    ChallengeRow{"RFC 9700 §2.1.1: no method would mean plain", kChallenge, {}, false},
                    ChallengeRow{"RFC 9700 §2.1.1: an empty method would mean plain", kChallenge, "", false},
                    ChallengeRow{"RFC 7636 §4.3: the method's case matters", kChallenge, "s256", false},
                    ChallengeRow{"RFC 7636 §4.3: a method without a challenge", {}, "S256", false},
                    ChallengeRow{"RFC 7636 §4.2: shorter than a digest", kChallenge.substr(1), "S256", false},
                    ChallengeRow{"RFC 7636 §4.2: longer than a digest", kChallenge + "A", "S256", false},
                    ChallengeRow{"RFC 7636 §4.2: padded", kChallenge + "=", "S256", false},
                    ChallengeRow{"RFC 7636 §4.2: the standard alphabet", "+" + kChallenge.substr(1), "S256", false},
                    ChallengeRow{"RFC 7636 §4.2: bits beyond the digest", kChallenge.substr(0, 42) + "N", "S256",
                                 false}));

struct VerifierRow {
  std::string_view sentence;
  Text challenge;
  Text verifier;
  bool is_right;
};
class Verifiers : public testing::TestWithParam<VerifierRow> {};
TEST_P(Verifiers, AreCheckedAsTheRfcSays) {
  const auto& row = GetParam();
  std::optional<CodeChallenge> challenge;
  if (row.challenge) challenge = CodeChallenge{*row.challenge};
  const auto outcome = check_code_verifier(challenge, row.verifier);
  ASSERT_EQ(outcome.has_value(), row.is_right) << row.sentence;
  if (!outcome) {
    EXPECT_EQ(outcome.error().code, ErrorCode::invalid_grant) << row.sentence;
  }
}
INSTANTIATE_TEST_SUITE_P(
    Rfc7636Section46, Verifiers,
    testing::Values(
        VerifierRow{"RFC 7636 app. B: the example", kChallenge, kVerifier, true},
        VerifierRow{"RFC 7636 §4.6: a wrong verifier is invalid_grant", kChallenge, "A" + kVerifier.substr(1), false},
        VerifierRow{"RFC 7636 §4.6: a missing verifier is invalid_grant", kChallenge, {}, false},
        VerifierRow{"RFC 7636 §4.6: an empty verifier is invalid_grant", kChallenge, "", false},
        VerifierRow{"RFC 7636 §4.6: the challenge is not its own verifier", kChallenge, kChallenge, false},
        VerifierRow{"RFC 7636 §4.1: at least 43 characters", derive_code_challenge(std::string(42, 'a')).value,
                    std::string(42, 'a'), false},
        VerifierRow{"RFC 7636 §4.1: 43 characters do", derive_code_challenge(std::string(43, 'a')).value,
                    std::string(43, 'a'), true},
        VerifierRow{"RFC 7636 §4.1: 128 characters do", derive_code_challenge(std::string(128, 'a')).value,
                    std::string(128, 'a'), true},
        VerifierRow{"RFC 7636 §4.1: at most 128 characters", derive_code_challenge(std::string(129, 'a')).value,
                    std::string(129, 'a'), false},
        VerifierRow{"RFC 7636 §4.1: unreserved characters only",
                    derive_code_challenge(std::string(42, 'a') + "/").value, std::string(42, 'a') + "/", false},
        VerifierRow{"RFC 9700 §4.8.2: a verifier without a challenge is refused", {}, kVerifier, false},
        VerifierRow{"RFC 7636 §4.6: neither challenge nor verifier", {}, {}, true}));

}  // namespace
}  // namespace chatelaine::oauth
