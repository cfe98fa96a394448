#include "rehearsal/discovery.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_members.hpp"
#include "inspection/challenge.hpp"
#include "inspection/document.hpp"
#include "inspection/gathering.hpp"
#include "inspection/metadata.hpp"
#include "inspection/plugin.hpp"
#include "oauth/plugin/manifest_urls.hpp"
#include "rehearsal/answers.hpp"
#include "rehearsal/mcp_talk.hpp"

namespace chatelaine::rehearsal {
namespace {

using inspection::Check;
using inspection::FormedUrl;
using inspection::MetadataForm;
using inspection::Outside;
using inspection::Visit;
using oauth::DiscoveryStep;

constexpr std::string_view kOAuth = "/.well-known/oauth-authorization-server";
constexpr std::string_view kOpenId = "/.well-known/openid-configuration";

std::vector<DiscoveryStep> steps_of(const oauth::AssistantProfile& profile) {
  static const std::vector<DiscoveryStep> kUnknown{DiscoveryStep::challenge,     DiscoveryStep::resource_path,
                                                   DiscoveryStep::resource_root, DiscoveryStep::server_path,
                                                   DiscoveryStep::openid_path,   DiscoveryStep::openid_appended};
  return profile.discovery.value_or(kUnknown);
}

bool takes(const oauth::AssistantProfile& profile, DiscoveryStep step) {
  const auto steps = steps_of(profile);
  return std::ranges::find(steps, step) != steps.end();
}

inspection::Question ask_for_document(const oauth::AssistantProfile& profile, std::string url) {
  inspection::Question question;
  question.url = std::move(url);
  question.headers = {{"Accept", "application/json"}};
  if (profile.token_user_agent) question.headers.push_back({"User-Agent", *profile.token_user_agent});
  if (!profile.discovery_version.empty())
    question.headers.push_back({"MCP-Protocol-Version", profile.discovery_version});
  return question;
}

std::string path_of(const HttpUrl& url) {
  std::string path = url.path;
  while (path.ends_with('/')) path.pop_back();
  return path;
}

/// `scope` of the 401's Bearer challenge (RFC 6750 §3).
std::string find_challenge_scope(const Visit& call) {
  if (!call.answer) return {};
  for (const inspection::Challenge& challenge : inspection::parse_challenges(call.answer->header("WWW-Authenticate"))) {
    const auto found = challenge.parameters.find("scope");
    if (challenge.scheme == "bearer" && found != challenge.parameters.end()) return found->second;
  }
  return {};
}

void take_endpoints(Discovered& discovered, Server server) {
  if (!server.authorization_endpoint.empty() && !server.token_endpoint.empty()) {
    discovered.server = std::move(server);
    return;
  }
  if (!has_fault(discovered.remarks))
    discovered.remarks.push_back(find_fault(Point::endpoints, "nothing says where to sign in and where to get tokens"));
}

Task<Discovered> discover_plugin(Outside& outside, const oauth::AssistantProfile& profile, const Given& given) {
  Discovered discovered;
  const inspection::SharedVisit answers = co_await inspection::gather_manifest(outside, given.target);
  inspection::ManifestJudgement judged = inspection::judge_manifest(answers, given.target);
  discovered.remarks = adopt_troubles(judged.findings);
  if (!judged.manifest) {
    // The doctor only warns, since who has no manifest may be no plugin; whoever is rehearsed as one is.
    for (Remark& remark : discovered.remarks)
      if (remark.code == inspection::describe(Check::manifest_served).code)
        remark = adopt(inspection::find_fault(Check::manifest_served, remark.seen));
    if (!has_fault(discovered.remarks))
      discovered.remarks.push_back(adopt(inspection::find_fault(
          Check::manifest_served,
          fmt::format("{} finds no manifest: {}", profile.title, inspection::describe_answer(answers.plain)))));
    co_return discovered;
  }
  const inspection::SharedVisit description =
      co_await inspection::gather_openapi(outside, judged.manifest->api_url.text);
  append(discovered.remarks,
         adopt_troubles(inspection::judge_openapi(description, *judged.manifest, given.target.addresses)));
  discovered.description = description.plain;
  Server server;
  server.authorization_endpoint = judged.manifest->client_url.text;
  server.token_endpoint = judged.manifest->authorization_url.text;
  server.manifest = std::move(judged.manifest);
  take_endpoints(discovered, std::move(server));
  co_return discovered;
}

/// The form has both URLs one above the other.
Remarks judge_roles(const Server& server) {
  const auto authorization = parse_http_url(server.authorization_endpoint);
  const auto token = parse_http_url(server.token_endpoint);
  if (!authorization || !token) return {};
  oauth::ManifestReport report;
  oauth::ManifestFindings findings(report);
  oauth::check_roles(*authorization, *token, findings);
  if (report.faults.empty()) return {};
  return {find_fault(
      Point::endpoints,
      fmt::format("the URLs are swapped, by their names: people are to sign in at {}, and tokens to come from {}",
                  inspection::quote(authorization->text), inspection::quote(token->text)),
      "Type in as the authorization URL where people sign in, and as the token URL where codes become tokens.")};
}

/// The author of an action types both URLs in; where they are not given, the metadata has them.
Task<Discovered> discover_action(Outside& outside, const Given& given) {
  Discovered discovered;
  Server server;
  server.authorization_endpoint = given.authorization_url;
  server.token_endpoint = given.token_url;
  if (server.authorization_endpoint.empty() || server.token_endpoint.empty()) {
    const std::optional<oauth::Manifest> no_manifest;
    const inspection::MetadataFacts facts =
        co_await inspection::gather_metadata(outside, given.target, std::nullopt, no_manifest);
    if (const inspection::FormedVisit* const found = inspection::find_metadata(facts.visits)) {
      const auto document = inspection::read_object(Check::metadata_served, found->visit);
      if (server.authorization_endpoint.empty())
        server.authorization_endpoint = text_of(*document, "authorization_endpoint");
      if (server.token_endpoint.empty()) server.token_endpoint = text_of(*document, "token_endpoint");
    }
  }
  append(discovered.remarks, judge_root_domains(server, given.target.url));
  append(discovered.remarks, judge_roles(server));
  if (!given.openapi_url.empty()) {
    inspection::Question question;
    question.url = given.openapi_url;
    question.most_bytes = 4 * 1024 * 1024;
    discovered.description = co_await outside.visit(std::move(question));
  }
  take_endpoints(discovered, std::move(server));
  co_return discovered;
}

/// The resource's documents, until one is there.
Task<inspection::ResourceFacts> ask_resource(Outside& outside, const oauth::AssistantProfile& profile,
                                             inspection::Target target) {
  const HttpUrl& url = target.url;
  McpConversation conversation{url.text, profile.user_agent.value_or(""), {}, {}};
  inspection::Question knock = make_initialize(conversation, profile.title, "");
  inspection::ResourceFacts facts;
  facts.addresses = target.addresses;
  facts.resource = url;
  facts.call.plain = co_await outside.visit(std::move(knock));
  for (const std::string& place : list_resource_places(profile, url, facts.call.plain)) {
    inspection::Question question = ask_for_document(profile, place);
    Visit visit = co_await outside.visit(std::move(question));
    facts.documents.push_back(std::move(visit));
    if (inspection::find_document(facts.documents) != nullptr) break;
  }
  co_return facts;
}

Task<inspection::MetadataFacts> ask_server(Outside& outside, const oauth::AssistantProfile& profile, HttpUrl issuer,
                                           inspection::IssuerSource source) {
  inspection::MetadataFacts facts{issuer.text, source, {}, {}};
  for (const FormedUrl& place : list_server_places(profile, issuer)) {
    inspection::Question question = ask_for_document(profile, place.url);
    Visit visit = co_await outside.visit(std::move(question));
    facts.visits.push_back({place.form, std::move(visit)});
    if (inspection::find_metadata(facts.visits) != nullptr) break;
  }
  co_return facts;
}

void take_resource(const inspection::ResourceFacts& facts, Server& server) {
  server.mcp_url = facts.resource.text;
  server.challenge_scope = find_challenge_scope(facts.call.plain);
  const Visit* const found = inspection::find_document(facts.documents);
  if (found == nullptr) return;
  const auto document = inspection::read_object(Check::resource_metadata, *found);
  const std::string resource(text_of(*document, "resource"));
  server.resource = resource.empty() ? facts.resource.text : resource;
  server.resource_scopes = inspection::find_list(*document, "scopes_supported").value_or(std::vector<std::string>{});
}

/// What it can do without is no fault to it.
void make_warnings(Remarks& remarks) {
  for (Remark& remark : remarks)
    if (remark.verdict == Verdict::fault) remark.verdict = Verdict::warning;
}

Task<Discovered> discover_connector(Outside& outside, const oauth::AssistantProfile& profile, const Given& given) {
  Discovered discovered;
  Server server;
  const HttpUrl mcp_url = find_mcp_url(given.target.url);
  inspection::Target target{mcp_url, given.target.addresses};
  const inspection::ResourceFacts resource = co_await ask_resource(outside, profile, std::move(target));
  take_resource(resource, server);
  const inspection::ResourceJudgement judged = inspection::judge_resource(resource, inspection::Importance::alone);
  discovered.remarks = adopt_troubles(judged.findings);
  if (auto silence = inspection::find_silence(Check::reachable, resource.call.plain))
    discovered.remarks.insert(discovered.remarks.begin(), adopt(*silence));
  // What the MCP SDK does at servers of its first release, which had no metadata of resources.
  const bool may_guess = takes(profile, DiscoveryStep::server_root);
  if (!judged.issuer && !may_guess) {
    if (!has_fault(discovered.remarks))
      discovered.remarks.push_back(adopt(inspection::find_fault(
          Check::resource_metadata,
          fmt::format("nothing at {} leads {} to an authorization server", mcp_url.text, profile.title))));
    co_return discovered;
  }
  const auto issuer = parse_http_url(judged.issuer.value_or(mcp_url.origin()));
  if (!issuer) co_return discovered;
  const auto source = judged.issuer ? inspection::IssuerSource::resource : inspection::IssuerSource::guessed;
  const inspection::MetadataFacts facts = co_await ask_server(outside, profile, *issuer, source);
  if (facts.visits.empty()) {
    take_endpoints(discovered, std::move(server));
    co_return discovered;
  }
  inspection::MetadataJudgement metadata = inspection::judge_metadata(facts, Verdict::fault);
  append(discovered.remarks, adopt_troubles(metadata.findings));
  if (!metadata.document) co_return discovered;
  if (!judged.issuer) make_warnings(discovered.remarks);
  server.authorization_endpoint = text_of(*metadata.document, "authorization_endpoint");
  server.token_endpoint = text_of(*metadata.document, "token_endpoint");
  server.issuer = metadata.issuer;
  server.metadata = std::move(metadata.document);
  append(discovered.remarks, judge_needs(profile, server));
  take_endpoints(discovered, std::move(server));
  co_return discovered;
}

}  // namespace

HttpUrl find_mcp_url(const HttpUrl& typed) {
  if (!typed.path.empty() && typed.path != "/") return typed;
  const auto url = parse_http_url(typed.origin() + "/mcp");
  return url ? *url : typed;
}

std::vector<FormedUrl> list_server_places(const oauth::AssistantProfile& profile, const HttpUrl& issuer) {
  const std::string origin = issuer.origin();
  const std::string path = path_of(issuer);
  std::vector<FormedUrl> places;
  const auto add = [&](MetadataForm form, std::string url) {
    if (std::ranges::find(places, url, &FormedUrl::url) == places.end()) places.push_back({form, std::move(url)});
  };
  for (const DiscoveryStep step : steps_of(profile)) {
    switch (step) {
      case DiscoveryStep::server_path:
        add(MetadataForm::oauth_before_path, fmt::format("{}{}{}", origin, kOAuth, path));
        break;
      case DiscoveryStep::server_root:
        add(MetadataForm::oauth_before_path, fmt::format("{}{}", origin, kOAuth));
        break;
      case DiscoveryStep::openid_path:
        add(MetadataForm::openid_before_path, fmt::format("{}{}{}", origin, kOpenId, path));
        break;
      case DiscoveryStep::openid_appended:
        add(MetadataForm::openid_after_path, fmt::format("{}{}{}", origin, path, kOpenId));
        break;
      case DiscoveryStep::plugin_manifest:
      case DiscoveryStep::challenge:
      case DiscoveryStep::resource_path:
      case DiscoveryStep::resource_root:
        break;
    }
  }
  return places;
}

std::vector<std::string> list_resource_places(const oauth::AssistantProfile& profile, const HttpUrl& resource,
                                              const Visit& call) {
  std::vector<std::string> places;
  const auto add = [&](std::string url) {
    if (parse_http_url(url) && std::ranges::find(places, url) == places.end()) places.push_back(std::move(url));
  };
  for (const DiscoveryStep step : steps_of(profile)) {
    switch (step) {
      case DiscoveryStep::challenge:
        if (auto named = inspection::find_challenged_url(call)) add(*std::move(named));
        break;
      case DiscoveryStep::resource_path:
        add(inspection::make_resource_metadata_url(resource));
        break;
      case DiscoveryStep::resource_root:
        add(inspection::make_root_metadata_url(resource));
        break;
      case DiscoveryStep::plugin_manifest:
      case DiscoveryStep::server_path:
      case DiscoveryStep::server_root:
      case DiscoveryStep::openid_path:
      case DiscoveryStep::openid_appended:
        break;
    }
  }
  return places;
}

Task<Discovered> discover(Outside& outside, const oauth::AssistantProfile& profile, const Given& given) {
  switch (profile.generation) {
    case oauth::AssistantGeneration::plugin:
      co_return co_await discover_plugin(outside, profile, given);
    case oauth::AssistantGeneration::action:
      co_return co_await discover_action(outside, given);
    case oauth::AssistantGeneration::connector:
      co_return co_await discover_connector(outside, profile, given);
  }
  co_return Discovered{};
}

}  // namespace chatelaine::rehearsal
