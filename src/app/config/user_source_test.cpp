#include <gtest/gtest.h>

#include "app/config/read.hpp"

namespace chatelaine::app {
namespace {

const std::filesystem::path kFile = "/etc/chatelaine/c.toml";

std::string faults_of(std::string_view text) {
  const auto read = parse_configuration(text, kFile);
  if (read) return "";
  std::string faults;
  for (const ConfigurationFault& fault : read.error()) faults += (faults.empty() ? "" : "\n") + fault.to_string();
  return faults;
}

#define ISSUER "issuer = \"http://127.0.0.1:8080\"\n"
#define SOURCE \
  "[[user_source]]\nname = \"contoso\"\nissuer = \"https://id.contoso.example\"\nclient_id = \"chatelaine\"\n"
#define TENANTS                                                                                         \
  "[[user_source]]\nname = \"entra\"\nissuer = \"https://login.example/{tenantid}/v2.0\"\nclient_id = " \
  "\"chatelaine\"\n"

#define NO_NETWORKS                                                                                     \
  "is missing: the issuer is on no public address, so name its network, such as [\"10.1.0.0/16\"], or " \
  "[\"127.0.0.0/8\", \"::1\"] for this machine"

TEST(UserSourceTable, IsRefusedWithLineKeyAndWhatWasExpected) {
  const struct {
    std::string_view name;
    std::string_view text;
    std::string_view faults;
  } rows[] = {
      {"a user source needs a name, an issuer and a client", ISSUER "[[user_source]]\ncreate_accounts = false",
       "/etc/chatelaine/c.toml:2: user_source.name: is missing: each [[user_source]] needs it\n"
       "/etc/chatelaine/c.toml:2: user_source.issuer: is missing: each [[user_source]] needs it\n"
       "/etc/chatelaine/c.toml:2: user_source.client_id: is missing: each [[user_source]] needs it"},
      {"whoever gets an account at a user source is said", ISSUER SOURCE,
       "/etc/chatelaine/c.toml:2: user_source.allowed_email_domains: is missing: say whose people get an account, such "
       "as [\"example.com\"], or [\"*\"] for everybody whom the provider lets in"},
      {"an issuer of several tenants needs their ids", ISSUER TENANTS,
       "/etc/chatelaine/c.toml:2: user_source.tenants: is missing: an issuer with {tenantid} needs the ids of the "
       "tenants that come in"},
      {"an issuer of one has none", ISSUER SOURCE "tenants = [\"a\"]\nallowed_email_domains = [\"*\"]",
       "/etc/chatelaine/c.toml:6: user_source.tenants: needs an issuer with {tenantid}"},
      {"a placeholder for tenants stands in the path",
       ISSUER
       "[[user_source]]\nname = \"a\"\nissuer = \"https://{tenantid}.example\"\nclient_id = \"c\"\ntenants = [\"a\"]",
       "/etc/chatelaine/c.toml:4: user_source.issuer: must have {tenantid} in its path, not "
       "\"https://{tenantid}.example\""},
      {"OpenID Connect Core §5.1: email_verified speaks of email alone",
       ISSUER SOURCE "email_claim = \"upn\"\nallowed_email_domains = [\"*\"]",
       "/etc/chatelaine/c.toml:6: user_source.email_claim: needs trust_email = true, since email_verified speaks of "
       "the "
       "claim email alone"},
      {"OpenID Connect Core §3.1.2.1: a source is asked for openid",
       ISSUER SOURCE "scopes = [\"email\"]\nallowed_email_domains = [\"*\"]",
       "/etc/chatelaine/c.toml:6: user_source.scopes: must hold \"openid\" (OpenID Connect Core §3.1.2.1)"},
      {"a domain is no address", ISSUER SOURCE "allowed_email_domains = [\"@Example.com\"]\ncreate_accounts = false",
       "/etc/chatelaine/c.toml:6: user_source.allowed_email_domains: must hold domains in lower case such as "
       "\"example.com\", or \"*\" alone, not \"@Example.com\""},
      {"a source's name is a word of a path",
       ISSUER "[[user_source]]\nname = \"a/b\"\nissuer = \"https://id.example\"\n"
              "client_id = \"c\"\ncreate_accounts = false",
       "/etc/chatelaine/c.toml:3: user_source.name: must be up to 32 of a-z, 0-9 and -, not \"a/b\""},
      {"two sources have two names", ISSUER SOURCE "create_accounts = false\n" SOURCE "create_accounts = false",
       "/etc/chatelaine/c.toml:8: user_source.name: must be given once, and \"contoso\" is there already"},
      {"THREATS N40: a source on loopback is not asked unless the operator says so, over https neither",
       ISSUER
       "[[user_source]]\nname = \"a\"\nissuer = \"https://localhost:1\"\nclient_id = \"c\"\ncreate_accounts = false",
       "/etc/chatelaine/c.toml:2: user_source.networks: " NO_NETWORKS},
      {"[fetch] allow_local is for clients, not for sources",
       ISSUER "[fetch]\nallow_local = true\n"
              "[[user_source]]\nname = \"a\"\nissuer = \"http://127.0.0.1:1\"\nclient_id = \"c\"\ncreate_accounts = "
              "false",
       "/etc/chatelaine/c.toml:4: user_source.networks: " NO_NETWORKS},
      {"a source in a private network is not asked unless the operator says so",
       ISSUER
       "[[user_source]]\nname = \"a\"\nissuer = \"https://10.1.2.3\"\nclient_id = \"c\"\ncreate_accounts = false",
       "/etc/chatelaine/c.toml:2: user_source.networks: " NO_NETWORKS},
      {"THREATS N40: networks are private ones; what clouds tell of themselves is at link-local addresses",
       ISSUER SOURCE "create_accounts = false\nnetworks = [\"10.0.0.0/8\", \"169.254.169.254\"]",
       "/etc/chatelaine/c.toml:7: user_source.networks: must hold private or loopback addresses alone, not "
       "\"169.254.169.254\""},
      {"networks are addresses", ISSUER SOURCE "create_accounts = false\nnetworks = [\"id.local\"]",
       "/etc/chatelaine/c.toml:7: user_source.networks: must hold addresses or blocks such as \"10.0.0.0/8\" or "
       "\"::1\", not \"id.local\""},
      {"two sources could give out the same subject",
       ISSUER SOURCE "create_accounts = false\nsubject_claim = \"sub\"\n" TENANTS "tenants = [\"a\"]",
       "/etc/chatelaine/c.toml:7: user_source.subject_claim: needs this to be the only [[user_source]]: another one "
       "could give somebody the same subject"},
      {"there is a way in for others than administrators", ISSUER "[accounts]\npasswords = false",
       "/etc/chatelaine/c.toml:3: accounts.passwords: needs a [[user_source]]: nobody else could sign in"},
  };
  for (const auto& row : rows) EXPECT_EQ(faults_of(row.text), row.faults) << row.name;
}

TEST(UserSourceTable, SaysWhatItIsNotTold) {
  const auto read = parse_configuration(ISSUER SOURCE "required_claims = { hd = \"contoso.example\" }", kFile);
  ASSERT_TRUE(read) << read.error().front().to_string();
  ASSERT_EQ(read->provider->user_sources.size(), 1U);
  const UserSourceConfiguration& source = read->provider->user_sources.front();
  EXPECT_EQ(source.label, "contoso");
  EXPECT_EQ(source.scopes, (std::vector<std::string>{"openid", "email", "profile"}));
  EXPECT_TRUE(source.create_accounts);
  EXPECT_FALSE(source.join_by_email);
  EXPECT_FALSE(source.trust_email);
  EXPECT_EQ(source.subject_claim, "") << "a subject of our own";
  EXPECT_TRUE(source.networks.empty());
  EXPECT_EQ(source.reauthentication, UserSourceReauthentication::login);
  EXPECT_TRUE(read->provider->passwords);
}

TEST(UserSourceTable, KeepsTheIssuerAsTheProviderSpellsIt) {
  constexpr const char* kRest = "client_id = \"c\"\ncreate_accounts = false";
  for (const char* issuer : {"https://tenant.auth.example/", "https://id.example/realms/A"}) {
    const auto read = parse_configuration(
        ISSUER "[[user_source]]\nname = \"a\"\nissuer = \"" + std::string(issuer) + "\"\n" + kRest, kFile);
    ASSERT_TRUE(read) << read.error().front().to_string();
    EXPECT_EQ(read->provider->user_sources.front().issuer, issuer) << "OpenID Connect Discovery §4.3";
  }
}

}  // namespace
}  // namespace chatelaine::app
