#include "app/wiring/user_source_settings.hpp"

#include <gtest/gtest.h>

#include "app/cli/run_for_test.hpp"
#include "app/config/configuration_error.hpp"
#include "app/config/read.hpp"

namespace chatelaine::app {
namespace {

constexpr std::string_view kFile = R"(
issuer = "https://todo.example.com/base"
[paths]
prefix = "/auth"
[[user_source]]
name = "contoso-eu"
issuer = "https://id.contoso.example"
client_id = "chatelaine"
allowed_email_domains = ["*"]
)";

Configuration read(const Workplace& place, std::string_view more = "") {
  place.write(std::string(kFile) + std::string(more));
  return read_configuration(place.file()).value();
}

std::optional<std::string> nothing(std::string_view) { return std::nullopt; }

/// What the operator is told where the secret cannot be had.
std::string fault_of(const Configuration& file, const Environment& environment) {
  try {
    static_cast<void>(make_source_settings(file, environment));
  } catch (const ConfigurationError& error) {
    return error.what();
  }
  return "";
}

TEST(UserSourceSettings, TakeTheSecretFromAFileOrTheEnvironment) {
  const Workplace place;
  place.write("contoso.secret", "s3cret of the file\n");
  const Configuration of_file = read(place, "client_secret_file = \"contoso.secret\"");
  EXPECT_EQ(make_source_settings(of_file, nothing).sources[0].client.client_secret.reveal(), "s3cret of the file");
  const Environment environment = [](std::string_view name) -> std::optional<std::string> {
    if (name != "CHATELAINE_SOURCE_SECRET_CONTOSO_EU") return std::nullopt;
    return "s3cret of the environment";
  };
  const Configuration of_environment = read(place);
  EXPECT_EQ(make_source_settings(of_environment, environment).sources[0].client.client_secret.reveal(),
            "s3cret of the environment");
}

TEST(UserSourceSettings, SayWhichSecretIsMissing) {
  const Workplace place;
  EXPECT_EQ(fault_of(read(place), nothing),
            "the client secret of [[user_source]] \"contoso-eu\" is missing: name client_secret_file, or set "
            "CHATELAINE_SOURCE_SECRET_CONTOSO_EU");
  const Configuration gone = read(place, "client_secret_file = \"gone.secret\"");
  EXPECT_NE(fault_of(gone, nothing).find("gone.secret) cannot be read"), std::string::npos) << fault_of(gone, nothing);
  place.write("empty.secret", "\n");
  EXPECT_TRUE(fault_of(read(place, "client_secret_file = \"empty.secret\""), nothing).ends_with("is empty"));
}

TEST(UserSourceSettings, AreWhatTheFileSays) {
  const Workplace place;
  place.write("contoso.secret", "s3cret");
  const Configuration file = read(place, "client_secret_file = \"contoso.secret\"");
  const auto settings = make_user_sources_settings(file, nothing, SecretBytes("key"));
  EXPECT_EQ(settings.origin, "https://todo.example.com");
  EXPECT_EQ(settings.page_prefix, "/base/auth");
  EXPECT_TRUE(settings.at_first.sources[0].networks.empty()) << "THREATS N40";
  EXPECT_EQ(settings.at_first.sources[0].claims.subject, "") << "nobody else's subject can be theirs";
  EXPECT_EQ(settings.at_first.sources[0].scope, "openid email profile");
  EXPECT_TRUE(settings.at_first.sources[0].email_domains.empty()) << "any";
}

TEST(UserSourceSettings, ASourceHasTheNetworksThatTheFileNamesForIt) {
  const Workplace place;
  place.write("contoso.secret", "s3cret");
  const Configuration file = read(place,
                                  "client_secret_file = \"contoso.secret\"\nnetworks = [\"10.1.0.0/16\"]\n"
                                  "[fetch]\nallow_local = true\n");
  const auto settings = make_source_settings(file, nothing);
  const net::FetchPolicy policy{.networks = settings.sources[0].networks};
  EXPECT_TRUE(net::is_address_allowed("10.1.2.3", policy));
  EXPECT_FALSE(net::is_address_allowed("10.2.0.1", policy));
  EXPECT_FALSE(net::is_address_allowed("127.0.0.1", policy)) << "[fetch] allow_local is for clients";
}

}  // namespace
}  // namespace chatelaine::app
