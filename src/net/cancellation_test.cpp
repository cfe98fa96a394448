#include "net/cancellation.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace chatelaine::net {
namespace {

TEST(Cancellation, who_watches_is_told_once) {
  Cancellation cancellation;
  EXPECT_FALSE(cancellation.is_watched());
  int told = 0;
  {
    const Cancellation::Watch watch(&cancellation, [&] { ++told; });
    EXPECT_TRUE(cancellation.is_watched());
    EXPECT_EQ(told, 0);
    cancellation.cancel();
    cancellation.cancel();
  }
  EXPECT_EQ(told, 1);
  EXPECT_TRUE(cancellation.is_cancelled());
  EXPECT_FALSE(cancellation.is_watched());
}

TEST(Cancellation, who_comes_too_late_is_told_at_once_and_who_has_left_is_not) {
  Cancellation cancellation;
  int told = 0;
  {
    const Cancellation::Watch watch(&cancellation, [&] { ++told; });
  }
  cancellation.cancel();
  EXPECT_EQ(told, 0);
  const Cancellation::Watch watch(&cancellation, [&] { ++told; });
  EXPECT_EQ(told, 1);
}

TEST(Cancellation, each_of_several_is_told) {
  Cancellation cancellation;
  int told = 0;
  const Cancellation::Watch outer(&cancellation, [&] { told += 1; });
  std::optional<Cancellation::Watch> gone(std::in_place, &cancellation, [&] { told += 100; });
  const Cancellation::Watch inner(&cancellation, [&] { told += 10; });
  gone.reset();
  cancellation.cancel();
  EXPECT_EQ(told, 11);
}

TEST(Cancellation, without_one_nothing_comes) {
  const Cancellation::Watch watch(nullptr, [] { FAIL(); });
  EXPECT_FALSE(is_cancelled(nullptr));
}

}  // namespace
}  // namespace chatelaine::net
