#include "gateway/guarded_body.hpp"

#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "gateway/testing.hpp"

namespace chatelaine::gateway {
namespace {

using namespace testing_parts;

/// An endless event stream.
class Ticks final : public net::BodySource {
 public:
  Task<std::expected<std::string_view, std::string>> read() override { co_return std::string_view("tick"); }
  [[nodiscard]] std::optional<std::uint64_t> length() const override { return std::nullopt; }
};

class GuardedBodyTest : public testing::Test {
 protected:
  Task<std::expected<std::shared_ptr<const oauth::AccessToken>, tokens::TokenFault>> look(std::string_view token) {
    ++looks_;
    EXPECT_EQ(token, "the-token");
    if (revoked_) co_return std::unexpected(tokens::TokenFault::revoked);
    co_return std::make_shared<const oauth::AccessToken>(make_token({}));
  }
  bool passes(net::BodySource& body) {
    const auto piece = block_on(body.read());
    return piece.has_value();
  }

  FixedClock clock_;
  int looks_ = 0;
  bool revoked_ = false;
  VerifyToken verify_ = [this](std::string_view token) { return look(token); };
  std::unique_ptr<net::BodySource> body_ = guard_body(std::make_unique<Ticks>(), oauth::AccessTokenSecret("the-token"),
                                                      clock_.now() + seconds(59), verify_, clock_);
};

TEST_F(GuardedBodyTest, EndsWhenTheTokenExpires) {
  EXPECT_TRUE(passes(*body_));
  clock_.advance(milliseconds(58'999));
  EXPECT_TRUE(passes(*body_));
  clock_.advance(milliseconds(1));
  EXPECT_FALSE(passes(*body_));
}

TEST_F(GuardedBodyTest, EndsSoonAfterTheTokenWasRevoked) {
  revoked_ = true;
  EXPECT_TRUE(passes(*body_));
  clock_.advance(milliseconds(1'999));
  EXPECT_TRUE(passes(*body_));
  EXPECT_EQ(looks_, 0);
  clock_.advance(milliseconds(1));
  EXPECT_FALSE(passes(*body_));
  EXPECT_EQ(looks_, 1);
}

TEST_F(GuardedBodyTest, LooksEveryTwoSecondsAtMost) {
  for (int tick = 0; tick < 100; ++tick) {
    clock_.advance(milliseconds(100));
    EXPECT_TRUE(passes(*body_));
  }
  EXPECT_EQ(looks_, 5);
}

}  // namespace
}  // namespace chatelaine::gateway
