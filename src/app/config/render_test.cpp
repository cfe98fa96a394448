#include "app/config/render.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "app/config/faults_for_test.hpp"
#include "app/config/schema.hpp"

namespace chatelaine::app {
namespace {

TEST(StarterFile, ReadsBackAsWhatItSays) {
  const std::string text =
      render_starter_file({"http://127.0.0.1:9", "127.0.0.1:9", "http://127.0.0.1:3000", "/o.yaml"});
  const auto read = parse_configuration(text, kFile);
  ASSERT_TRUE(read) << read.error().front().to_string();
  EXPECT_EQ(read->provider->issuer.text, "http://127.0.0.1:9");
  EXPECT_EQ(read->provider->api.upstream->text, "http://127.0.0.1:3000");
  EXPECT_EQ(read->provider->api.openapi, "/o.yaml");
  for (const Key& key : configuration_keys()) EXPECT_NE(text.find(key.name), std::string::npos) << key.path();
}

TEST(StarterFile, ShowsDefaultsAndExamplesThatAreTakenWhenUncommented) {
  std::string text = render_starter_file({"http://127.0.0.1:9", "127.0.0.1:9", "", ""});
  std::string uncommented;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    const std::string line = text.substr(begin, end - begin);
    const bool is_setting = line.starts_with("# [") || (line.starts_with("# ") && line.find(" = ") < line.find('.'));
    uncommented += (is_setting ? line.substr(2) : line) + "\n";
    begin = end + 1;
  }
  EXPECT_EQ(faults_of(uncommented), "");
}

/// CHATELAINE_UPDATE=1 rewrites what is committed.
TEST(ConfigurationReference, IsWhatTheSchemaSays) {
  constexpr const char* kReference = "docs/operators/configuration.md";
  if (std::getenv("CHATELAINE_UPDATE") != nullptr) std::ofstream(kReference) << render_configuration_reference();
  std::ifstream stream(kReference);
  const std::string committed{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  EXPECT_EQ(committed, render_configuration_reference()) << "run with CHATELAINE_UPDATE=1 to rewrite the reference";
}

}  // namespace
}  // namespace chatelaine::app
