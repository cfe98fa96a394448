#include "gateway/guarded_body.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "base/block_on.hpp"
#include "gateway/testing.hpp"
#include "net/loop.hpp"

namespace chatelaine::gateway {
namespace {

using namespace testing_parts;

/// An endless event stream.
class Ticks final : public net::BodySource {
 public:
  Task<std::expected<std::string_view, std::string>> read() override { co_return std::string_view("tick"); }
  [[nodiscard]] std::optional<std::uint64_t> length() const override { return std::nullopt; }
};

/// An event stream that has nothing to say.
class Silence final : public net::BodySource {
 public:
  explicit Silence(bool& is_cancelled) : is_cancelled_(is_cancelled) {}
  Task<std::expected<std::string_view, std::string>> read() override {
    if (is_cancelled_) co_return std::unexpected("cancelled");
    co_return std::string_view("unexpected");
  }
  [[nodiscard]] std::optional<std::uint64_t> length() const override { return std::nullopt; }
  void cancel() override { is_cancelled_ = true; }

 private:
  bool& is_cancelled_;
};

class GuardedBodyTest : public testing::Test {
 protected:
  Task<std::expected<std::shared_ptr<const oauth::AccessToken>, tokens::TokenRefusal>> look(std::string_view token) {
    ++looks_;
    EXPECT_EQ(token, "the-token");
    if (broken_) throw std::runtime_error("the disk is full");
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
  bool broken_ = false;
  bool is_cancelled_ = false;
  net::Loop loop_;
  VerifyToken verify_ = [this](std::string_view token) { return look(token); };
  std::unique_ptr<net::BodySource> body_ = guard_body(std::make_unique<Ticks>(), oauth::AccessTokenSecret("the-token"),
                                                      clock_.now() + seconds(59), verify_, clock_);
  std::unique_ptr<net::BodySource> silent_ =
      guard_body(std::make_unique<Silence>(is_cancelled_), oauth::AccessTokenSecret("the-token"),
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

TEST_F(GuardedBodyTest, ASilentOneEndsWhenTheTokenExpires) {
  clock_.advance(milliseconds(58'999));
  silent_->tick(loop_);
  EXPECT_FALSE(is_cancelled_);
  clock_.advance(milliseconds(1));
  silent_->tick(loop_);
  EXPECT_TRUE(is_cancelled_);
  const auto end = block_on(silent_->read());
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error(), "the access token expired while its answer was streamed");
}

TEST_F(GuardedBodyTest, ASilentOneEndsSoonAfterTheTokenWasRevoked) {
  revoked_ = true;
  clock_.advance(milliseconds(1'999));
  silent_->tick(loop_);
  EXPECT_FALSE(is_cancelled_);
  clock_.advance(milliseconds(1));
  silent_->tick(loop_);
  EXPECT_TRUE(is_cancelled_);
  silent_->tick(loop_);
  EXPECT_EQ(looks_, 1);
}

TEST_F(GuardedBodyTest, ASilentOneEndsWhereTheTokenCannotBeLookedAt) {
  broken_ = true;
  clock_.advance(seconds(2));
  silent_->tick(loop_);
  EXPECT_TRUE(is_cancelled_);
}

TEST_F(GuardedBodyTest, AClockThatIsSetBackPutsNoLookOff) {
  clock_.advance(seconds(-3'600));
  revoked_ = true;
  EXPECT_FALSE(passes(*body_));
}

/// A token that is looked at for as long as the test wants.
struct SlowLook {
  std::optional<Resume<int>> resume;
  Task<std::expected<std::shared_ptr<const oauth::AccessToken>, tokens::TokenRefusal>> look() {
    const auto start = [this](Resume<int> waiting) { resume.emplace(waiting); };
    co_await suspend<int>(start);
    co_return std::unexpected(tokens::TokenFault::revoked);
  }
};

TEST_F(GuardedBodyTest, ALookMayEndAfterTheBody) {
  SlowLook slow;
  const VerifyToken verify = [&slow](std::string_view) { return slow.look(); };
  std::unique_ptr<net::BodySource> body =
      guard_body(std::make_unique<Silence>(is_cancelled_), oauth::AccessTokenSecret("the-token"),
                 clock_.now() + seconds(59), verify, clock_);
  clock_.advance(seconds(2));
  body->tick(loop_);
  ASSERT_TRUE(slow.resume);
  body.reset();
  (*slow.resume)(0);
  loop_.begin_stop(milliseconds(0), [] {});
  loop_.run();
  EXPECT_FALSE(is_cancelled_);
}

}  // namespace
}  // namespace chatelaine::gateway
