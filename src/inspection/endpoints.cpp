#include "inspection/endpoints.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.hpp"
#include "base/uri.hpp"
#include "crypto/jwk.hpp"
#include "crypto/jwk_set.hpp"
#include "inspection/document.hpp"
#include "oauth/content_type.hpp"

namespace chatelaine::inspection {
namespace {

constexpr std::string_view kForm = "application/x-www-form-urlencoded";
constexpr std::string_view kUnknownGrant = "urn:chatelaine:doctor";
constexpr std::string_view kUnsupported = "unsupported_grant_type";

Question post(std::string url, std::string_view type, std::string body) {
  Question question;
  question.method = "POST";
  question.url = std::move(url);
  question.headers = {{"Content-Type", std::string(type)}, {"Accept", "application/json"}};
  question.body = std::move(body);
  return question;
}

/// The answer's `error`; empty where it is no JSON error.
std::string error_of(const Visit& visit) {
  if (!visit.answer) return {};
  const auto document = parse_json(visit.answer->body);
  return document && document->is_object() ? std::string(text_of(document->get_object(), "error")) : std::string();
}

/// Whether nothing that belongs there answers: a redirect loses what was posted, and who is not there is not there.
bool is_no_endpoint(int status) {
  return is_redirect(status) || status == 404 || status == 405 || status == 410 || status >= 500;
}

bool has_private_key(const json::object& set) {
  const json::value* const keys = set.if_contains("keys");
  const json::array* const list = keys == nullptr ? nullptr : keys->if_array();
  return list != nullptr && std::ranges::any_of(*list, [](const json::value& key) {
           return key.is_object() && !crypto::find_private_member(key.get_object()).empty();
         });
}

bool forbids_storing(const net::FetchedDocument& answer) {
  return to_lower(answer.header("Cache-Control")).find("no-store") != std::string::npos;
}

bool is_page(const net::FetchedDocument& answer) {
  return oauth::parse_content_type(answer.header("Content-Type")).media_type == "text/html";
}

/// Content Security Policy Level 3 §6.4.2: `*` and a scheme alone are everybody's.
bool is_everybody(std::string_view source) { return source == "*" || source.ends_with(':'); }

/// Whether a directive of a policy says who may frame a page.
std::optional<std::vector<std::string_view>> find_frame_ancestors(std::string_view directive) {
  std::vector<std::string_view> words;
  while (!directive.empty()) {
    const std::size_t end = std::min(directive.find_first_of(" \t"), directive.size());
    if (end > 0) words.push_back(directive.substr(0, end));
    directive.remove_prefix(std::min(end + 1, directive.size()));
  }
  if (words.empty() || to_lower(words.front()) != "frame-ancestors") return std::nullopt;
  words.erase(words.begin());
  return words;
}

/// A policy's `frame-ancestors` counts, and X-Frame-Options only beside none.
bool forbids_framing(const net::FetchedDocument& answer) {
  bool is_said = false;
  for (const net::Header& header : answer.headers) {
    if (to_lower(header.name) != "content-security-policy") continue;
    for (std::string_view rest = header.value; !rest.empty();) {
      const std::size_t end = std::min(rest.find_first_of(",;"), rest.size());
      const auto ancestors = find_frame_ancestors(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (!ancestors) continue;
      if (std::ranges::none_of(*ancestors, is_everybody)) return true;
      is_said = true;
    }
  }
  const std::string options = to_lower(answer.header("X-Frame-Options"));
  return !is_said && (options == "deny" || options == "sameorigin");
}

Finding judge_framing(const Visit& visit) {
  if (!visit.answer || !is_page(*visit.answer))
    return skip(Check::authorization_framing, "the authorization endpoint showed no page");
  if (forbids_framing(*visit.answer))
    return find_good(Check::authorization_framing, "the authorization endpoint's page cannot be framed");
  return find_warning(
      Check::authorization_framing,
      fmt::format("any site may frame the page at {}: neither frame-ancestors nor X-Frame-Options forbids it",
                  visit.url));
}

Finding judge_empty_token_request(const Visit& empty) {
  constexpr Check kCheck = Check::token_endpoint;
  if (auto silence = find_silence(kCheck, empty)) return *std::move(silence);
  const net::FetchedDocument& answer = *empty.answer;
  const std::string seen = describe_answer(empty);
  if (is_redirect(answer.status))
    return find_fault(kCheck, seen,
                      fmt::format("Name {} as the token endpoint: a redirect loses what was posted.",
                                  quote(answer.header("Location"))));
  // RFC 6749 §5.2: 400, or 401 where the client could not be authenticated, and JSON.
  if (answer.status != 400 && answer.status != 401) return find_fault(kCheck, seen);
  if (error_of(empty).empty() || !is_json(answer))
    return find_fault(
        kCheck, fmt::format("{} and {}, where a JSON error is expected", seen, quote(answer.header("Content-Type"))));
  return find_good(kCheck, fmt::format("the token endpoint refuses an empty request with {}", quote(error_of(empty))));
}

Finding judge_storing(const Visit& empty) {
  if (!empty.answer) return skip(Check::token_no_store, "the token endpoint did not answer");
  if (forbids_storing(*empty.answer)) return find_good(Check::token_no_store, "its answers are not stored");
  return find_warning(Check::token_no_store,
                      fmt::format("{}: {}", name_question(empty), describe_header(*empty.answer, "Cache-Control")));
}

Finding judge_json(const TokenFacts& facts) {
  constexpr Check kCheck = Check::token_json;
  if (facts.empty.shared.empty()) return skip(kCheck, "the token endpoint was not asked any further");
  if (!facts.unknown_grant_as_form) return skip(kCheck, "no manifest says that token requests come as JSON");
  if (!facts.unknown_grant_as_json)
    return skip(kCheck,
                fmt::format("{}, to a grant type that nobody has", describe_answer(*facts.unknown_grant_as_form)));
  const Visit& json = *facts.unknown_grant_as_json;
  if (auto silence = find_silence(kCheck, json)) return *std::move(silence);
  const std::string as_json = error_of(json);
  const std::string as_form = error_of(*facts.unknown_grant_as_form);
  if (as_json.empty())
    return find_fault(kCheck, fmt::format("{} to JSON, without a JSON error", describe_answer(json)));
  // RFC 6749 §5.2: who says this has read the grant type.
  if (as_json == kUnsupported) return find_good(kCheck, "the token endpoint reads JSON");
  const bool form_gets_further = as_form == kUnsupported && as_json == error_of(facts.empty.plain);
  if (form_gets_further)
    return find_fault(
        kCheck, fmt::format("an unknown grant type is refused with {} in a form, and with {} in JSON, as if there "
                            "were nothing in it",
                            quote(as_form), quote(as_json)));
  return skip(kCheck, fmt::format("JSON is refused with {} before the grant type is read", quote(as_json)));
}

}  // namespace

Question Refusals::unknown_client(std::string_view url) {
  Question question;
  question.url = append_query(url, "response_type=code&client_id=chatelaine-doctor");
  question.headers = {{"Accept", "text/html, */*;q=0.5"}};
  question.most_bytes = 1024 * 1024;
  return question;
}
Question Refusals::empty_token_request(std::string url) { return post(std::move(url), kForm, ""); }
Question Refusals::unknown_grant_as_form(std::string url) {
  return post(std::move(url), kForm, "grant_type=urn%3Achatelaine%3Adoctor");
}
Question Refusals::unknown_grant_as_json(std::string url) {
  return post(std::move(url), "application/json", json::serialize(json::object{{"grant_type", kUnknownGrant}}));
}
Question Refusals::empty_registration(std::string url) { return post(std::move(url), "application/json", "[]"); }
Question Refusals::empty_revocation(std::string url) { return post(std::move(url), kForm, ""); }
Question Refusals::anonymous_introspection(std::string url) { return post(std::move(url), kForm, "token=not-a-token"); }

Findings judge_authorization_endpoint(const Visit& visit) {
  constexpr Check kCheck = Check::authorization_endpoint;
  if (auto silence = find_silence(kCheck, visit)) return {*std::move(silence)};
  const int status = visit.answer->status;
  if (status == 301 || status == 308)
    return {
        find_warning(kCheck, describe_answer(visit),
                     fmt::format("Name {} as the authorization endpoint.", quote(visit.answer->header("Location"))))};
  if (status >= 500)
    return {find_fault(kCheck, describe_answer(visit), "See in the server's log why its sign-in page fails.")};
  if (!is_redirect(status) && is_no_endpoint(status)) return {find_fault(kCheck, describe_answer(visit))};
  return {find_good(kCheck, describe_answer(visit)), judge_framing(visit)};
}

Findings judge_token_endpoint(const TokenFacts& facts) {
  const Visit& refused = find_refused(facts);
  return {judge_empty_token_request(refused), judge_storing(refused), judge_json(facts),
          judge_calling(Check::token_cors, facts.empty, facts.preflights, {"content-type", "authorization"})};
}

Findings judge_registration_endpoint(const SharedVisit& empty, const std::vector<OriginAnswer>& preflights) {
  constexpr Check kCheck = Check::registration_endpoint;
  const Visit& visit = empty.plain;
  if (auto silence = find_silence(kCheck, visit)) return {*std::move(silence)};
  Findings findings;
  const int status = visit.answer->status;
  const std::string seen = describe_answer(visit);
  if (status == 401 || status == 403)
    findings.push_back(find_warning(kCheck, fmt::format("{}: who registers needs a token", seen)));
  else if (is_no_endpoint(status) || status < 400)
    findings.push_back(find_fault(kCheck, seen));
  else if (error_of(visit).empty())
    findings.push_back(find_warning(kCheck, fmt::format("{}, without a JSON error", seen)));
  else
    findings.push_back(
        find_good(kCheck, fmt::format("it refuses what is no registration with {}", quote(error_of(visit)))));
  findings.push_back(judge_calling(Check::registration_cors, empty, preflights, {"content-type"}));
  return findings;
}

Finding judge_revocation_endpoint(const Visit& empty) {
  constexpr Check kCheck = Check::revocation_endpoint;
  if (auto silence = find_silence(kCheck, empty)) return *std::move(silence);
  if (is_no_endpoint(empty.answer->status))
    return find_fault(kCheck, describe_answer(empty),
                      "Serve the endpoint at the URL that the metadata names, or take revocation_endpoint out.");
  return find_good(kCheck, describe_answer(empty));
}

Finding judge_introspection_endpoint(const Visit& anonymous) {
  constexpr Check kCheck = Check::introspection_endpoint;
  if (auto silence = find_silence(kCheck, anonymous)) return *std::move(silence);
  const int status = anonymous.answer->status;
  if (is_no_endpoint(status))
    return find_fault(kCheck, describe_answer(anonymous),
                      "Serve the endpoint at the URL that the metadata names, or take introspection_endpoint out.");
  if (status < 300) return find_warning(kCheck, fmt::format("{} answers whoever asks", anonymous.url));
  return find_good(kCheck, describe_answer(anonymous));
}

Finding judge_keys(const Visit& visit) {
  auto document = read_object(Check::keys, visit);
  if (!document) {
    if (document.error().verdict == Verdict::fault) document.error().verdict = Verdict::warning;
    return document.error();
  }
  const auto set = crypto::parse_jwk_set(visit.answer->body);
  // What opens every door is a fault. Without keys assistants connect all the same: they check no tokens.
  if (!set)
    return blame(has_private_key(*document) ? Verdict::fault : Verdict::warning, Check::keys,
                 fmt::format("{} is no JWK Set of public keys: {}", visit.url, set.error()));
  if (set->keys.empty()) {
    const std::string why = set->ignored.empty() ? "it is empty" : set->ignored.front();
    return find_warning(Check::keys, fmt::format("{} has no key that we can use: {}", visit.url, why));
  }
  // RFC 7517 §5: others may know what we pass over.
  const std::size_t count = set->keys.size();
  std::string seen = fmt::format("{} has {} usable key{}", visit.url, count, count == 1 ? "" : "s");
  if (!set->ignored.empty()) seen += fmt::format("; passed over: {}", set->ignored.front());
  return find_good(Check::keys, std::move(seen));
}

const Visit& find_refused(const TokenFacts& facts) {
  const Visit& empty = facts.empty.plain;
  const bool takes_no_form = empty.answer && empty.answer->status == 415;
  return takes_no_form && facts.unknown_grant_as_json ? *facts.unknown_grant_as_json : empty;
}

}  // namespace chatelaine::inspection
