#pragma once

#include <span>
#include <string>
#include <string_view>

#include "inspection/testing/site.hpp"

namespace chatelaine::inspection {

inline constexpr std::string_view kManifest = "/.well-known/ai-plugin.json";
inline constexpr std::string_view kMetadata = "/.well-known/oauth-authorization-server";
inline constexpr std::string_view kOpenId = "/.well-known/openid-configuration";
inline constexpr std::string_view kResource = "/.well-known/oauth-protected-resource/mcp";
inline constexpr std::string_view kRootResource = "/.well-known/oauth-protected-resource";
inline constexpr std::string_view kMcp = "https://todo.example/mcp";

using Kind = net::FetchError::Kind;

/// One thing that is wrong with a server that is sound otherwise.
struct Row {
  std::string_view sentence;
  void (*spoil)(Site& site);
  Check check;
  Verdict verdict;
  /// What must stand in what was seen, and in what is to be changed.
  std::string_view seen;
  std::string_view change;
  std::string_view url = kMcp;
};

/// Each row's finding is there, and every check from `first` to `last` has a row.
void expect_findings(std::span<const Row> rows, Check first, Check last);

/// A line a finding.
[[nodiscard]] std::string write(const Findings& findings);

void answer_with_page(net::FetchedDocument& answer);
void redirect_to(net::FetchedDocument& answer, std::string location, int status = 302);
/// Sets a member of the manifest's `auth`.
void set_auth(Site& site, std::string_view member, std::string_view value);

}  // namespace chatelaine::inspection
