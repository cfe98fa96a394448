#include "user_sources/claims.hpp"

#include <gtest/gtest.h>

#include "user_sources/world_for_test.hpp"

namespace chatelaine::user_sources {
namespace {

using test::some_source;
using Kind = Refusal::Kind;

json::object told(std::initializer_list<std::pair<json::string_view, json::value_ref>> members) {
  return json::object(members);
}

struct EmailRow {
  const char* sentence;
  json::object id_token;
  json::object userinfo;
  const char* email;
};

TEST(Claims, AnEmailAddressCountsWhereItsTellerHasCheckedIt) {
  const EmailRow rows[] = {
      {"OpenID Connect Core §5.1: verified",
       told({{"email", "a@b.example"}, {"email_verified", true}}),
       {},
       "a@b.example"},
      {"verified, as text", told({{"email", "a@b.example"}, {"email_verified", "true"}}), {}, "a@b.example"},
      {"not verified", told({{"email", "a@b.example"}, {"email_verified", false}}), {}, ""},
      {"not verified, as text", told({{"email", "a@b.example"}, {"email_verified", "false"}}), {}, ""},
      {"verified by a number", told({{"email", "a@b.example"}, {"email_verified", 1}}), {}, ""},
      {"nothing said of it, as by Entra", told({{"email", "a@b.example"}}), {}, ""},
      {"none", {}, {}, ""},
      {"no address", told({{"email", "nobody"}, {"email_verified", true}}), {}, ""},
      {"two addresses", told({{"email", json::array{"a@b.example"}}, {"email_verified", true}}), {}, ""},
      {"the UserInfo endpoint's", {}, told({{"email", "a@b.example"}, {"email_verified", true}}), "a@b.example"},
      {"an address of one document with a word of the other", told({{"email", "admin@b.example"}}),
       told({{"email_verified", true}}), ""},
      {"both of the document that has both", told({{"email", "admin@b.example"}}),
       told({{"email", "mine@b.example"}, {"email_verified", true}}), "mine@b.example"},
      {"a word of the ID token counts before the other document's",
       told({{"email", "a@b.example"}, {"email_verified", false}}),
       told({{"email", "a@b.example"}, {"email_verified", true}}), ""},
      {"a word of the ID token on an address of the other", told({{"email_verified", true}}),
       told({{"email", "a@b.example"}}), ""},
  };
  for (const EmailRow& row : rows) {
    const auto person = admit_person(some_source(), {row.id_token, row.userinfo});
    ASSERT_TRUE(person) << row.sentence;
    EXPECT_EQ(person->email.value_or(""), row.email) << row.sentence;
  }
}

TEST(Claims, ATrustedSourceNeedsNotSayThatAnAddressIsVerified) {
  UserSource source = some_source();
  source.email_trust = EmailTrust::unless_denied;
  source.claims.email = "preferred_username";
  const auto person = admit_person(source, {told({{"preferred_username", "a@b.example"}}), {}});
  EXPECT_EQ(person->email, "a@b.example");
  source.email_trust = EmailTrust::where_verified;
  const auto other =
      admit_person(source, {told({{"preferred_username", "a@b.example"}, {"email_verified", true}}), {}});
  EXPECT_FALSE(other->email) << "OpenID Connect Core §5.1: email_verified speaks of email alone";
}

// Who may type an address of their own, as at Keycloak, has one of which the source says that it is not checked.
TEST(Claims, NoTrustMakesAnAddressCountThatItsTellerHasNotChecked) {
  UserSource source = some_source();
  source.email_trust = EmailTrust::unless_denied;
  for (const json::value& word : {json::value(false), json::value("false"), json::value(0), json::value(nullptr)}) {
    const auto person = admit_person(source, {told({{"email", "a@b.example"}, {"email_verified", word}}), {}});
    EXPECT_FALSE(person->email) << word;
  }
  EXPECT_EQ(admit_person(source, {told({{"email", "a@b.example"}}), {}})->email, "a@b.example");
  EXPECT_FALSE(lacks_claims(source, told({{"email", "a@b.example"}, {"name", "A"}}))) << "no word is needed";
}

struct AdmissionRow {
  const char* sentence;
  json::object id_token;
  bool is_admitted;
};

TEST(Claims, OnlyAllowedDomainsComeIn) {
  UserSource source = some_source();
  source.email_domains = {"contoso.example", "fabrikam.example"};
  const AdmissionRow rows[] = {
      {"of the second", told({{"email", "a@fabrikam.example"}, {"email_verified", true}}), true},
      {"in capitals", told({{"email", "A@Contoso.EXAMPLE"}, {"email_verified", true}}), true},
      {"not verified", told({{"email", "a@contoso.example"}}), false},
      {"of one below", told({{"email", "a@evil.contoso.example"}, {"email_verified", true}}), false},
      {"of one that ends alike", told({{"email", "a@evilcontoso.example"}, {"email_verified", true}}), false},
      {"of one that begins alike", told({{"email", "a@contoso.example.evil"}, {"email_verified", true}}), false},
      {"two @, of which one is right", told({{"email", "a@evil@contoso.example"}, {"email_verified", true}}), false},
      {"no address", {}, false},
  };
  for (const AdmissionRow& row : rows) {
    const auto person = admit_person(source, {row.id_token, {}});
    EXPECT_EQ(person.has_value(), row.is_admitted) << row.sentence;
    if (!person) {
      EXPECT_EQ(person.error().kind, Kind::not_admitted) << row.sentence;
    }
  }
}

TEST(Claims, OnlyRequiredClaimsComeIn) {
  UserSource source = some_source();
  source.required_claims = {{"hd", "contoso.example"}, {"groups", "todo-users"}};
  const AdmissionRow rows[] = {
      {"both, one in a list", told({{"hd", "contoso.example"}, {"groups", json::array{"all", "todo-users"}}}), true},
      {"both as text", told({{"hd", "contoso.example"}, {"groups", "todo-users"}}), true},
      {"one is missing", told({{"hd", "contoso.example"}}), false},
      {"another value", told({{"hd", "evil.example"}, {"groups", "todo-users"}}), false},
      {"part of the value", told({{"hd", "contoso.example"}, {"groups", "todo-users-of-old"}}), false},
      {"a number", told({{"hd", "contoso.example"}, {"groups", 7}}), false},
      {"nothing", {}, false},
  };
  for (const AdmissionRow& row : rows) {
    EXPECT_EQ(admit_person(source, {row.id_token, {}}).has_value(), row.is_admitted) << row.sentence;
  }
  const ToldClaims apart{told({{"hd", "evil.example"}}), told({{"hd", "contoso.example"}, {"groups", "todo-users"}})};
  EXPECT_FALSE(admit_person(source, apart)) << "the ID token counts first";
}

TEST(Claims, NamesAndSubjectsThatAreUnfitAreLeftOut) {
  UserSource source = some_source();
  source.claims.subject = "oid";
  const auto person = admit_person(source, {told({{"sub", "s1"}, {"oid", "7-8"}, {"name", "Ada"}}), {}});
  EXPECT_EQ(person->subject, oauth::Subject("7-8"));
  EXPECT_EQ(person->name, "Ada");
  const auto unfit = admit_person(source, {told({{"oid", "Ä"}, {"name", "a\r\nb"}}), {}});
  EXPECT_FALSE(unfit->subject);
  EXPECT_EQ(unfit->name, "");
  EXPECT_EQ(admit_person(source, {told({{"name", std::string(201, 'n')}}), {}})->name, "");
  source.claims.subject.clear();
  EXPECT_FALSE(admit_person(source, {told({{"sub", "s1"}}), {}})->subject) << "not unless the operator says so";
}

TEST(Claims, UserInfoIsAskedWhereTheIdTokenLacksWhatIsNeeded) {
  UserSource source = some_source();
  source.claims.subject = "oid";
  const json::object whole = told({{"oid", "7"}, {"email", "a@b.example"}, {"email_verified", true}, {"name", "Ada"}});
  EXPECT_FALSE(lacks_claims(source, whole));
  for (const char* claim : {"oid", "email", "email_verified", "name"}) {
    json::object part = whole;
    part.erase(claim);
    EXPECT_TRUE(lacks_claims(source, part)) << claim;
  }
  source.required_claims = {{"hd", "contoso.example"}};
  EXPECT_TRUE(lacks_claims(source, whole));
}

TEST(UserSource, StandsForTheIssuerOfEachTenant) {
  UserSource source = some_source();
  EXPECT_EQ(source.issuers(), std::vector{source.issuer});
  source.issuer = oauth::Issuer("https://login.example/{tenantid}/v2.0");
  source.tenants = {"a", "b"};
  const std::vector expected{oauth::Issuer("https://login.example/a/v2.0"),
                             oauth::Issuer("https://login.example/b/v2.0")};
  EXPECT_EQ(source.issuers(), expected);
}

}  // namespace
}  // namespace chatelaine::user_sources
