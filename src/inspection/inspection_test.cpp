#include "inspection/inspection.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "base/block_on.hpp"
#include "inspection/testing/rows.hpp"

namespace chatelaine::inspection {
namespace {

TEST(Inspection, ASoundServerIsGoodInEveryRole) {
  for (const std::string_view url : {"https://todo.example/mcp", "https://todo.example", "todo.example",
                                     "https://todo.example/.well-known/ai-plugin.json"}) {
    Site site;
    const Findings findings = inspect_site(site, url);
    for (const Finding& finding : findings)
      EXPECT_TRUE(finding.verdict == Verdict::ok || finding.verdict == Verdict::skipped) << url << '\n'
                                                                                         << write({finding});
    EXPECT_GT(std::ranges::count(findings, Verdict::ok, &Finding::verdict), 35) << url << '\n' << write(findings);
    EXPECT_LE(site.asked().size(), 60U) << url;
  }
}

// The Fetch standard: a server may name the very origin that asks.
TEST(Inspection, AServerThatReflectsOriginsIsSound) {
  Site site;
  site.adjust = [](const Question& question, net::FetchedDocument& answer) {
    std::erase_if(answer.headers, [](const auto& header) { return header.name == "Access-Control-Allow-Origin"; });
    if (const auto origin = find_header(question, "Origin"))
      answer.headers.push_back({"Access-Control-Allow-Origin", *origin});
  };
  for (const Finding& finding : inspect_site(site, kMcp))
    EXPECT_TRUE(finding.verdict == Verdict::ok || finding.verdict == Verdict::skipped) << write({finding});
}

TEST(Inspection, AHomePageMayBeRedirected) {
  Site site;
  redirect_to(site.at("/"), "/login");
  redirect_to(site.at("https://todo.example"), "/login");
  site.remove(kRootResource);
  EXPECT_EQ(write(inspect_site(site, "https://todo.example")).find("warning redirect"), std::string::npos);
}

TEST(Inspection, WhoTakesAProbeGetsNoOther) {
  Site site;
  site.at("/oauth/register", "POST").status = 201;
  site.at("/oauth/token", "POST").status = 200;
  static_cast<void>(inspect_site(site, kMcp));
  for (const std::string_view key :
       {"POST https://todo.example/oauth/register", "POST https://todo.example/oauth/token"})
    EXPECT_EQ(std::ranges::count(site.asked(), key), 1) << key;
}

TEST(Inspection, SaysWhetherTimeRanOut) {
  for (const auto& [most, expected] :
       {std::pair{1000U, Completeness::whole}, std::pair{20U, Completeness::cut_short}}) {
    Site site;
    site.most_questions = most;
    EXPECT_EQ(block_on(inspect(site, parse_target(kMcp).value(), [](const Finding&) {})), expected);
  }
}

// What a person adds to a URL without thinking is a warning at most.
TEST(Inspection, ASlashAfterTheDomainIsNoFault) {
  Site site;
  const Findings findings = inspect_site(site, "https://todo.example/");
  EXPECT_EQ(std::ranges::count(findings, Verdict::fault, &Finding::verdict), 0) << write(findings);
}

TEST(Inspection, AnIssuerWithAPathIsAskedForInEveryForm) {
  Site site;
  const json::value issuer = "https://todo.example/tenant";
  site.remove(kManifest);
  site.remove(kRootResource);
  for (const std::string_view path :
       {"/.well-known/oauth-authorization-server/tenant", "/.well-known/openid-configuration/tenant",
        "/tenant/.well-known/openid-configuration"}) {
    site.at(path) = site.at(kMetadata);
    site.set(path, "issuer", issuer);
  }
  site.remove(kMetadata);
  site.remove(kOpenId);
  const Findings good = inspect_site(site, "https://todo.example/tenant");
  EXPECT_EQ(std::ranges::count(good, Verdict::fault, &Finding::verdict), 0) << write(good);
  EXPECT_EQ(std::ranges::count(good, Verdict::warning, &Finding::verdict), 0) << write(good);
  // RFC 8414 §3.3: with a slash it is another issuer.
  const Findings other = inspect_site(site, "https://todo.example/tenant/");
  EXPECT_NE(write(other).find("fault metadata_issuer"), std::string::npos) << write(other);
}

// RFC 9728 §3: who enters the domain alone means the resource that the document at its root names.
TEST(Inspection, ADomainLeadsToItsResource) {
  Site site;
  const Findings findings = inspect_site(site, "https://todo.example");
  EXPECT_NE(write(findings).find("ok challenge: https://todo.example/mcp asks for a Bearer token"), std::string::npos)
      << write(findings);
}

TEST(Inspection, WhatIsOutOfReachIsNotAskedAnyMore) {
  Site site;
  site.silence("/mcp", Kind::unreachable, "It could not be reached.");
  static_cast<void>(inspect_site(site, kMcp));
  EXPECT_EQ(site.asked().size(), 1U);
}

TEST(Inspection, WhatThereWasNoTimeForIsSkipped) {
  for (std::size_t most = 0; most < 60; ++most) {
    Site site;
    site.most_questions = most;
    const Findings findings = inspect_site(site, kMcp);
    EXPECT_LE(site.asked().size(), most);
    for (const Finding& finding : findings)
      if (finding.seen.find("The time for all questions was over") != std::string::npos) {
        EXPECT_EQ(finding.verdict, Verdict::skipped) << write({finding});
      }
  }
}

// THREATS N41: whatever a server writes, a finding stays one line of bounded length.
TEST(Inspection, WhatAServerWritesIsBounded) {
  Site site;
  site.set_metadata("issuer", json::string(std::string(50'000, 'x') + "\n\x1b[31m"));
  site.set(kManifest, "name_for_human", json::string("a\nb\x1b[31m" + std::string(10'000, 'y')));
  set_auth(site, "type", std::string(20'000, 'z') + "\r\n");
  redirect_to(site.at("/oauth/authorize"), std::string(30'000, 'l'), 301);
  for (const Finding& finding : inspect_site(site, "https://todo.example")) {
    EXPECT_LE(finding.seen.size() + finding.change.size(), 1300U) << describe(finding.check).code;
    EXPECT_TRUE(std::ranges::none_of(finding.seen + finding.change, [](unsigned char c) {
      return c < 0x20 || c == 0x7f;
    })) << describe(finding.check).code;
  }
}

}  // namespace
}  // namespace chatelaine::inspection
