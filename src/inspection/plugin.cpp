#include "inspection/plugin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "inspection/document.hpp"
#include "oauth/content_type.hpp"
#include "openapi/description.hpp"
#include "relying_party/discovery.hpp"

namespace chatelaine::inspection {
namespace {

/// A member's or place's finding, with what was expected as what to change.
template <class Found>
std::string describe_change(const Found& found, std::string_view document) {
  return found.expected.empty() ? fmt::format("Mend {} in {}.", quote(found.path), document)
                                : fmt::format("Put at {} in {}: {}.", quote(found.path), document, found.expected);
}

Findings judge_content(const oauth::ManifestReport& report) {
  constexpr std::string_view kDocument = "ai-plugin.json";
  Findings findings;
  for (const oauth::ManifestFinding& fault : report.faults)
    findings.push_back(find_fault(Check::manifest_content, fault.message, describe_change(fault, kDocument)));
  for (const oauth::ManifestFinding& warning : report.warnings)
    findings.push_back(find_warning(Check::manifest_content, warning.message, describe_change(warning, kDocument)));
  if (findings.empty()) findings.push_back(find_good(Check::manifest_content, "the manifest is what hosts expect"));
  return findings;
}

Finding judge_root_domain(const oauth::Manifest& manifest) {
  const std::string root = find_root_domain(manifest.client_url.host);
  for (const HttpUrl& url : {manifest.authorization_url, manifest.api_url}) {
    if (find_root_domain(url.host) == root) continue;
    return find_warning(Check::manifest_root_domain, fmt::format("{} and {} share no root domain",
                                                                 quote(manifest.client_url.host), quote(url.host)));
  }
  return find_good(Check::manifest_root_domain, fmt::format("sign-in, token endpoint and API are under {}", root));
}

Finding judge_link(Check check, const Visit& visit) {
  if (!was_asked(visit)) return skip(check, describe_answer(visit));
  if (visit.answer && visit.answer->status == 200) return find_good(check, fmt::format("{} is there", visit.url));
  return find_warning(check, describe_answer(visit));
}

Finding judge_servers(const openapi::Description& description, const oauth::Manifest& manifest,
                      net::AddressPolicy addresses) {
  for (const std::string& server : description.servers) {
    const auto url = resolve_url(manifest.api_url, server);
    if (!url) return find_warning(Check::openapi_servers, fmt::format("the server {} {}", quote(server), url.error()));
    if (!parse_http_url(server))
      return find_warning(Check::openapi_servers,
                          fmt::format("the server {} is relative, and GPT Actions take no such", quote(server)));
    if (const std::string_view flaw = find_flaw(*url, addresses); !flaw.empty())
      return find_fault(Check::openapi_servers, fmt::format("the server {} {}", quote(server), flaw));
    if (find_root_domain(url->host) != find_root_domain(manifest.api_url.host))
      return find_warning(Check::openapi_servers,
                          fmt::format("the server {} is under another root domain than the description, which is at {}",
                                      quote(server), manifest.api_url.authority()));
  }
  if (description.servers.empty())
    return find_warning(Check::openapi_servers, "no server is named, and GPT Actions take none for granted");
  return find_good(Check::openapi_servers, fmt::format("the API is at {}", join(description.servers)));
}

/// Who sends strangers to a sign-in page wherever they knock need not have a manifest at all.
bool leads_elsewhere(const Visit& visit) {
  return visit.answer && is_redirect(visit.answer->status) &&
         visit.answer->header("Location").find("ai-plugin.json") == std::string_view::npos;
}

/// Many a server answers whatever it does not know with its page. A manifest that is no JSON still has its members'
/// names.
bool looks_like_manifest(std::string_view body) {
  static constexpr std::array<std::string_view, 3> kNames{"\"schema_version\"", "\"name_for_model\"",
                                                          "\"name_for_human\""};
  const std::size_t start = body.find_first_not_of(" \t\r\n");
  return start != std::string_view::npos && body[start] == '{' &&
         std::ranges::any_of(kNames, [&](std::string_view name) { return body.find(name) != std::string_view::npos; });
}

/// What stands there instead of a manifest.
std::string_view name_body(std::string_view body) {
  const std::size_t start = body.find_first_not_of(" \t\r\n");
  const bool is_markup = start != std::string_view::npos && body[start] == '<';
  return is_markup ? "an HTML page, and not with a manifest" : "something that is no manifest";
}

/// Who asks for a token first may have a manifest behind it, which no host would see.
bool wants_sign_in(const Visit& visit) {
  return visit.answer && (visit.answer->status == 401 || visit.answer->status == 403);
}

}  // namespace

ManifestJudgement judge_manifest(const SharedVisit& answers, const Target& target) {
  ManifestJudgement judged;
  const Visit& visit = answers.plain;
  if (wants_sign_in(visit)) {
    judged.findings.push_back(find_warning(Check::manifest_served, describe_answer(visit),
                                           "If this is a plugin, answer /.well-known/ai-plugin.json without a token."));
    return judged;
  }
  if (is_absent(visit)) {
    judged.findings.push_back(
        skip(Check::manifest_served, fmt::format("{}: this is no plugin of 2023", describe_answer(visit))));
    return judged;
  }
  if (leads_elsewhere(visit)) {
    judged.findings.push_back(find_warning(Check::manifest_served, describe_answer(visit)));
    return judged;
  }
  if (auto refusal = find_refusal(Check::manifest_served, visit)) {
    judged.findings.push_back(*std::move(refusal));
    return judged;
  }
  if (!looks_like_manifest(visit.answer->body)) {
    judged.findings.push_back(find_warning(
        Check::manifest_served, fmt::format("{} answers with {}", visit.url, name_body(visit.answer->body)),
        "Answer what is not there with 404; if this is a plugin, with the manifest."));
    return judged;
  }
  judged.is_there = true;
  judged.findings.push_back(find_good(Check::manifest_served, fmt::format("{} is there", visit.url)));
  judged.findings.push_back(judge_type(Check::manifest_type, visit));
  judged.findings.push_back(judge_reading(Check::manifest_cors, answers, Verdict::fault));
  const auto url = parse_http_url(visit.url);
  if (!url) return judged;
  oauth::ManifestReport report = oauth::check_manifest(
      visit.answer->body,
      {.manifest_url = *url, .allow_loopback = target.addresses == net::AddressPolicy::public_and_loopback});
  append(judged.findings, judge_content(report));
  if (!report.manifest) return judged;
  judged.findings.push_back(judge_root_domain(*report.manifest));
  judged.manifest = std::move(report.manifest);
  return judged;
}

Finding judge_logo(const Visit& visit) {
  Finding found = judge_link(Check::manifest_logo, visit);
  if (found.verdict != Verdict::ok) return found;
  const std::string type = oauth::parse_content_type(visit.answer->header("Content-Type")).media_type;
  if (type.starts_with("image/")) return found;
  return find_warning(Check::manifest_logo, fmt::format("{} is sent as {}", visit.url, quote(type)));
}

Finding judge_legal_page(const Visit& visit) { return judge_link(Check::manifest_legal, visit); }

Findings judge_openapi(const SharedVisit& answers, const oauth::Manifest& manifest, net::AddressPolicy addresses) {
  const Visit& visit = answers.plain;
  if (auto refusal = find_refusal(Check::openapi_served, visit)) return {*std::move(refusal)};
  Findings findings{find_good(Check::openapi_served, fmt::format("{} is there", visit.url)),
                    judge_reading(Check::openapi_cors, answers, Verdict::fault)};
  const auto description = openapi::read_description(visit.answer->body);
  if (!description) {
    for (const openapi::Fault& fault : description.error())
      findings.push_back(
          find_fault(Check::openapi_content, fault.message, describe_change(fault, "the OpenAPI description")));
    return findings;
  }
  findings.push_back(
      find_good(Check::openapi_content, fmt::format("{} operation{} can be called", description->operations.size(),
                                                    description->operations.size() == 1 ? "" : "s")));
  findings.push_back(judge_servers(*description, manifest, addresses));
  return findings;
}

Finding judge_agreement(const oauth::Manifest& manifest, const json::object& metadata) {
  constexpr Check kCheck = Check::manifest_agrees;
  const std::string_view authorization = text_of(metadata, "authorization_endpoint");
  const std::string_view token = text_of(metadata, "token_endpoint");
  const auto without_query = [](std::string_view url) { return url.substr(0, url.find('?')); };
  if (without_query(authorization) != without_query(manifest.client_url.text))
    return find_warning(kCheck, fmt::format("client_url is {}, authorization_endpoint {}",
                                            quote(manifest.client_url.text), quote(authorization)));
  if (token != manifest.authorization_url.text)
    return find_warning(kCheck, fmt::format("authorization_url is {}, token_endpoint {}",
                                            quote(manifest.authorization_url.text), quote(token)));
  const bool is_believed =
      relying_party::judge_metadata(json::serialize(metadata), {manifest.client_url, manifest.authorization_url})
          .has_value();
  if (!is_believed)
    return find_warning(kCheck,
                        fmt::format("client_url is {}, and the issuer {} is on another origin",
                                    quote(manifest.client_url.text), quote(text_of(metadata, "issuer"))),
                        "Serve the authorization endpoint on the issuer's own origin.");
  return find_good(kCheck, "manifest and metadata name the same endpoints");
}

}  // namespace chatelaine::inspection
