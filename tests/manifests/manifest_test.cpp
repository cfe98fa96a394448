#include "oauth/plugin/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "base/json.hpp"

namespace chatelaine::oauth {
namespace {

const std::filesystem::path kDirectory = "tests/manifests";

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

json::value read_json(const std::filesystem::path& path) {
  auto value = parse_json(read_file(path));
  EXPECT_TRUE(value) << path << ": " << value.error().message;
  return value.value();
}

ManifestContext make_context(std::string_view domain) {
  return {.manifest_url = parse_http_url("https://" + std::string(domain) + "/.well-known/ai-plugin.json").value()};
}

using Found = std::multiset<std::pair<std::string, std::string>>;

Found list_found(const std::vector<ManifestFinding>& findings) {
  Found found;
  for (const ManifestFinding& finding : findings) found.emplace(finding.path, finding.code);
  return found;
}

Found list_wanted(const json::object& row, std::string_view name) {
  Found wanted;
  for (const json::value& entry : row.at(name).as_array()) {
    wanted.emplace(entry.at(0).as_string(), entry.at(1).as_string());
  }
  return wanted;
}

/// The object that holds the member at `path`, and the member's name.
std::pair<json::object*, std::string> find_parent(json::object& root, std::string_view path) {
  json::object* parent = &root;
  for (std::size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    parent = &parent->at(path.substr(0, dot)).as_object();
    path.remove_prefix(dot + 1);
  }
  return {parent, std::string(path)};
}

/// A row's own text, or the sound manifest with the row's changes.
std::string make_text(const json::object& row) {
  if (const json::string* text = find_string(row, "text")) return std::string(*text);
  json::value manifest = read_json(kDirectory / "sound.json");
  if (const json::value* changes = row.if_contains("set")) {
    for (const auto& [path, value] : changes->as_object()) {
      const auto [parent, name] = find_parent(manifest.as_object(), path);
      (*parent)[name] = value;
    }
  }
  if (const json::value* removed = row.if_contains("remove")) {
    for (const json::value& path : removed->as_array()) {
      const auto [parent, name] = find_parent(manifest.as_object(), path.as_string());
      EXPECT_EQ(parent->erase(name), 1U) << path;
    }
  }
  return json::serialize(manifest);
}

void expect_sentences(const std::vector<ManifestFinding>& findings) {
  for (const ManifestFinding& finding : findings) {
    EXPECT_FALSE(finding.message.empty()) << finding.path;
    EXPECT_FALSE(finding.expected.empty()) << finding.path;
  }
}

TEST(Manifest, EveryRealManifestIsAccepted) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kDirectory / "real")) {
    SCOPED_TRACE(entry.path().filename());
    const ManifestReport report = check_manifest(read_file(entry.path()), make_context("plugin.example.com"));
    EXPECT_EQ(list_found(report.faults), Found{});
    EXPECT_TRUE(report.manifest);
    ++count;
  }
  EXPECT_EQ(count, 40U);
}

TEST(Manifest, EachFaultIsNamedByPathAndCode) {
  const json::value rows = read_json(kDirectory / "broken.json");
  EXPECT_GE(rows.as_array().size(), 60U);
  std::set<std::string> names;
  for (const json::value& entry : rows.as_array()) {
    const json::object& row = entry.as_object();
    const std::string name(row.at("name").as_string());
    SCOPED_TRACE(name);
    EXPECT_TRUE(names.insert(name).second) << "two rows of one name";
    const ManifestReport report = check_manifest(make_text(row), make_context("todo.example.com"));
    EXPECT_EQ(list_found(report.faults), list_wanted(row, "faults"));
    EXPECT_FALSE(report.manifest);
    expect_sentences(report.faults);
    if (const json::string* says = find_string(row, "says")) {
      EXPECT_THAT(report.faults.at(0).message, testing::HasSubstr(std::string(*says)));
    }
  }
}

