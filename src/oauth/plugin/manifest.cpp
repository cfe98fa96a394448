#include "oauth/plugin/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cctype>

#include "oauth/plugin/manifest_auth.hpp"
#include "oauth/plugin/manifest_findings.hpp"
#include "oauth/plugin/manifest_urls.hpp"

namespace chatelaine::oauth {
namespace {

constexpr std::size_t kLargest = 256 * 1024;

/// The code of what `parse_json` refused.
std::string_view find_syntax_code(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return "empty";
  if (text.starts_with("\xEF\xBB\xBF")) return "byte_order_mark";
  if (text[start] == '<') return "html_page";
  if (text[start] == '"') return "fragment";
  json::error_code error;
  static_cast<void>(json::parse(text, error));
  // Boost's own parser takes a member that occurs twice; ours does not.
  return error ? "not_json" : "repeated_member";
}

std::optional<json::value> parse_manifest(std::string_view text, ManifestFindings& findings) {
  const std::string expected = "one JSON object { \"schema_version\": \"v1\", … }";
  if (text.size() > kLargest) {
    findings.fault("$", "too_large", fmt::format("the manifest has {} bytes", text.size()),
                   fmt::format("at most {} bytes", kLargest));
    return std::nullopt;
  }
  auto document = parse_json(text);
  if (!document) {
    const std::string_view code = find_syntax_code(text);
    const JsonError& error = document.error();
    const std::string_view cause = code == "fragment" ? "this is a part of a manifest, without the braces around it"
                                                      : std::string_view(error.message);
    findings.fault("$", code, fmt::format("line {}, column {}: {}", error.line, error.column, cause), expected);
    return std::nullopt;
  }
  if (!document->is_object()) {
    findings.fault("$", "wrong_type", "the manifest is JSON, but not an object", expected);
    return std::nullopt;
  }
  return *std::move(document);
}

std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

/// Up to `advised` characters every host takes (the store's own rules); `most` is where we stop.
struct TextRule {
  std::string_view path;
  std::size_t advised;
  std::size_t most;
};

std::string check_text(const json::object& root, const TextRule& rule, ManifestFindings& findings) {
  const std::string expected = fmt::format("a text of at most {} characters", rule.advised);
  const json::string* member = take_string(root, rule.path, Presence::required, expected, findings);
  if (member == nullptr) return {};
  const std::string_view text(*member);
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    findings.fault(rule.path, "empty", fmt::format("{} is empty", rule.path), expected);
  }
  const std::size_t length = count_characters(text);
  if (length > rule.advised) {
    std::string message = fmt::format("{} has {} characters", rule.path, length);
    if (length > rule.most) {
      findings.fault(rule.path, "too_long", std::move(message), expected);
    } else {
      findings.warning(rule.path, "too_long", std::move(message), expected);
    }
  }
  const auto is_control = [](char c) {
    return (c >= 0 && c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7f;
  };
  if (std::ranges::any_of(text, is_control)) {
    findings.fault(rule.path, "control_character", fmt::format("{} has a control character", rule.path), expected);
  }
  return std::string(text);
}

void check_schema_version(const json::object& root, ManifestFindings& findings) {
  const std::string expected = "\"v1\"";
  const json::string* version = take_string(root, "schema_version", Presence::required, expected, findings);
  if (version != nullptr && *version != "v1") {
    findings.fault("schema_version", "unsupported_version",
                   fmt::format("schema_version is \"{}\"", std::string_view(*version)), expected);
  }
}

void check_names(const json::object& root, Manifest& manifest, ManifestFindings& findings) {
  manifest.name_for_model = check_text(root, {"name_for_model", 50, 50}, findings);
  const auto is_word = [](unsigned char c) { return c < 0x80 && (std::isalnum(c) != 0 || c == '_'); };
  if (!std::ranges::all_of(manifest.name_for_model, is_word)) {
    findings.fault("name_for_model", "bad_name", "name_for_model has other characters than letters, digits and _",
                   "a name of ASCII letters, digits and _");
  }
  manifest.name_for_human = check_text(root, {"name_for_human", 20, 100}, findings);
  manifest.description_for_model = check_text(root, {"description_for_model", 8000, 32000}, findings);
  manifest.description_for_human = check_text(root, {"description_for_human", 100, 1000}, findings);
}

void check_api(const json::object& root, const ManifestContext& context, Manifest& manifest,
               ManifestFindings& findings) {
  const json::object* api =
      take_object(root, "api", "{\"type\": \"openapi\", \"url\": \"https://…/openapi.yaml\"}", findings);
  if (api == nullptr) return;
  const json::string* type = take_string(*api, "api.type", Presence::required, "\"openapi\"", findings);
  if (type != nullptr && *type != "openapi") {
    findings.fault("api.type", "unsupported_api_type", fmt::format("api.type is \"{}\"", std::string_view(*type)),
                   "\"openapi\"");
  }
  const json::string* url =
      take_string(*api, "api.url", Presence::required, "the URL of the OpenAPI description", findings);
  if (url != nullptr) {
    auto checked = check_endpoint(*url, "api.url", UrlForm::relative_too, context, findings);
    if (checked) manifest.api_url = *std::move(checked);
  }
  for (const std::string_view legacy : {"has_user_authentication", "is_user_authenticated"}) {
    if (!api->contains(legacy)) continue;
    findings.warning(fmt::format("api.{}", legacy), "legacy_member",
                     fmt::format("api.{} belongs to an early draft and is not read", legacy), "auth.type alone");
  }
}

void check_links(const json::object& root, const ManifestContext& context, Manifest& manifest,
                 ManifestFindings& findings) {
  const auto read_link = [&](std::string_view path, std::string_view expected) -> std::string {
    const json::string* link = take_string(root, path, Presence::advised, expected, findings);
    if (link == nullptr) return {};
    return check_link(*link, path, context, findings).value_or(std::string());
  };
  manifest.logo_url = read_link("logo_url", "the https URL of a square picture");
  const std::string address = "an address such as support@example.com";
  if (const json::string* mail = take_string(root, "contact_email", Presence::advised, address, findings)) {
    manifest.contact_email = std::string(*mail);
    const std::size_t at = manifest.contact_email.find('@');
    if (at == 0 || at == std::string::npos || at + 1 == manifest.contact_email.size()) {
      findings.warning("contact_email", "bad_address", "contact_email is not a mail address", address);
    }
  }
  manifest.legal_info_url = read_link("legal_info_url", "the https URL of the plugin's terms");
}

json::array list_findings(const std::vector<ManifestFinding>& findings) {
  json::array list;
  for (const ManifestFinding& finding : findings) {
    list.push_back(json::object{
        {"path", finding.path}, {"code", finding.code}, {"message", finding.message}, {"expected", finding.expected}});
  }
  return list;
}

}  // namespace

ManifestReport check_manifest(std::string_view text, const ManifestContext& context) {
  ManifestReport report;
  ManifestFindings findings(report);
  const auto document = parse_manifest(text, findings);
  if (!document) return report;
  const json::object& root = document->get_object();
  Manifest manifest;
  check_schema_version(root, findings);
  check_names(root, manifest, findings);
  if (const json::object* auth = take_object(root, "auth", "the object {\"type\": \"oauth\", …}", findings)) {
    check_auth(*auth, context, manifest, findings);
  }
  check_api(root, context, manifest, findings);
  check_links(root, context, manifest, findings);
  if (report.faults.empty()) report.manifest = std::move(manifest);
  return report;
}

json::object to_json(const ManifestReport& report) {
  return {{"ok", report.faults.empty()},
          {"faults", list_findings(report.faults)},
          {"warnings", list_findings(report.warnings)}};
}

json::object make_manifest(const ManifestSource& source) {
  json::object tokens;
  for (const auto& [host, token] : source.verification_tokens) tokens[host] = token;
  const std::string_view content_type =
      source.encoding == TokenRequestEncoding::json ? "application/json" : "application/x-www-form-urlencoded";
  json::object manifest{{"schema_version", "v1"},
                        {"name_for_human", source.name_for_human},
                        {"name_for_model", source.name_for_model},
                        {"description_for_human", source.description_for_human},
                        {"description_for_model", source.description_for_model},
                        {"auth", json::object{{"type", "oauth"},
                                              {"client_url", source.client_url},
                                              {"scope", source.scope},
                                              {"authorization_url", source.authorization_url},
                                              {"authorization_content_type", content_type},
                                              {"verification_tokens", std::move(tokens)}}},
                        {"api", json::object{{"type", "openapi"}, {"url", source.api_url}}}};
  const auto add_where_given = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) manifest[name] = value;
  };
  add_where_given("logo_url", source.logo_url);
  add_where_given("contact_email", source.contact_email);
  add_where_given("legal_info_url", source.legal_info_url);
  return manifest;
}

}  // namespace chatelaine::oauth
