#include "inspection/testing/rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace chatelaine::inspection {

void expect_findings(std::span<const Row> rows, Check first, Check last) {
  std::set<Check> provoked;
  for (const Row& row : rows) {
    provoked.insert(row.check);
    Site site;
    row.spoil(site);
    const Findings findings = inspect_site(site, row.url);
    const bool is_found = std::ranges::any_of(findings, [&](const Finding& finding) {
      return finding.check == row.check && finding.verdict == row.verdict &&
             finding.seen.find(row.seen) != std::string::npos && finding.change.find(row.change) != std::string::npos;
    });
    EXPECT_TRUE(is_found) << row.sentence << ":\n" << write(findings);
  }
  for (const CheckDescription& description : check_descriptions())
    if (description.check >= first && description.check <= last) {
      EXPECT_TRUE(provoked.contains(description.check)) << "no row makes " << description.code << " fail";
    }
}

std::string write(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings)
    text += std::string(to_string(finding.verdict)) + ' ' + std::string(describe(finding.check).code) + ": " +
            finding.seen + " | " + finding.change + '\n';
  return text;
}

void answer_with_page(net::FetchedDocument& answer) {
  answer.status = 200;
  answer.body = "<!doctype html><p>Welcome";
}

void redirect_to(net::FetchedDocument& answer, std::string location, int status) {
  answer.status = status;
  answer.headers.push_back({"Location", std::move(location)});
}

void set_auth(Site& site, std::string_view member, std::string_view value) {
  json::object auth = parse_json(site.at(kManifest).body)->at("auth").as_object();
  auth[member] = value;
  site.set(kManifest, "auth", auth);
}

}  // namespace chatelaine::inspection
