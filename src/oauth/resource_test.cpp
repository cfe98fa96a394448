#include "oauth/resource.hpp"

#include <gtest/gtest.h>

#include "oauth/facts_for_tests.hpp"

namespace chatelaine::oauth {
namespace {

const Resource kCalendar("https://cal.example/api");
const Resource kContacts("https://contacts.example");

/// The API, where every scope means something, a calendar with an alias, and contacts.
ProtectedResources three() {
  return ProtectedResources(
      {.identifier = kApi},
      {{.identifier = kCalendar, .aliases = {Resource("urn:example:calendar")}, .scopes = Scope({"cal", "share"})},
       {.identifier = kContacts, .scopes = Scope({"contacts", "share"})}});
}
/// The same, but the API understands its own scope alone.
ProtectedResources apart() {
  auto own = three().own();
  own.scopes = Scope({"todo"});
  return ProtectedResources(std::move(own), {three().all()[1], three().all()[2]});
}

Form request_of(const std::vector<std::string>& resources, const std::string& scope = "") {
  Form form;
  if (!scope.empty()) form.add("scope", scope);
  for (const auto& resource : resources) form.add("resource", resource);
  return form;
}

/// `resources | audience | scope`, or the error.
std::string tell(const Result<Target>& target) {
  if (!target) return std::string(to_string(target.error().code));
  std::string text;
  for (const auto& one : target->resources) text += one.value() + " ";
  text += "| ";
  for (const auto& one : target->audience) text += one.value() + " ";
  return text + "| " + target->scope.to_string();
}

struct Row {
  std::string_view sentence;
  std::vector<std::string> resources;
  /// As the request has it; empty: it names none, and the client's own counts.
  std::string scope;
  std::string told;
};
const Scope kClients({"todo", "cal", "contacts", "share"});

/// RFC 8707 §2, §2.1.
class AskedTargets : public testing::TestWithParam<Row> {};
TEST_P(AskedTargets, OfARequest) {
  const auto& row = GetParam();
  const Form request = request_of(row.resources, row.scope);
  EXPECT_EQ(tell(check_target(request, *narrow_scope(request.get("scope"), kClients), apart())), row.told)
      << row.sentence;
}
const std::vector<std::string> kNine{"urn:a:1", "urn:a:2", "urn:a:3", "urn:a:4", "urn:a:5",
                                     "urn:a:6", "urn:a:7", "urn:a:8", "urn:a:9"};
INSTANTIATE_TEST_SUITE_P(
    Rfc8707Section2, AskedTargets,
    testing::Values(
        Row{"§2.1: without the parameter a default counts", {}, "", "https://api.example | https://api.example | todo"},
        Row{"RFC 6749 §3.1: without a value it counts as omitted",
            {"", ""},
            "",
            "https://api.example | https://api.example | todo"},
        Row{"the value is the audience",
            {"https://cal.example/api"},
            "",
            "https://cal.example/api | https://cal.example/api | cal share"},
        Row{"several may be used",
            {"https://contacts.example", "https://cal.example/api"},
            "",
            "https://contacts.example https://cal.example/api | https://contacts.example https://cal.example/api | cal "
            "contacts share"},
        Row{"twice the same is once",
            {"https://contacts.example", "https://contacts.example"},
            "",
            "https://contacts.example | https://contacts.example | contacts share"},
        Row{"the server may map the value: an alias stands beside the identifier",
            {"urn:example:calendar"},
            "cal",
            "https://cal.example/api | https://cal.example/api urn:example:calendar | cal"},
        Row{"a slash at the end is an alias",
            {"https://cal.example/api/"},
            "cal",
            "https://cal.example/api | https://cal.example/api https://cal.example/api/ | cal"},
        Row{"two spellings are one resource",
            {"urn:example:calendar", "https://cal.example/api"},
            "cal",
            "https://cal.example/api | https://cal.example/api urn:example:calendar | cal"},
        Row{"unknown", {"https://other.example"}, "", "invalid_target"},
        Row{"unknown beside a known one", {"https://cal.example/api", "https://other.example"}, "", "invalid_target"},
        Row{"a part of the path is another", {"https://cal.example"}, "", "invalid_target"},
        Row{"more of the path is another", {"https://cal.example/api/v1"}, "", "invalid_target"},
        Row{"two slashes are another", {"https://cal.example/api//"}, "", "invalid_target"},
        Row{"no normalisation of the host", {"https://CAL.example/api"}, "", "invalid_target"},
        Row{"no normalisation of the port", {"https://cal.example:443/api"}, "", "invalid_target"},
        Row{"not an absolute URI", {"/api"}, "", "invalid_target"},
        Row{"a fragment", {"https://cal.example/api#x"}, "", "invalid_target"},
        Row{"an empty fragment", {"https://cal.example/api#"}, "", "invalid_target"},
        Row{"a query that was not declared", {"https://cal.example/api?x=1"}, "", "invalid_target"},
        Row{"nine of them", kNine, "", "invalid_target"},
        Row{"§2.2: the scope is cut to what the resource can process",
            {"https://cal.example/api"},
            "cal todo",
            "https://cal.example/api | https://cal.example/api | cal"},
        Row{"a scope of which nothing is left", {"https://cal.example/api"}, "todo", "invalid_scope"},
        Row{"RFC 6749 §3.1: a scope of blanks counts as omitted",
            {},
            "  ",
            "https://api.example | https://api.example | todo"},
        Row{"RFC 9068 §3: without the parameter the scope says which is meant",
            {},
            "cal",
            "https://cal.example/api | https://cal.example/api | cal"},
        Row{"RFC 9068 §3: the default before all others",
            {},
            "todo",
            "https://api.example | https://api.example | todo"},
        Row{"RFC 9068 §3: a scope of different resources", {}, "cal contacts", "invalid_scope"},
        Row{"RFC 9068 §3: a scope that several have", {}, "share", "invalid_scope"}));

TEST(ResourceTest, Rfc8707Section2SaysWhatIsWrong) {
  const auto sentence = [](const std::string& resource, const ProtectedResources& resources) {
    return check_target(request_of({resource}), Scope(), resources).error().description;
  };
  EXPECT_EQ(sentence("https://x.example", one_resource()),
            "The resource 'https://x.example' is not served here. This server's resource is 'https://api.example'.");
  EXPECT_EQ(sentence("https://x.example", three()), "The resource 'https://x.example' is not served here.")
      << "others are nobody's business";
  EXPECT_EQ(sentence("https://api.example#x", three()),
            "The resource 'https://api.example#x' is not an absolute URI without a fragment (RFC 8707).");
}

TEST(ResourceTest, WithoutDeclaredScopesEveryScopeStays) {
  EXPECT_EQ(tell(check_target(request_of({}, "cal todo"), Scope({"cal", "todo"}), three())),
            "https://api.example | https://api.example | cal todo");
  EXPECT_EQ(tell(check_target(request_of({"https://api.example/"}), kClients, one_resource())),
            "https://api.example | https://api.example https://api.example/ | cal contacts share todo");
}

/// OpenID Connect Core §5.4: they ask about the person; a resource's own scopes do not shut them out.
TEST(ResourceTest, IdentityScopesAreUnderstoodEverywhere) {
  const Form request = request_of({"https://cal.example/api"}, "cal openid todo");
  EXPECT_EQ(tell(check_target(request, Scope({"cal", "openid", "todo"}), apart())),
            "https://cal.example/api | https://cal.example/api | cal openid");
  EXPECT_EQ(tell(check_target(request_of({}, "openid"), Scope({"openid"}), apart())),
            "https://api.example | https://api.example | openid");
}

/// RFC 8707 §2.2.
class NarrowedTargets : public testing::TestWithParam<Row> {};
TEST_P(NarrowedTargets, WithinWhatWasGranted) {
  const auto& row = GetParam();
  const Form request = request_of(row.resources, row.scope);
  const Scope granted({"cal", "contacts", "share"});
  EXPECT_EQ(tell(narrow_target(request, *narrow_scope(request.get("scope"), granted), {kCalendar, kContacts}, apart())),
            row.told)
      << row.sentence;
}
INSTANTIATE_TEST_SUITE_P(
    Rfc8707Section22, NarrowedTargets,
    testing::Values(
        Row{"without the parameter all that was granted",
            {},
            "",
            "https://cal.example/api https://contacts.example | https://cal.example/api https://contacts.example | cal "
            "contacts share"},
        Row{"a part of it",
            {"https://contacts.example"},
            "",
            "https://contacts.example | https://contacts.example | contacts share"},
        Row{"under the spelling of this request",
            {"urn:example:calendar"},
            "cal",
            "https://cal.example/api | https://cal.example/api urn:example:calendar | cal"},
        Row{"all of it, named",
            {"https://contacts.example", "https://cal.example/api"},
            "share",
            "https://contacts.example https://cal.example/api | https://contacts.example https://cal.example/api | "
            "share"},
        Row{"one that is served but was not granted", {"https://api.example"}, "", "invalid_target"},
        Row{"that one beside a granted one", {"https://cal.example/api", "https://api.example"}, "", "invalid_target"},
        Row{"one that is unknown", {"https://other.example"}, "", "invalid_target"},
        Row{"nine of them", kNine, "", "invalid_target"},
        Row{"a scope that means nothing there", {"https://contacts.example"}, "cal", "invalid_scope"}));

/// RFC 6749 §5.1: without a scope the answer would say that the client has all that it asked for.
TEST(ResourceTest, ATokenForNothingOfWhatWasAllowedIsNoToken) {
  const Form request = request_of({"https://contacts.example"});
  EXPECT_EQ(tell(narrow_target(request, Scope({"cal"}), {kCalendar, kContacts}, apart())), "invalid_scope");
  EXPECT_EQ(tell(check_target(request, Scope({"cal"}), apart())), "invalid_scope");
  EXPECT_EQ(tell(check_target(request, Scope(), apart())), "https://contacts.example | https://contacts.example | ")
      << "nothing is all that this client has";
}

/// RFC 9068 §3: also a scope that the request does not name tells which resource is meant.
TEST(ResourceTest, AClientOfOneOtherResourceNeedNotNameIt) {
  EXPECT_EQ(tell(check_target(Form(), Scope({"cal"}), apart())),
            "https://cal.example/api | https://cal.example/api | cal");
  EXPECT_EQ(tell(check_target(Form(), Scope({"cal", "contacts"}), apart())), "invalid_scope");
}

/// The operator changes the configuration while grants live.
TEST(ResourceTest, WhatWasGrantedIsLookedAtAsItIsServedToday) {
  const Resource gone("https://gone.example");
  EXPECT_EQ(tell(narrow_target(Form(), Scope({"cal"}), {gone, kCalendar}, three())),
            "https://cal.example/api | https://cal.example/api | cal")
      << "one is served no more";
  EXPECT_EQ(tell(narrow_target(Form(), Scope({"cal"}), {gone}, three())), "invalid_grant") << "none is left";
  EXPECT_EQ(tell(narrow_target(Form(), Scope({"cal"}), {Resource("urn:example:calendar")}, three())),
            "https://cal.example/api | https://cal.example/api | cal")
      << "the identifier of then is an alias now";
}

/// What tokens say that were issued before the operator renamed it included.
TEST(ResourceTest, AResourceGoesByItsIdentifierAndAliasesEachWithASlashAndWithout) {
  const ProtectedResource resource{.identifier = kApi, .aliases = {Resource("https://old.example/")}};
  EXPECT_EQ(resource.spellings(), (std::vector{kApi, Resource("https://old.example/"), Resource("https://api.example/"),
                                               Resource("https://old.example")}));
  for (const Resource& spelling : resource.spellings()) EXPECT_TRUE(resource.is_called(spelling.value()));
  EXPECT_FALSE(resource.is_called("https://api.example//"));
  EXPECT_FALSE(resource.is_called(""));
}

struct TermsRow {
  std::string_view sentence;
  std::vector<Resource> resources;
  std::optional<AccessTokenFormat> clients;
  AccessTokenFormat format;
  seconds lifetime;
};
TEST(ResourceTest, FormatAndLifetimeOfATokenAreItsResourcesAndItsClients) {
  using enum AccessTokenFormat;
  const Resource fast("urn:example:fast");
  const Resource asked("urn:example:asked");
  const ProtectedResources resources({.identifier = kApi}, {{.identifier = fast, .access_token_lifetime = seconds{10}},
                                                            {.identifier = asked, .access_token_format = opaque}});
  const TermsRow rows[] = {
      {"the server's", {kApi}, {}, jwt, seconds{60}},
      {"the resource's format", {asked}, {}, opaque, seconds{60}},
      {"the resource's lifetime", {fast}, {}, jwt, seconds{10}},
      {"opaque where one of them wants that, and the shortest lifetime", {fast, asked}, {}, opaque, seconds{10}},
      {"the client's before all", {asked}, jwt, jwt, seconds{60}},
      {"the client's before the server's", {kApi}, opaque, opaque, seconds{60}},
      {"a resource that was taken away meanwhile", {Resource("urn:gone")}, {}, jwt, seconds{60}},
  };
  for (const TermsRow& row : rows) {
    Client client = plugin_client();
    client.access_token_format = row.clients;
    const auto terms = decide_terms({row.resources, row.resources, Scope()}, client, resources, {jwt, seconds{60}});
    EXPECT_EQ(terms.format, row.format) << row.sentence;
    EXPECT_EQ(terms.lifetime, row.lifetime) << row.sentence;
  }
}

}  // namespace
}  // namespace chatelaine::oauth
