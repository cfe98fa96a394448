#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <regex>
#include <string>

#include "pages/embedded.hpp"

// WCAG 2.2 §1.4.3 and §1.4.11, computed from the colours of web/assets/chatelaine.css.
namespace chatelaine::pages {
namespace {

using Palette = std::map<std::string, std::string>;

std::string stylesheet() {
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.name == "assets/chatelaine.css") return std::string(file.bytes);
  }
  return {};
}

// The variables of the n-th `:root` block: light, then dark.
Palette palette_of(const std::string& css, std::size_t block) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= block; ++i) begin = css.find(":root {", begin) + 1;
  const std::string text = css.substr(begin, css.find('}', begin) - begin);
  const std::regex variable("--([a-z-]+): #([0-9a-f]{6});");
  Palette palette;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), variable); at != std::sregex_iterator(); ++at) {
    palette[(*at)[1]] = (*at)[2];
  }
  return palette;
}

double linear(const std::string& hex, std::size_t channel) {
  const double value = std::stoi(hex.substr(channel * 2, 2), nullptr, 16) / 255.0;
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(const std::string& hex) {
  return 0.2126 * linear(hex, 0) + 0.7152 * linear(hex, 1) + 0.0722 * linear(hex, 2);
}

double contrast(const std::string& a, const std::string& b) {
  const double lighter = std::max(luminance(a), luminance(b));
  const double darker = std::min(luminance(a), luminance(b));
  return (lighter + 0.05) / (darker + 0.05);
}

struct Pair {
  const char* front;
  const char* ground;
  double least;
};

constexpr Pair kPairs[] = {
    {"ink", "ground", 4.5},        {"ink", "sheet", 4.5},     {"ink", "sunk", 4.5},     {"ink", "accent-wash", 4.5},
    {"ink", "alarm-wash", 4.5},    {"quiet", "ground", 4.5},  {"quiet", "sheet", 4.5},  {"quiet", "sunk", 4.5},
    {"quiet", "alarm-wash", 4.5},  {"accent", "ground", 4.5}, {"accent", "sheet", 4.5}, {"accent", "accent-wash", 4.5},
    {"accent-ink", "accent", 4.5}, {"alarm", "ground", 4.5},  {"alarm", "sheet", 4.5},  {"alarm", "alarm-wash", 4.5},
    {"edge", "ground", 3.0},       {"edge", "sheet", 3.0},
};

TEST(Contrast, IsEnoughInLightAndDark) {
  const std::string css = stylesheet();
  for (const std::size_t block : {0U, 1U}) {
    const Palette palette = palette_of(css, block);
    ASSERT_EQ(palette.size(), 12U) << "light and dark name the same colours";
    for (const Pair& pair : kPairs) {
      EXPECT_GE(contrast(palette.at(pair.front), palette.at(pair.ground)), pair.least)
          << pair.front << " on " << pair.ground << (block == 0 ? ", light" : ", dark");
    }
  }
}

TEST(Contrast, IsComputedAsWcagSays) {
  EXPECT_NEAR(contrast("000000", "ffffff"), 21.0, 0.001);
  EXPECT_NEAR(contrast("767676", "ffffff"), 4.54, 0.01);
}

}  // namespace
}  // namespace chatelaine::pages