TEST(Manifest, OddButUsableManifestsAreAcceptedWithWarnings) {
  const json::value rows = read_json(kDirectory / "odd.json");
  EXPECT_GE(rows.as_array().size(), 15U);
  for (const json::value& entry : rows.as_array()) {
    const json::object& row = entry.as_object();
    SCOPED_TRACE(std::string(row.at("name").as_string()));
    ManifestContext context = make_context("todo.example.com");
    context.allow_loopback = row.contains("allow_loopback");
    const ManifestReport report = check_manifest(make_text(row), context);
    EXPECT_EQ(list_found(report.faults), Found{});
    EXPECT_EQ(list_found(report.warnings), list_wanted(row, "warnings"));
    expect_sentences(report.warnings);
    ASSERT_TRUE(report.manifest);
    if (const json::string* url = find_string(row, "api_url")) {
      EXPECT_EQ(report.manifest->api_url.text, *url);
    }
  }
}

TEST(Manifest, ScopeAndUrlsAreKeptAsTheyAre) {
  const ManifestReport report =
      check_manifest(read_file(kDirectory / "real/plugin.skypointcloud.com.json"), make_context("skypoint.example"));
  ASSERT_TRUE(report.manifest);
  EXPECT_TRUE(report.manifest->scope.ends_with("user_impersonation "));
  EXPECT_TRUE(report.manifest->client_url.text.ends_with("/oauth2/v2.0/authorize"));
  EXPECT_TRUE(report.manifest->authorization_url.text.ends_with("/oauth2/v2.0/token"));
  EXPECT_EQ(report.manifest->encoding, TokenRequestEncoding::form);
  EXPECT_EQ(report.manifest->verification_tokens.at("openai"), "50bc1791ebefdb9380345e6c2e8bbc96");
}

ManifestSource make_source() {
  return {.name_for_human = "Todo Helper",
          .name_for_model = "todo",
          .description_for_human = "Keeps your lists.",
          .description_for_model = "Reads and changes the user's lists.",
          .scope = "read write",
          .client_url = "https://todo.example.com/oauth/authorize",
          .authorization_url = "https://todo.example.com/oauth/token",
          .verification_tokens = {{"home", "89ab"}, {"openai", "0123"}},
          .api_url = "https://todo.example.com/.well-known/openapi.yaml",
          .logo_url = "https://todo.example.com/logo.png",
          .contact_email = "support@example.com",
          .legal_info_url = "https://todo.example.com/legal"};
}

TEST(Manifest, WhatIsMadeIsAccepted) {
  const ManifestReport report =
      check_manifest(json::serialize(make_manifest(make_source())), make_context("todo.example.com"));
  EXPECT_EQ(list_found(report.faults), Found{});
  EXPECT_EQ(list_found(report.warnings), Found{});
  ASSERT_TRUE(report.manifest);
  EXPECT_EQ(report.manifest->client_url.text, "https://todo.example.com/oauth/authorize");
  EXPECT_EQ(report.manifest->authorization_url.text, "https://todo.example.com/oauth/token");
  EXPECT_EQ(report.manifest->scope, "read write");
  EXPECT_EQ(report.manifest->verification_tokens, make_source().verification_tokens);
}

TEST(Manifest, AMinimalSourceIsAcceptedToo) {
  ManifestSource source = make_source();
  source.scope.clear();
  source.verification_tokens.clear();
  source.logo_url.clear();
  source.contact_email.clear();
  source.legal_info_url.clear();
  source.encoding = TokenRequestEncoding::form;
  const ManifestReport report =
      check_manifest(json::serialize(make_manifest(source)), make_context("todo.example.com"));
  EXPECT_EQ(list_found(report.faults), Found{});
  ASSERT_TRUE(report.manifest);
  EXPECT_EQ(report.manifest->encoding, TokenRequestEncoding::form);
}

TEST(Manifest, TheMembersStandInTheDocumentsOrder) {
  EXPECT_EQ(
      json::serialize(make_manifest(make_source())["auth"]),
      R"({"type":"oauth","client_url":"https://todo.example.com/oauth/authorize","scope":"read write",)"
      R"("authorization_url":"https://todo.example.com/oauth/token","authorization_content_type":"application/json",)"
      R"("verification_tokens":{"home":"89ab","openai":"0123"}})");
}

TEST(Manifest, AReportIsOneJsonObject) {
  const json::object report = to_json(check_manifest("[]", make_context("todo.example.com")));
  EXPECT_EQ(
      json::serialize(report),
      R"({"ok":false,"faults":[{"path":"$","code":"wrong_type","message":"the manifest is JSON, but not an object",)"
      R"("expected":"one JSON object { \"schema_version\": \"v1\", … }"}],"warnings":[]})");
}

}  // namespace
}  // namespace chatelaine::oauth
