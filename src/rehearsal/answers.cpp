#include "rehearsal/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/form.hpp"
#include "base/json_members.hpp"
#include "inspection/challenge.hpp"
#include "inspection/document.hpp"
#include "inspection/resource.hpp"
#include "rehearsal/mcp_talk.hpp"

namespace chatelaine::rehearsal {
namespace {

using inspection::describe_answer;
using inspection::quote;
using inspection::Visit;
using relying_party::TokenFailure;

std::optional<json::object> read_error(const Visit& visit) {
  if (!visit.answer) return std::nullopt;
  auto parsed = parse_json(visit.answer->body);
  if (!parsed || !parsed->is_object() || find_string(parsed->get_object(), "error") == nullptr) return std::nullopt;
  return std::move(parsed->get_object());
}

/// What a failed token answer is a fault of.
Remark blame_failure(const TokenFailure& failure, const Visit& visit, const oauth::AssistantProfile& profile,
                     Point about, Sent sent) {
  const auto error = read_error(visit);
  const std::string code = error ? std::string(text_of(*error, "error")) : std::string();
  const std::string why = error ? quote_words(text_of(*error, "error_description"), sent) : std::string();
  switch (failure.kind) {
    case TokenFailure::Kind::grant_refused:
      return find_fault(about, fmt::format("the token endpoint refuses with invalid_grant.{}", why));
    case TokenFailure::Kind::client_refused:
      return find_fault(Point::token_client,
                        fmt::format("the token endpoint refuses the client with {}.{}", quote(code), why));
    case TokenFailure::Kind::request_refused:
      return find_fault(
          find_refused_part(code, error ? text_of(*error, "error_description") : std::string_view(), profile, about),
          fmt::format("the token endpoint refuses with {}.{}", quote(code), why));
    case TokenFailure::Kind::malformed_answer:
    case TokenFailure::Kind::unreachable:
      break;
  }
  // The relying party's sentence stands alone, and may guess at a manifest that is not there.
  constexpr std::string_view kBeginning = "The ";
  std::string message = failure.message;
  if (message.starts_with(kBeginning)) message = "the " + message.substr(kBeginning.size());
  if (profile.generation != oauth::AssistantGeneration::plugin) message = message.substr(0, message.find(" Perhaps "));
  return find_fault(about, std::move(message));
}

/// What the challenge says of the refusal (RFC 6750 §3).
std::string describe_challenge(const Visit& visit) {
  if (!visit.answer) return {};
  for (const inspection::Challenge& challenge : inspection::parse_challenges(visit.answer->header("WWW-Authenticate")))
    for (const std::string_view name : {"error_description", "error"})
      if (const auto found = challenge.parameters.find(name); found != challenge.parameters.end())
        return quote_words(found->second);
  return {};
}

/// The query of the redirect, read as the assistant reads it.
std::expected<Form, std::string> read_query(std::string_view location) {
  const std::size_t mark = location.find('?');
  std::string_view query = mark == std::string_view::npos ? std::string_view() : location.substr(mark + 1);
  query = query.substr(0, query.find('#'));
  auto form = parse_form(query);
  if (form) return *std::move(form);
  return std::unexpected(fmt::format("the query of the redirect cannot be read ({}repeated or badly encoded)",
                                     form.error().parameter.empty() ? "" : quote(form.error().parameter) + " is "));
}

Remark judge_state(const Form& response, const OneTime& one_time, const oauth::AssistantProfile& profile) {
  const auto returned = response.get("state");
  if (!one_time.state) return notice(Point::state, fmt::format("{} sends no state", profile.title));
  if (!returned) return find_fault(Point::state, "`state` did not come back, though it was sent");
  if (*returned == *one_time.state) return notice(Point::state, "state came back byte for byte");
  return find_fault(Point::state,
                    fmt::format("state was sent as {} and came back as {}", quote(*one_time.state), quote(*returned)));
}

std::optional<Remark> judge_issuer(const Form& response, const Server& server) {
  if (server.issuer.empty()) return std::nullopt;
  const auto iss = response.get("iss");
  const bool is_promised = promises(server, "authorization_response_iss_parameter_supported");
  if (!iss && !is_promised) return std::nullopt;
  if (!iss) return find_fault(Point::issuer_returned, "the metadata promises `iss`, and the answer has none");
  if (*iss == server.issuer) return notice(Point::issuer_returned, "iss is the issuer");
  return find_fault(Point::issuer_returned,
                    fmt::format("iss is {}, and the issuer {}", quote(*iss), quote(server.issuer)));
}

bool has_passed_patience(const Visit& visit) {
  return !visit.answer && visit.answer.error().kind == net::FetchError::Kind::timed_out;
}

}  // namespace

RegistrationJudgement judge_registration(const Visit& visit, const oauth::AssistantProfile& profile,
                                         const Server& server, oauth::AuthenticationMethod wanted) {
  RegistrationJudgement judged;
  const auto fail = [&](std::string seen) {
    judged.remarks.push_back(find_fault(Point::client_registration, std::move(seen)));
    return std::move(judged);
  };
  if (!visit.answer) return fail(describe_answer(visit));
  if (const auto error = read_error(visit))
    return fail(fmt::format("the registration endpoint refuses with {}.{}", quote(text_of(*error, "error")),
                            quote_words(text_of(*error, "error_description"))));
  if (!inspection::is_success(visit)) return fail(describe_answer(visit));
  const auto parsed = parse_json(visit.answer->body);
  if (!parsed || !parsed->is_object()) return fail("the registration endpoint answers with no JSON object");
  const json::object& body = parsed->get_object();
  const std::string id(text_of(body, "client_id"));
  if (id.empty()) return fail("the registration's answer has no client_id");
  Client client;
  client.way = oauth::RegistrationWay::dynamic;
  client.id = oauth::ClientId(id);
  const std::string secret(text_of(body, "client_secret"));
  const std::string method(text_of(body, "token_endpoint_auth_method"));
  if (!secret.empty() && method != "none") client.secret.emplace(secret);
  client.method = choose_method(profile, client.secret.has_value(), server);
  if (client.secret && method == "client_secret_basic")
    client.method = oauth::AuthenticationMethod::client_secret_basic;
  if (client.secret && method == "client_secret_post") client.method = oauth::AuthenticationMethod::client_secret_post;
  // RFC 7591 §3.2.1: the server may have put another method in its place.
  const bool has_key = wanted == oauth::AuthenticationMethod::private_key_jwt;
  if (has_key && (method.empty() || method == oauth::to_string(wanted))) client.method = wanted;
  // RFC 7592 §3: both, where the server lets it be managed.
  const std::string management(text_of(body, "registration_client_uri"));
  const std::string token(text_of(body, "registration_access_token"));
  if (!management.empty() && !token.empty()) client.management.emplace(management, RegistrationAccessToken(token));
  // RFC 7591 §3.2.1.
  judged.remarks.push_back(
      visit.answer->status == 201
          ? notice(Point::client_registration, fmt::format("registered as {}", quote(id)))
          : find_warning(Point::client_registration,
                         fmt::format("the registration is answered with status {}, not 201", visit.answer->status)));
  judged.client = std::move(client);
  return judged;
}

ReturnJudgement judge_return(std::string_view location, const Speech& speech, const UsedRedirect& redirect,
                             const OneTime& one_time) {
  ReturnJudgement judged;
  const auto response = read_query(location);
  if (!response) {
    judged.remarks.push_back(find_fault(Point::answer, response.error()));
    return judged;
  }
  judged.remarks.push_back(judge_state(*response, one_time, speech.profile));
  if (auto issuer = judge_issuer(*response, speech.server)) judged.remarks.push_back(*std::move(issuer));
  if (const auto error = response->get("error")) {
    judged.remarks.push_back(
        judge_refused_authorization(*error, response->get_or_empty("error_description"), speech, redirect));
    return judged;
  }
  const std::string_view code = response->get_or_empty("code");
  if (code.empty()) {
    const bool is_in_fragment = location.find("#code=") != std::string_view::npos ||
                                location.find("&code=", location.find('#')) != std::string_view::npos;
    judged.remarks.push_back(find_fault(Point::answer, is_in_fragment
                                                           ? "the code stands in the fragment, which no server sees"
                                                           : "neither a code nor an error came back"));
    return judged;
  }
  judged.remarks.push_back(notice(Point::answer, "a code came back"));
  judged.code.emplace(code);
  return judged;
}

TokenJudgement judge_tokens(const Visit& visit, const oauth::AssistantProfile& profile, Point about, Sent sent) {
  TokenJudgement judged;
  if (has_passed_patience(visit)) {
    const auto patience = about == Point::token_answer ? patience_of(profile) : refresh_patience_of(profile);
    const std::string how = patience ? fmt::format("within {}", format_duration(*patience)) : std::string("in time");
    judged.remarks.push_back(find_fault(Point::token_time, fmt::format("the token endpoint did not answer {}", how)));
    return judged;
  }
  if (!visit.answer) {
    judged.remarks.push_back(find_fault(about, describe_answer(visit)));
    return judged;
  }
  if (const auto error = read_error(visit)) judged.error = text_of(*error, "error");
  auto answer = relying_party::judge_token_answer(*visit.answer, sent);
  if (!answer) {
    judged.remarks.push_back(blame_failure(answer.error(), visit, profile, about, sent));
    return judged;
  }
  judged.tokens.emplace(*std::move(answer));
  judged.remarks.push_back(notice(about, "an access token came"));
  return judged;
}

Remarks judge_first_tokens(const relying_party::TokenAnswer& tokens, const oauth::AssistantProfile& profile) {
  Remarks remarks;
  const bool wants_refresh =
      std::ranges::find(profile.grant_types, oauth::GrantType::refresh_token) != profile.grant_types.end();
  const std::string when =
      tokens.expires_in
          ? fmt::format("in {}", format_duration(std::chrono::duration_cast<milliseconds>(*tokens.expires_in)))
          : std::string("when it ends");
  if (!tokens.refresh_token && wants_refresh)
    remarks.push_back(
        find_fault(Point::refresh_token, fmt::format("no refresh token came, and the access token ends {}", when)));
  if (tokens.refresh_token) remarks.push_back(notice(Point::refresh_token, "a refresh token came"));
  if (!tokens.expires_in) remarks.push_back(find_warning(Point::lifetime, "the token answer has no expires_in"));
  return remarks;
}

Remark judge_call(const Visit& visit, Point about) {
  if (!visit.answer) return find_fault(about, describe_answer(visit));
  const int status = visit.answer->status;
  if (status == 401)
    return find_fault(about, fmt::format("{} refuses the token that was just given, with status 401.{}", visit.url,
                                         describe_challenge(visit)));
  if (status == 403)
    return find_fault(about,
                      fmt::format("{} refuses the call with status 403.{}", visit.url, describe_challenge(visit)),
                      "Grant the scope that this call needs, or ask for it: the scope stands in the challenge.");
  if (status >= 200 && status <= 299) return notice(about, fmt::format("{} answers with status {}", visit.url, status));
  std::string seen = fmt::format("{}: the token is taken, but the call fails", describe_answer(visit));
  // Another status may be the call's own fault, which was chosen blindly.
  return status >= 500 ? find_fault(Point::call_answer, std::move(seen))
                       : find_warning(Point::call_answer, std::move(seen));
}

Remark judge_tool_call(const Visit& visit, std::string_view tool) {
  const std::string name = fmt::format("the tool {}", quote(tool));
  Remark judged = judge_call(visit, Point::api_call);
  judged.seen = fmt::format("{}: {}", name, judged.seen);
  if (!inspection::is_success(visit)) return judged;
  const auto result = read_result(*visit.answer, McpRequest::tool_call);
  if (!result) return find_fault(Point::call_answer, fmt::format("{}: {}", name, result.error()));
  const json::value* const failed = result->if_contains("isError");
  if (failed == nullptr || !failed->is_bool() || !failed->get_bool()) return judged;
  return find_fault(Point::call_answer, fmt::format("{} fails (`isError`).{}", name, quote_words(read_text(*result))));
}

Remark judge_refused_call(const Visit& visit, Point about, Verdict worst) {
  if (!visit.answer) return find_warning(about, describe_answer(visit));
  if (visit.answer->status == 401) return notice(about, fmt::format("{} refuses the token with status 401", visit.url));
  std::string seen =
      fmt::format("{} answers with status {} to a token that is good no more", visit.url, visit.answer->status);
  return worst == Verdict::fault ? find_fault(about, std::move(seen)) : find_warning(about, std::move(seen));
}

Remark judge_revocation(const Visit& visit) {
  if (visit.answer && visit.answer->status == 200) return notice(Point::revoked, "the refresh token is revoked");
  return find_fault(Point::revoked, fmt::format("{} to a revocation", describe_answer(visit)),
                    "Answer a revocation with status 200 (RFC 7009 §2.2).");
}

Remarks judge_void_refresh(const Visit& visit, const oauth::AssistantProfile& profile, Sent sent) {
  const TokenJudgement judged = judge_tokens(visit, profile, Point::refused_clearly, sent);
  if (judged.tokens)
    return {find_fault(Point::revoked, "the refresh token that was revoked still brings access tokens")};
  if (judged.error == "invalid_grant")
    return {notice(Point::refused_clearly, "the revoked refresh token is refused with invalid_grant")};
  if (!judged.error.empty())
    return {find_fault(Point::refused_clearly, fmt::format("a refresh token that was revoked is refused with {}, and "
                                                           "not with invalid_grant",
                                                           quote(judged.error)))};
  const std::string seen = visit.answer ? describe_answer(visit) : visit.answer.error().message;
  return {
      find_fault(Point::refused_clearly,
                 fmt::format("a refresh token that was revoked is refused without an error that says so: {}", seen))};
}

Remark judge_removal(const Visit& visit, const oauth::ClientId& client) {
  const std::string id = quote(client.value());
  if (visit.answer && visit.answer->status == 405)
    return skip(Point::client_removed,
                fmt::format("the server does not delete clients (status 405): the client {} stays there", id));
  if (inspection::is_success(visit)) return notice(Point::client_removed, fmt::format("the client {} is deleted", id));
  const auto error = read_error(visit);
  std::string seen = fmt::format("the client {} stays there: {}", id, describe_answer(visit));
  if (!seen.ends_with('.')) seen += '.';
  if (error) seen += quote_words(text_of(*error, "error_description"));
  return find_warning(Point::client_removed, std::move(seen));
}

Remarks judge_root_domains(const Server& server, const HttpUrl& api) {
  Remarks remarks;
  const std::string root = inspection::find_root_domain(api.host);
  for (const std::string& text : {server.authorization_endpoint, server.token_endpoint}) {
    const auto url = parse_http_url(text);
    if (!url || inspection::find_root_domain(url->host) == root) continue;
    remarks.push_back(adopt(inspection::find_fault(
        inspection::Check::endpoint_root_domain,
        fmt::format("{} and the API at {} share no root domain", quote(text), quote(api.host)))));
  }
  return remarks;
}

}  // namespace chatelaine::rehearsal
