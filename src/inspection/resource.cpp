#include "inspection/resource.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/ascii.hpp"
#include "inspection/challenge.hpp"
#include "inspection/document.hpp"

namespace chatelaine::inspection {
namespace {

constexpr std::string_view kWellKnown = "/.well-known/oauth-protected-resource";

std::optional<Challenge> find_bearer(const Visit& call) {
  if (!call.answer) return std::nullopt;
  for (const net::Header& header : call.answer->headers) {
    if (to_lower(header.name) != "www-authenticate") continue;
    for (Challenge& challenge : parse_challenges(header.value))
      if (challenge.scheme == "bearer") return std::move(challenge);
  }
  return std::nullopt;
}

bool has_object(const Visit& visit) { return read_object(Check::resource_metadata, visit).has_value(); }

const Visit* find_at(const std::vector<Visit>& documents, std::string_view url) {
  const auto found = std::ranges::find(documents, url, &Visit::url);
  return found == documents.end() ? nullptr : &*found;
}

Finding judge_challenge(const ResourceFacts& facts, Importance importance) {
  if (auto silence = find_silence(Check::challenge, facts.call.plain)) return *std::move(silence);
  const int status = facts.call.plain.answer->status;
  if (status != 401)
    return blame(worst_of(importance), Check::challenge,
                 fmt::format("a call without a token: {}, where 401 is expected", describe_answer(facts.call.plain)));
  if (!find_bearer(facts.call.plain))
    return blame(
        worst_of(importance), Check::challenge,
        fmt::format("{} answers with status 401, but without a Bearer challenge: {}", name_question(facts.call.plain),
                    describe_header(*facts.call.plain.answer, "WWW-Authenticate")));
  return find_good(Check::challenge, fmt::format("{} asks for a Bearer token", facts.call.plain.url));
}

Finding judge_challenged_url(const ResourceFacts& facts, Importance importance) {
  const auto named = find_challenged_url(facts.call.plain);
  if (!named)
    return blame(worst_of(importance), Check::challenge_metadata, "the challenge has no resource_metadata",
                 fmt::format("Add resource_metadata=\"{}\" to the header WWW-Authenticate: Bearer.",
                             make_resource_metadata_url(facts.resource)));
  if (!parse_http_url(*named))
    return find_fault(Check::challenge_metadata,
                      fmt::format("resource_metadata of the challenge is {}, which is no URL", quote(*named)));
  const Visit* const found = find_at(facts.documents, *named);
  if (found == nullptr) return skip(Check::challenge_metadata, fmt::format("{} was not asked", *named));
  if (const auto document = read_object(Check::challenge_metadata, *found); !document) return document.error();
  return find_good(Check::challenge_metadata, fmt::format("the challenge leads to {}", found->url));
}

/// An API at the root of a plugin or an issuer is called by programs.
Finding judge_scripts(const ResourceFacts& facts, Importance importance) {
  constexpr Check kCheck = Check::challenge_cors;
  if (importance == Importance::one_role_of_several && is_root(facts.resource))
    return skip(kCheck, "an MCP endpoint on this host is looked at when its own URL is given");
  if (Finding called = judge_calling(kCheck, facts.call, facts.preflights, {"content-type", "authorization"});
      called.verdict != Verdict::ok)
    return called;
  return judge_exposure(kCheck, facts.call, "WWW-Authenticate");
}

Finding judge_places(const ResourceFacts& facts, const Visit& found) {
  if (auto type = judge_type(Check::resource_metadata, found); type.verdict != Verdict::ok) return type;
  const Visit* const own = find_at(facts.documents, make_resource_metadata_url(facts.resource));
  if (own == nullptr || has_object(*own))
    return find_good(Check::resource_metadata, fmt::format("{} is there", found.url));
  if (!was_asked(*own)) return skip(Check::resource_metadata, describe_answer(*own));
  return find_warning(Check::resource_metadata,
                      fmt::format("{}: the document is at {} alone", describe_answer(*own), found.url),
                      fmt::format("Serve the document at {}, too.", own->url));
}

Finding judge_absence(const ResourceFacts& facts, Importance importance) {
  for (const Visit& visit : facts.documents) {
    if (is_absent(visit)) continue;
    const auto document = read_object(Check::resource_metadata, visit);
    if (document) continue;
    if (document.error().verdict == Verdict::skipped) return document.error();
    return blame(worst_of(importance), Check::resource_metadata, document.error().seen);
  }
  return blame(worst_of(importance), Check::resource_metadata, describe_answer(facts.documents.front()));
}

Finding judge_identifier(const ResourceFacts& facts, const json::object& document, const std::string& url) {
  const std::string resource(text_of(document, "resource"));
  const std::string& entered = facts.resource.text;
  if (resource == entered) return find_good(Check::resource_identifier, fmt::format("resource is {}", quote(resource)));
  if (resource.empty())
    return find_fault(Check::resource_identifier, "resource is missing, or not a text",
                      fmt::format("Add to the document: \"resource\": {}.", quote(entered)));
  const bool differs_by_slash = resource + '/' == entered || entered + '/' == resource;
  // RFC 3986 §6.2.3: the two are one URL; who compares texts may stumble all the same.
  if (differs_by_slash && is_root(facts.resource))
    return find_warning(Check::resource_identifier,
                        fmt::format("resource is {}, and {} was entered", quote(resource), quote(entered)),
                        fmt::format("Enter {} in assistants.", quote(resource)));
  const bool covers_all = url == make_root_metadata_url(facts.resource) && resource == facts.resource.origin();
  if (covers_all)
    return find_warning(Check::resource_identifier,
                        fmt::format("resource is {}, for the whole server; {} has no document of its own",
                                    quote(resource), quote(entered)),
                        fmt::format("Serve a document at {} with \"resource\": {}.",
                                    make_resource_metadata_url(facts.resource), quote(entered)));
  return find_fault(
      Check::resource_identifier,
      fmt::format("resource is {} in {}, and {} was entered{}", quote(resource), url, quote(entered),
                  differs_by_slash ? ": they differ by the final slash" : ""),
      fmt::format("Make resource in {} exactly {}, or enter {} in assistants.", url, quote(entered), quote(resource)));
}

Finding judge_issuers(const ResourceFacts& facts, const json::object& document, std::optional<std::string>& issuer) {
  const auto issuers = find_list(document, "authorization_servers");
  if (!issuers || issuers->empty())
    return find_fault(Check::resource_servers, "authorization_servers is missing or empty");
  const auto url = parse_http_url(issuers->front());
  if (!url)
    return find_fault(Check::resource_servers, fmt::format("authorization_servers begins with {}, which {}",
                                                           quote(issuers->front()), url.error()));
  issuer = issuers->front();
  if (const std::string_view flaw = find_flaw(*url, facts.addresses); !flaw.empty())
    return find_fault(Check::resource_servers, fmt::format("the authorization server {} {}", quote(*issuer), flaw));
  return find_good(Check::resource_servers, fmt::format("tokens come from {}", quote(*issuer)));
}

Finding judge_scopes(const json::object& document) {
  const auto scopes = find_list(document, "scopes_supported");
  if (!scopes || scopes->empty())
    return find_warning(Check::resource_scopes, "the resource's metadata has no scopes_supported");
  if (lists(document, "scopes_supported", "offline_access"))
    return find_warning(Check::resource_scopes, "scopes_supported of the resource lists offline_access");
  return find_good(Check::resource_scopes, fmt::format("the resource has {}", join(*scopes)));
}

Finding judge_bearer_methods(const json::object& document) {
  if (lists(document, "bearer_methods_supported", "query"))
    return find_warning(Check::resource_bearer, "tokens are taken in the query");
  return find_good(Check::resource_bearer, "tokens are not taken in the query");
}

/// Whether clients take a document for this resource's. The one at the root may be another's where there is one
/// besides.
bool speaks_of(const ResourceFacts& facts, const Visit& visit, const Visit& first) {
  if (&visit == &first) return true;
  const auto document = read_object(Check::resource_metadata, visit);
  if (!document) return false;
  return visit.url != make_root_metadata_url(facts.resource) || text_of(*document, "resource") == facts.resource.text;
}

/// Every document is judged, since clients take any of them; the issuer is that of the first.
Findings judge_documents(const ResourceFacts& facts, const Visit& first, std::optional<std::string>& issuer) {
  const json::object document = *read_object(Check::resource_metadata, first);
  Finding identifier = judge_identifier(facts, document, first.url);
  Finding issuers = judge_issuers(facts, document, issuer);
  for (const Visit& visit : facts.documents) {
    if (&visit == &first || !speaks_of(facts, visit, first)) continue;
    const json::object other = *read_object(Check::resource_metadata, visit);
    identifier = keep_worst(std::move(identifier), judge_identifier(facts, other, visit.url));
    std::optional<std::string> others_issuer;
    issuers = keep_worst(std::move(issuers), judge_issuers(facts, other, others_issuer));
  }
  return {std::move(identifier), std::move(issuers), judge_scopes(document), judge_bearer_methods(document)};
}

bool has_status(const Visit& visit, std::initializer_list<int> statuses) {
  return visit.answer && std::ranges::find(statuses, visit.answer->status) != statuses.end();
}

/// Refuses the way of asking rather than who asks.
bool wants_another_method(const Visit& call) { return has_status(call, {400, 404, 405, 406, 415}); }

}  // namespace

std::string make_root_metadata_url(const HttpUrl& resource) {
  return fmt::format("{}{}", resource.origin(), kWellKnown);
}

bool asks_for_token(const Visit& call) { return has_status(call, {401}) && find_bearer(call); }

Visit choose_call(Visit get, Visit post) {
  if (!post.answer) return get;
  const bool shows_more = !get.answer || (has_status(post, {401}) && !has_status(get, {401})) || asks_for_token(post) ||
                          (wants_another_method(get) && !wants_another_method(post));
  return shows_more ? std::move(post) : std::move(get);
}

std::string make_resource_metadata_url(const HttpUrl& resource) {
  const std::string path = resource.path == "/" ? std::string() : resource.path;
  const std::string query = resource.has_query ? '?' + resource.query : std::string();
  return fmt::format("{}{}{}{}", resource.origin(), kWellKnown, path, query);
}

std::optional<std::string> find_challenged_url(const Visit& call) {
  const auto bearer = find_bearer(call);
  if (!bearer) return std::nullopt;
  const auto found = bearer->parameters.find("resource_metadata");
  if (found == bearer->parameters.end()) return std::nullopt;
  return found->second;
}

const Visit* find_document(const std::vector<Visit>& documents) {
  const auto found = std::ranges::find_if(documents, has_object);
  return found == documents.end() ? nullptr : &*found;
}

ResourceJudgement judge_resource(const ResourceFacts& facts, Importance importance) {
  ResourceJudgement judged;
  const Visit* const found = find_document(facts.documents);
  judged.is_there = found != nullptr || (facts.call.plain.answer && facts.call.plain.answer->status == 401);
  if (!judged.is_there) {
    judged.findings.push_back(skip(
        Check::challenge, fmt::format("{} neither asks for a token nor has metadata: this is no protected resource",
                                      facts.call.plain.url)));
    return judged;
  }
  judged.findings.push_back(judge_challenge(facts, importance));
  if (find_bearer(facts.call.plain)) judged.findings.push_back(judge_challenged_url(facts, importance));
  if (!facts.call.shared.empty()) judged.findings.push_back(judge_scripts(facts, importance));
  if (found == nullptr) {
    judged.findings.push_back(judge_absence(facts, importance));
    return judged;
  }
  judged.findings.push_back(judge_places(facts, *found));
  append(judged.findings, judge_documents(facts, *found, judged.issuer));
  judged.findings.push_back(judge_reading(Check::resource_cors, facts.shared, Verdict::warning));
  return judged;
}

}  // namespace chatelaine::inspection
