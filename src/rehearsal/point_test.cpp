#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "rehearsal/step.hpp"

namespace chatelaine::rehearsal {
namespace {

TEST(PointReference, IsWhatThePointsSay) {
  constexpr const char* kReference = "docs/operators/rehearse-codes.md";
  if (std::getenv("CHATELAINE_UPDATE") != nullptr) std::ofstream(kReference) << render_point_reference();
  std::ifstream stream(kReference);
  const std::string committed{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  EXPECT_EQ(committed, render_point_reference()) << "run with CHATELAINE_UPDATE=1 to rewrite the reference";
}

TEST(PointReference, EveryPointHasItsOwnPlaceAndCodeBesideTheDoctors) {
  std::set<std::string_view> codes;
  for (const auto& check : inspection::check_descriptions()) codes.insert(check.code);
  for (std::size_t i = 0; i < point_descriptions().size(); ++i) {
    const PointDescription& description = point_descriptions()[i];
    EXPECT_EQ(static_cast<std::size_t>(description.point), i) << description.code;
    EXPECT_TRUE(codes.insert(description.code).second) << description.code;
    EXPECT_FALSE(description.holds.empty() || description.change.empty()) << description.code;
  }
}

}  // namespace
}  // namespace chatelaine::rehearsal
