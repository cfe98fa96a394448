#include "inspection/metadata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/value_from.hpp>

#include "inspection/document.hpp"

namespace chatelaine::inspection {
namespace {

constexpr std::string_view kOAuth = "/.well-known/oauth-authorization-server";
constexpr std::string_view kOpenId = "/.well-known/openid-configuration";

bool has_object(const Visit& visit) { return read_object(Check::metadata_served, visit).has_value(); }

/// Not there, or something else there; a redirect would be blamed on its own.
Finding judge_absence(const MetadataFacts& facts, Verdict absence) {
  for (const FormedVisit& formed : facts.visits) {
    if (is_absent(formed.visit)) continue;
    auto document = read_object(Check::metadata_served, formed.visit);
    if (document) continue;
    if (document.error().verdict == Verdict::skipped) return document.error();
    return blame(absence, Check::metadata_served, document.error().seen);
  }
  std::string seen =
      fmt::format("{} has no metadata: {}", quote(facts.issuer), describe_answer(facts.visits.front().visit));
  return blame(absence, Check::metadata_served, std::move(seen));
}

/// The first place at which clients look: wrong also where another one is served.
std::optional<Finding> find_redirect(const MetadataFacts& facts, Verdict absence) {
  for (const FormedVisit& formed : facts.visits)
    if (formed.form == MetadataForm::oauth_before_path && formed.visit.answer &&
        is_redirect(formed.visit.answer->status))
      return blame(absence, Check::metadata_served, describe_answer(formed.visit),
                   fmt::format("Answer {} itself with 200 and the document: clients do not follow redirects there.",
                               formed.visit.url));
  return std::nullopt;
}

/// What clients act upon, whichever of the documents they took; of the issuer, `metadata_issuer` tells.
constexpr std::array<std::string_view, 8> kDecisive{"authorization_endpoint",
                                                    "token_endpoint",
                                                    "registration_endpoint",
                                                    "jwks_uri",
                                                    "code_challenge_methods_supported",
                                                    "token_endpoint_auth_methods_supported",
                                                    "authorization_response_iss_parameter_supported",
                                                    "client_id_metadata_document_supported"};

/// A member as it is compared: the order of a list says nothing.
json::value find_member(const json::object& document, std::string_view member) {
  if (auto words = find_list(document, member)) {
    std::ranges::sort(*words);
    return json::value_from(*words);
  }
  const json::value* const value = document.if_contains(member);
  return value == nullptr ? json::value() : *value;
}

/// Where all documents are there.
Finding judge_sameness(const MetadataFacts& facts) {
  const Visit& first = facts.visits.front().visit;
  const json::object document = *read_object(Check::metadata_paths, first);
  for (const FormedVisit& formed : facts.visits) {
    const json::object other = *read_object(Check::metadata_paths, formed.visit);
    for (const std::string_view member : kDecisive)
      if (find_member(document, member) != find_member(other, member))
        return find_warning(Check::metadata_paths,
                            fmt::format("{} is not the same in {} and in {}", member, first.url, formed.visit.url));
  }
  return find_good(Check::metadata_paths, "the metadata is at every place where clients look");
}

Finding judge_places(const MetadataFacts& facts) {
  std::vector<std::string> missing;
  for (const FormedVisit& formed : facts.visits) {
    if (!was_asked(formed.visit)) return skip(Check::metadata_paths, describe_answer(formed.visit));
    if (!has_object(formed.visit)) missing.push_back(formed.visit.url);
  }
  if (missing.empty()) return judge_sameness(facts);
  return find_warning(Check::metadata_paths, fmt::format("the metadata is not at {}", join(missing)),
                      fmt::format("Serve the same document at {}.", join(missing)));
}

/// Whether a client that was told this issuer would have come to that document.
bool leads_to(std::string_view issuer, std::string_view url) {
  const auto parsed = parse_http_url(issuer);
  if (!parsed) return false;
  return std::ranges::any_of(list_metadata_urls(*parsed), [&](const FormedUrl& formed) { return formed.url == url; });
}

/// RFC 8414 §3.3: the issuer of the document must be identical with the one that its URL was made from.
Finding judge_issuer(const MetadataFacts& facts, const std::string& issuer, std::string_view url) {
  const std::string& asked = facts.issuer;
  if (issuer == asked) return find_good(Check::metadata_issuer, fmt::format("issuer is {}", quote(issuer)));
  if (issuer.empty())
    return find_fault(Check::metadata_issuer, "issuer is missing, or not a text",
                      fmt::format("Add to the metadata: \"issuer\": {}.", quote(asked)));
  const std::string seen = fmt::format("issuer is {} in {}, which belongs to {}", quote(issuer), url, quote(asked));
  const bool differs_by_slash = issuer + '/' == asked || asked + '/' == issuer;
  switch (facts.source) {
    case IssuerSource::guessed:
      if (leads_to(issuer, url)) return find_good(Check::metadata_issuer, fmt::format("issuer is {}", quote(issuer)));
      break;
    case IssuerSource::typed: {
      const auto parsed = parse_http_url(asked);
      if (differs_by_slash && parsed && is_root(*parsed))
        return find_warning(
            Check::metadata_issuer, seen,
            fmt::format("Write {} wherever the issuer is asked for: clients compare it byte for byte.", quote(issuer)));
      break;
    }
    case IssuerSource::resource:
      if (differs_by_slash)
        return find_fault(Check::metadata_issuer, seen + ": they differ by the final slash",
                          fmt::format("Write {} under authorization_servers of the resource's metadata, or make issuer "
                                      "{}.",
                                      quote(issuer), quote(asked)));
      break;
  }
  return find_fault(Check::metadata_issuer, differs_by_slash ? seen + ": they differ by the final slash" : seen);
}

/// Every document is judged, since clients take any of them.
Finding judge_issuers(const MetadataFacts& facts) {
  Finding found = skip(Check::metadata_issuer, "there is no metadata");
  for (const FormedVisit& formed : facts.visits) {
    const auto document = read_object(Check::metadata_served, formed.visit);
    if (!document) continue;
    found =
        keep_worst(std::move(found), judge_issuer(facts, std::string(text_of(*document, "issuer")), formed.visit.url));
  }
  return found;
}

Finding judge_types(const MetadataFacts& facts) {
  Finding found = skip(Check::metadata_type, "there is no metadata");
  for (const FormedVisit& formed : facts.visits) {
    if (!has_object(formed.visit)) continue;
    found = judge_type(Check::metadata_type, formed.visit);
    if (found.verdict != Verdict::ok) return found;
  }
  return found;
}

}  // namespace

std::vector<FormedUrl> list_metadata_urls(const HttpUrl& issuer) {
  const std::string origin = issuer.origin();
  std::string path = issuer.path;
  while (path.ends_with('/')) path.pop_back();
  std::vector<FormedUrl> urls{{MetadataForm::oauth_before_path, fmt::format("{}{}{}", origin, kOAuth, path)},
                              {MetadataForm::openid_before_path, fmt::format("{}{}{}", origin, kOpenId, path)}};
  if (!path.empty()) urls.push_back({MetadataForm::openid_after_path, fmt::format("{}{}{}", origin, path, kOpenId)});
  return urls;
}

const FormedVisit* find_metadata(const std::vector<FormedVisit>& visits) {
  const auto found = std::ranges::find_if(visits, [](const auto& formed) { return has_object(formed.visit); });
  return found == visits.end() ? nullptr : &*found;
}

MetadataJudgement judge_metadata(const MetadataFacts& facts, Verdict absence) {
  MetadataJudgement judged;
  const FormedVisit* const found = find_metadata(facts.visits);
  auto redirect = find_redirect(facts, absence);
  if (found == nullptr) {
    judged.findings.push_back(redirect ? *std::move(redirect) : judge_absence(facts, absence));
    return judged;
  }
  judged.document = *read_object(Check::metadata_served, found->visit);
  judged.issuer = text_of(*judged.document, "issuer");
  judged.findings.push_back(redirect ? *std::move(redirect)
                                     : find_good(Check::metadata_served, fmt::format("{} is there", found->visit.url)));
  judged.findings.push_back(judge_places(facts));
  judged.findings.push_back(judge_types(facts));
  judged.findings.push_back(judge_issuers(facts));
  judged.findings.push_back(judge_reading(Check::metadata_cors, facts.shared, Verdict::warning));
  return judged;
}

}  // namespace chatelaine::inspection
