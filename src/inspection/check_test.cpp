#include "inspection/check.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

namespace chatelaine::inspection {
namespace {

TEST(CheckReference, IsWhatTheChecksSay) {
  constexpr const char* kReference = "docs/operators/doctor.md";
  if (std::getenv("CHATELAINE_UPDATE") != nullptr) std::ofstream(kReference) << render_check_reference();
  std::ifstream stream(kReference);
  const std::string committed{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  EXPECT_EQ(committed, render_check_reference()) << "run with CHATELAINE_UPDATE=1 to rewrite the reference";
}

TEST(CheckReference, EveryCheckHasItsOwnPlaceAndCode) {
  std::set<std::string_view> codes;
  for (std::size_t i = 0; i < check_descriptions().size(); ++i) {
    const CheckDescription& description = check_descriptions()[i];
    EXPECT_EQ(static_cast<std::size_t>(description.check), i) << description.code;
    EXPECT_TRUE(codes.insert(description.code).second) << description.code;
    for (const std::string_view text :
         {description.holds, description.change, description.chatelaine, description.stumbles})
      EXPECT_FALSE(text.empty()) << description.code;
  }
}

}  // namespace
}  // namespace chatelaine::inspection
