#include "inspection/gathering.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "inspection/document.hpp"

namespace chatelaine::inspection {
namespace {

constexpr std::size_t kMostOpenApiBytes = 4 * 1024 * 1024;
constexpr std::size_t kMostPageBytes = 1024 * 1024;
constexpr int kMostRedirects = 5;

Question get(std::string url, std::string_view accept) {
  Question question;
  question.url = std::move(url);
  question.headers = {{"Accept", std::string(accept)}};
  return question;
}

Question call(std::string url) { return get(std::move(url), "application/json, text/event-stream"); }

/// The resource on the same origin that the document at its root speaks of, where that is not the origin itself.
std::optional<HttpUrl> find_other_resource(const Visit& root, const HttpUrl& entered) {
  const auto document = read_object(Check::resource_metadata, root);
  if (!document) return std::nullopt;
  auto url = parse_http_url(text_of(*document, "resource"));
  if (!url || url->origin() != entered.origin() || is_root(*url)) return std::nullopt;
  return *std::move(url);
}

/// Where clients look for a resource's metadata, in their order.
std::vector<std::string> list_places(const HttpUrl& resource, const Visit& call) {
  std::vector<std::string> places;
  if (const auto named = find_challenged_url(call); named && parse_http_url(*named)) places.push_back(*named);
  places.push_back(make_resource_metadata_url(resource));
  if (!is_root(resource) && resource.path.ends_with('/')) {
    // Who types one slash too many means the resource without it.
    HttpUrl without_slash = resource;
    without_slash.path.pop_back();
    places.push_back(make_resource_metadata_url(without_slash));
  }
  places.push_back(make_root_metadata_url(resource));
  return places;
}

Task<std::vector<FormedVisit>> visit_metadata(Outside& outside, HttpUrl issuer) {
  std::vector<FormedVisit> visits;
  for (const FormedUrl& formed : list_metadata_urls(issuer)) {
    Visit visit = co_await visit_document(outside, formed.url);
    visits.push_back({formed.form, std::move(visit)});
  }
  co_return visits;
}

struct Candidate {
  std::string issuer;
  IssuerSource source;
};

std::vector<Candidate> list_candidates(const Target& target, const std::optional<std::string>& issuer,
                                       const std::optional<oauth::Manifest>& manifest) {
  if (issuer) return {{*issuer, IssuerSource::resource}};
  std::vector<Candidate> candidates{{target.url.text, IssuerSource::typed}};
  if (!is_root(target.url)) candidates.push_back({target.url.origin(), IssuerSource::guessed});
  if (manifest && manifest->client_url.origin() != target.url.origin())
    candidates.push_back({manifest->client_url.origin(), IssuerSource::guessed});
  return candidates;
}

}  // namespace

Task<Visit> visit_document(Outside& outside, std::string url) {
  Question question = get(std::move(url), "application/json");
  co_return co_await outside.visit(std::move(question));
}

Task<Visit> visit_page(Outside& outside, std::string url) {
  Question question = get(std::move(url), "text/html, */*;q=0.5");
  question.most_bytes = kMostPageBytes;
  co_return co_await outside.visit(std::move(question));
}

Task<Visit> visit_link(Outside& outside, std::string url) {
  Visit visit = co_await visit_page(outside, url);
  for (int i = 0; i < kMostRedirects; ++i) {
    if (!visit.answer || !is_redirect(visit.answer->status)) co_return visit;
    const auto from = parse_http_url(visit.url);
    if (!from) co_return visit;
    const auto next = resolve_url(*from, visit.answer->header("Location"));
    if (!next) co_return visit;
    visit = co_await visit_page(outside, next->text);
  }
  co_return visit;
}

Question ping(std::string url) {
  Question question = call(std::move(url));
  question.method = "POST";
  question.headers.push_back({"Content-Type", "application/json"});
  question.body = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
  return question;
}

Task<SharedVisit> gather_manifest(Outside& outside, Target target) {
  Question question = get(target.url.origin() + "/.well-known/ai-plugin.json", "application/json");
  co_return co_await ask_shared(outside, std::move(question), plugin_origins());
}

Task<SharedVisit> gather_openapi(Outside& outside, std::string url) {
  Question question = get(std::move(url), "application/json, application/yaml;q=0.9, */*;q=0.5");
  question.most_bytes = kMostOpenApiBytes;
  co_return co_await ask_shared(outside, std::move(question), plugin_origins());
}

Task<ResourceFacts> gather_resource(Outside& outside, Target target, Visit first) {
  ResourceFacts facts;
  facts.addresses = target.addresses;
  facts.resource = target.url;
  facts.call.plain = std::move(first);
  Visit root = co_await visit_document(outside, make_root_metadata_url(target.url));
  if (is_root(target.url)) {
    if (const auto other = find_other_resource(root, target.url)) {
      facts.resource = *other;
      Question question = call(other->text);
      facts.call.plain = co_await outside.visit(std::move(question));
    }
  }
  if (!asks_for_token(facts.call.plain)) {
    Question question = ping(facts.resource.text);
    Visit posted = co_await outside.visit(std::move(question));
    facts.call.plain = choose_call(std::move(facts.call.plain), std::move(posted));
  }
  if (asks_for_token(facts.call.plain)) {
    const std::string& url = facts.resource.text;
    Question question = facts.call.plain.method == "POST" ? ping(url) : call(url);
    facts.call.shared = co_await ask_from(outside, std::move(question), client_origins());
    facts.preflights = co_await ask_before_post(outside, url, client_origins());
  }
  for (const std::string& url : list_places(facts.resource, facts.call.plain)) {
    if (std::ranges::find(facts.documents, url, &Visit::url) != facts.documents.end()) continue;
    if (url == root.url) {
      facts.documents.push_back(root);
      continue;
    }
    Visit visit = co_await visit_document(outside, url);
    facts.documents.push_back(std::move(visit));
  }
  const Visit* const found = find_document(facts.documents);
  if (found == nullptr) co_return facts;
  Question question = get(found->url, "application/json");
  facts.shared.plain = *found;
  facts.shared.shared = co_await ask_from(outside, std::move(question), client_origins());
  co_return facts;
}

Task<MetadataFacts> gather_metadata(Outside& outside, Target target, std::optional<std::string> issuer,
                                    std::optional<oauth::Manifest> manifest) {
  std::optional<MetadataFacts> first;
  for (const Candidate& candidate : list_candidates(target, issuer, manifest)) {
    const auto url = parse_http_url(candidate.issuer);
    if (!url) continue;
    MetadataFacts facts{candidate.issuer, candidate.source, {}, {}};
    facts.visits = co_await visit_metadata(outside, *url);
    if (const FormedVisit* const found = find_metadata(facts.visits)) {
      Question question = get(found->visit.url, "application/json");
      facts.shared.plain = found->visit;
      facts.shared.shared = co_await ask_from(outside, std::move(question), client_origins());
      co_return facts;
    }
    if (!first) first = std::move(facts);
  }
  co_return first.value_or(MetadataFacts{});
}

bool has_broken_metadata(const MetadataFacts& facts) {
  return std::ranges::any_of(facts.visits, [](const FormedVisit& formed) {
    return formed.visit.answer && !is_absent(formed.visit) &&
           !read_object(Check::metadata_served, formed.visit).has_value();
  });
}

EndpointUrls find_endpoints(const std::optional<json::object>& metadata,
                            const std::optional<oauth::Manifest>& manifest) {
  EndpointUrls urls;
  if (metadata) {
    const auto member = [&](std::string_view name) { return std::string(text_of(*metadata, name)); };
    urls = {.authorization = member("authorization_endpoint"),
            .token = member("token_endpoint"),
            .registration = member("registration_endpoint"),
            .revocation = member("revocation_endpoint"),
            .introspection = member("introspection_endpoint"),
            .keys = member("jwks_uri")};
  }
  if (manifest && urls.authorization.empty()) urls.authorization = manifest->client_url.text;
  if (manifest && urls.token.empty()) urls.token = manifest->authorization_url.text;
  return urls;
}

Task<TokenFacts> gather_token_endpoint(Outside& outside, std::string url, std::optional<oauth::Manifest> manifest) {
  Question nothing = Refusals::empty_token_request(url);
  TokenFacts facts;
  facts.empty = co_await ask_shared(outside, std::move(nothing), client_origins().first(1));
  if (facts.empty.shared.empty()) co_return facts;
  facts.preflights = co_await ask_before_post(outside, url, client_origins());
  if (manifest && manifest->encoding == oauth::TokenRequestEncoding::json) {
    Question form = Refusals::unknown_grant_as_form(url);
    facts.unknown_grant_as_form = co_await outside.visit(std::move(form));
    if (is_success(*facts.unknown_grant_as_form)) co_return facts;
    Question json = Refusals::unknown_grant_as_json(url);
    facts.unknown_grant_as_json = co_await outside.visit(std::move(json));
  }
  co_return facts;
}

}  // namespace chatelaine::inspection
