#include "inspection/metadata_members.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "inspection/document.hpp"
#include "inspection/target.hpp"

namespace chatelaine::inspection {
namespace {

/// "is missing", "is false", "is a string".
std::string describe_member(const json::object& document, std::string_view member) {
  const json::value* value = document.if_contains(member);
  if (value == nullptr) return fmt::format("{} is missing", member);
  if (value->is_bool()) return fmt::format("{} is {}", member, value->get_bool());
  if (const auto words = find_list(document, member)) return fmt::format("{} is [{}]", member, join(*words));
  return fmt::format("{} is {}", member, name_of(value->kind()));
}

/// RFC 8414 §2: what a server with an authorization endpoint must say.
Finding judge_required(const json::object& document) {
  std::vector<std::string> missing;
  for (const std::string_view member : {"authorization_endpoint", "token_endpoint"})
    if (text_of(document, member).empty()) missing.emplace_back(member);
  if (!lists(document, "response_types_supported", "code"))
    missing.emplace_back("response_types_supported with \"code\"");
  if (missing.empty()) return find_good(Check::metadata_members, "the metadata has what it must have");
  return find_fault(Check::metadata_members, fmt::format("the metadata lacks {}", join(missing)));
}

Finding judge_pkce(const json::object& document, Importance importance) {
  constexpr std::string_view kMember = "code_challenge_methods_supported";
  if (!lists(document, kMember, "S256"))
    return blame(worst_of(importance), Check::pkce, describe_member(document, kMember));
  if (lists(document, kMember, "plain"))
    return find_warning(Check::pkce, describe_member(document, kMember),
                        "Take \"plain\" out of code_challenge_methods_supported, and refuse it (RFC 9700 §2.1.1).");
  return find_good(Check::pkce, "PKCE is supported with S256");
}

Finding judge_issuer_parameter(const json::object& document) {
  constexpr std::string_view kMember = "authorization_response_iss_parameter_supported";
  if (is_true(document, kMember)) return find_good(Check::issuer_parameter, "authorization responses carry iss");
  const json::value* value = document.if_contains(kMember);
  std::string seen = describe_member(document, kMember);
  // A "true" in quotes promises nothing, and its author believes that it does.
  return value != nullptr && !value->is_bool() ? find_fault(Check::issuer_parameter, std::move(seen))
                                               : find_warning(Check::issuer_parameter, std::move(seen));
}

Findings judge_registration(const json::object& document, Importance importance) {
  constexpr std::string_view kDocuments = "client_id_metadata_document_supported";
  constexpr std::string_view kMethods = "token_endpoint_auth_methods_supported";
  const bool takes_documents = is_true(document, kDocuments);
  const bool takes_none = lists(document, kMethods, "none");
  const bool registers = !text_of(document, "registration_endpoint").empty();
  const std::string seen = takes_documents
                               ? fmt::format("{} is true, but {}", kDocuments, describe_member(document, kMethods))
                               : describe_member(document, kDocuments);
  Findings findings;
  findings.push_back(takes_documents && takes_none
                         ? find_good(Check::client_id_documents, "clients may be known by a document of their own")
                         : find_warning(Check::client_id_documents, seen));
  if (registers) {
    findings.push_back(find_good(Check::registration, "clients may register themselves"));
  } else if (takes_documents && takes_none) {
    findings.push_back(find_good(Check::registration, "clients need not register"));
  } else {
    findings.push_back(blame(worst_of(importance), Check::registration,
                             fmt::format("{}, and registration_endpoint is missing", seen)));
  }
  return findings;
}

Finding judge_methods(const json::object& document) {
  constexpr std::string_view kMember = "token_endpoint_auth_methods_supported";
  const auto methods = find_list(document, kMember);
  if (!methods || methods->empty()) return find_warning(Check::token_auth_methods, describe_member(document, kMember));
  const bool takes_proof = std::ranges::any_of(*methods, [](const std::string& method) { return method != "none"; });
  if (!lists(document, kMember, "none"))
    return find_warning(Check::token_auth_methods,
                        fmt::format("{}: public clients cannot connect", describe_member(document, kMember)),
                        "Take public clients with PKCE, and add \"none\" to token_endpoint_auth_methods_supported.");
  if (!takes_proof)
    return find_warning(
        Check::token_auth_methods,
        fmt::format("{}: clients with a secret or a key cannot connect", describe_member(document, kMember)),
        "Add \"client_secret_post\" or \"private_key_jwt\" to token_endpoint_auth_methods_supported.");
  return find_good(Check::token_auth_methods, fmt::format("clients prove themselves by {}", join(*methods)));
}

Finding judge_grant_types(const json::object& document) {
  constexpr std::string_view kMember = "grant_types_supported";
  // RFC 8414 §2: what is not said.
  if (!document.contains(kMember))
    return find_warning(Check::grant_types,
                        fmt::format("{} is missing: it means authorization_code and implicit", kMember));
  if (!lists(document, kMember, "refresh_token"))
    return find_warning(Check::grant_types, describe_member(document, kMember));
  if (!lists(document, kMember, "authorization_code"))
    return find_fault(Check::grant_types, describe_member(document, kMember),
                      "Add \"authorization_code\" to grant_types_supported.");
  return find_good(Check::grant_types, "codes and refresh tokens are given");
}

/// Of a response type, which is a list of words: `token`, but not `id_token`.
bool gives_token(const std::string& response_type) { return fmt::format(" {} ", response_type).contains(" token "); }

/// Assistants send a request as it is, in a link's query.
Finding judge_request_forms(const json::object& document) {
  for (const std::string_view member : {"require_pushed_authorization_requests", "require_signed_request_object"})
    if (is_true(document, member)) return find_fault(Check::request_forms, fmt::format("{} is true", member));
  return find_good(Check::request_forms, "requests need neither be pushed nor signed");
}

Finding judge_weak_flows(const json::object& document) {
  const auto types = find_list(document, "response_types_supported");
  const bool is_implicit = types && std::ranges::any_of(*types, gives_token);
  const bool gives_implicit = lists(document, "grant_types_supported", "implicit");
  if (is_implicit || gives_implicit)
    return find_warning(
        Check::weak_flows,
        fmt::format("the implicit grant is offered: {}",
                    describe_member(document, is_implicit ? "response_types_supported" : "grant_types_supported")));
  if (lists(document, "grant_types_supported", "password"))
    return find_warning(Check::weak_flows, "grant_types_supported lists \"password\"");
  return find_good(Check::weak_flows, "neither the implicit nor the password grant is offered");
}

Finding judge_scopes(const json::object& document) {
  const auto scopes = find_list(document, "scopes_supported");
  if (!scopes || scopes->empty()) return find_warning(Check::scopes, describe_member(document, "scopes_supported"));
  return find_good(Check::scopes, fmt::format("there are {}", join(*scopes)));
}

constexpr std::array<std::string_view, 8> kEndpoints{"authorization_endpoint", "token_endpoint",
                                                     "registration_endpoint",  "revocation_endpoint",
                                                     "introspection_endpoint", "pushed_authorization_request_endpoint",
                                                     "userinfo_endpoint",      "jwks_uri"};

Finding judge_urls(const json::object& document, net::AddressPolicy addresses) {
  for (const std::string_view member : kEndpoints) {
    const json::value* value = document.if_contains(member);
    if (value == nullptr) continue;
    const std::string_view text = text_of(document, member);
    const auto url = parse_http_url(text);
    const auto wrong = [&](std::string_view why) {
      return find_fault(Check::endpoint_urls, fmt::format("{}, {}, {}", member, quote(text), why),
                        fmt::format("Write the whole public https URL as {} into the metadata.", member));
    };
    if (!url) return wrong(url.error());
    if (const std::string_view flaw = find_flaw(*url, addresses); !flaw.empty()) return wrong(flaw);
    // RFC 6749 §3.1, §3.2: an endpoint's URL has no fragment.
    if (url->has_fragment) return wrong("has a fragment");
    if (url->has_userinfo) return wrong("has a user name in it");
  }
  return find_good(Check::endpoint_urls, "every endpoint has a whole URL that assistants can use");
}

Finding judge_root_domain(const json::object& document, std::string_view issuer) {
  const auto own = parse_http_url(issuer);
  if (!own) return skip(Check::endpoint_root_domain, "the issuer is no URL");
  const std::string root = find_root_domain(own->host);
  for (const std::string_view member : {"authorization_endpoint", "token_endpoint"}) {
    const auto url = parse_http_url(text_of(document, member));
    if (url && find_root_domain(url->host) != root)
      return find_warning(Check::endpoint_root_domain,
                          fmt::format("{} is at {}, the issuer at {}", member, url->authority(), own->authority()));
  }
  return find_good(Check::endpoint_root_domain, fmt::format("the endpoints are under {}", root));
}

}  // namespace

Findings judge_members(const json::object& document, std::string_view issuer, Importance importance,
                       net::AddressPolicy addresses) {
  Findings findings{judge_required(document), judge_pkce(document, importance), judge_issuer_parameter(document)};
  append(findings, judge_registration(document, importance));
  append(findings,
         {judge_methods(document), judge_grant_types(document), judge_request_forms(document), judge_scopes(document),
          judge_weak_flows(document), judge_urls(document, addresses), judge_root_domain(document, issuer)});
  return findings;
}

}  // namespace chatelaine::inspection
